//! What an analyst should know about the data, with what can be done about it.

use leptos::prelude::*;

use super::words::{self, LintGroup};
use crate::{
    features::Mode,
    lint::Remedy,
    ui::{
        state::{Loaded, Page},
        tasks,
    },
};

/// Columns of a group that are listed without being asked for, and that are listed at most.
const FEW: usize = 3;
const LISTED: usize = 200;

/// What was noticed, by kind, and what the visitor did about it that no role shows.
pub fn lints(loaded: &Loaded) -> impl IntoView + use<> {
    let page = Page::here();
    let groups = words::lint_groups(&loaded.dataset);
    let minus_ones = page.data.choices.with_untracked(|choices| choices.minus_one_is_missing.clone());
    let undo = (!minus_ones.is_empty()).then(|| {
        let columns = minus_ones.into_iter().collect::<Vec<_>>().join(", ");
        let undone = Callback::new(move |()| tasks::choose(page, |choices| choices.minus_one_is_missing.clear()));
        view! {
            <li>
                <div class="lint">
                    <span>{format!("−1 is read as missing in {columns}.")}</span>
                    <Act words="Undo".to_owned() testid="remedy-undo" act=undone />
                </div>
            </li>
        }
    });
    let any = !groups.is_empty() || undo.is_some();
    any.then(|| {
        view! {
            <ul class="lints" data-testid="lints">
                {groups.into_iter().map(|group| view! { <Group group /> }).collect_view()}
                {undo}
            </ul>
        }
    })
}

#[component]
fn Group(group: LintGroup) -> impl IntoView {
    let page = Page::here();
    let LintGroup { kind, said, note, remedy, columns } = group;
    let words = words::remedy(remedy);
    let many = columns.len();
    let of_columns = !remedy.is_of_runs();
    let every = (of_columns && many > 1).then(|| {
        let all: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let act = Callback::new(move |()| tasks::remedy(page, remedy, all.clone()));
        view! { <Act words=format!("{words}: all {many}") testid="remedy-all" kind act /> }
    });
    let of_runs = (!of_columns).then(|| {
        let act = Callback::new(move |()| tasks::remedy(page, remedy, Vec::new()));
        let done = move || match remedy {
            Remedy::DeduplicateTrainingRows => page.setup.deduplicate.get(),
            _ => page.setup.mode.get() == Mode::Recommended,
        };
        view! {
            <Show when=done fallback=move || view! { <Act words=words.to_owned() testid="remedy" kind act /> }>
                <span class="hint" data-testid="remedied" data-kind=kind>"Applies to the next run."</span>
            </Show>
        }
    });
    let items = columns.into_iter().take(LISTED).map(|column| {
        let (name, target) = (column.name.clone(), column.name.clone());
        let act = Callback::new(move |()| tasks::remedy(page, remedy, vec![target.clone()]));
        view! {
            <li>
                <span class="linted-name">{column.name} " " <span class="hint">{column.about}</span></span>
                {of_columns.then(|| view! { <Act words=words.to_owned() testid="remedy" kind column=name act /> })}
            </li>
        }
    });
    view! {
        <li data-kind=kind>
            <div class="lint">
                <span>{said} ". " <span class="hint">{note}</span></span>
                {every}
                {of_runs}
            </div>
            // The line is not shown where there are few.
            <details class:few=many <= FEW open=many <= FEW>
                <summary>"Columns"</summary>
                <ul class="linted">{items.collect_view()}</ul>
            </details>
        </li>
    }
}

/// A button that does something about the data.
#[component]
fn Act(
    words: String,
    testid: &'static str,
    #[prop(optional)] kind: Option<&'static str>,
    #[prop(optional)] column: Option<String>,
    act: Callback<()>,
) -> impl IntoView {
    let page = Page::here();
    let label = column.as_ref().map(|column| format!("{words}: {column}"));
    view! {
        <button
            type="button" class="small" data-testid=testid data-kind=kind data-column=column aria-label=label
            disabled=page.is_busy() on:click=move |_| act.run(())
        >
            {words}
        </button>
    }
}
