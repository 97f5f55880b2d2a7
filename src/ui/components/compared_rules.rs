//! What other rules would choose, under the histogram that marks them.

use leptos::prelude::*;

use super::words;
use crate::ui::{
    format,
    forms::rule::{Choice, compared},
    panels::scores::Mark,
    state::Page,
    tasks,
};

/// The marks of the histogram: a letter per rule.
pub fn marks(page: Page) -> Vec<Mark> {
    let mark = |(place, verdict): (usize, &crate::detect::threshold::Threshold)| Mark {
        letter: letter(place),
        score: verdict.score,
    };
    page.runs.compared.with(|verdicts| verdicts.into_iter().flatten().enumerate().map(mark).collect())
}

fn letter(place: usize) -> char {
    char::from(b'A' + place as u8)
}

/// A button per rule: its letter, its name, its threshold and how many it would flag.
#[component]
pub fn ComparedRules() -> impl IntoView {
    let page = Page::here();
    let button = move |(place, choice): (usize, &'static Choice)| {
        let name = choice.mark.unwrap_or(choice.name);
        let verdict = move || page.runs.compared.with(|verdicts| verdicts?.get(place).copied());
        let said = words(move || {
            verdict().map_or_else(String::new, |verdict| {
                format!("{} · {}", format::score(verdict.score), format::counted(verdict.anomalies, "flow", "flows"))
            })
        });
        let flagged = words(move || verdict().map_or_else(String::new, |verdict| verdict.anomalies.to_string()));
        let chosen = words(move || {
            let applied = page.runs.finished.with(|run| run.as_ref().map(|run| run.outcome.options.rule()));
            (applied == page.runs.compared.get().and_then(|compared| compared.0.get(place).copied())).to_string()
        });
        view! {
            <button
                type="button"
                class="small"
                data-testid=format!("compared-{name}")
                data-value=flagged
                aria-pressed=chosen
                disabled=page.is_busy()
                on:click=move |_| tasks::change_rule(page, |rule| rule.choice = choice)
            >
                <b>{format!("{} ", letter(place))}</b> {name} <span>" " {said}</span>
            </button>
        }
    };
    // This card is there while there are results, and every run makes it anew.
    let method = page.runs.finished.with_untracked(|run| run.as_ref().map(|run| run.method()));
    let buttons = method.map(|method| compared(method).enumerate().map(button).collect_view());
    view! {
        <div class="compared" role="group" aria-label="What other rules would choose">
            {buttons}
        </div>
    }
}
