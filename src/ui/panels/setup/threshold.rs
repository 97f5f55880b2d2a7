//! From which score on a flow counts as an anomaly.

use leptos::prelude::*;

use crate::{
    detect::threshold::Rule,
    engine::{self, CountAbove},
    ui::{
        components::{RuleChooser, form_field},
        format,
        forms::threshold::THRESHOLD,
        said,
        state::{Page, Verdict},
        tasks, words,
    },
};

/// Has the rule applied and the threshold counted.
pub fn ask(page: Page) {
    page.questions.keep_known(
        move || wanted_rule(page),
        async |host, rule| engine::judge(host, *rule).await,
        move |rule, threshold| {
            page.runs.adopt(rule, threshold);
            page.runs.remember_rule(page.setup.rule.get_untracked());
        },
    );
    page.questions.keep_known(
        move || {
            Some(page.runs.threshold.get()).filter(|score| page.can_ask() && page.runs.verdict.get().score != *score)
        },
        async |host, score| engine::ask_all(host, CountAbove(*score)).await,
        move |score, anomalies| page.runs.verdict.set(Verdict { score, anomalies }),
    );
}

/// The rule to apply, if it is not the one that was applied last.
fn wanted_rule(page: Page) -> Option<Rule> {
    if !page.can_ask() {
        return None;
    }
    let rule = page.setup.rule.with(|rule| rule.rule(page.data.rows()))?;
    let applied = page.runs.finished.with(|run| run.as_ref().map(|run| run.outcome.options.rule()))?;
    (rule != applied).then_some(rule)
}

/// The threshold, how it came about, and the way back.
#[component]
pub fn ThresholdStep() -> impl IntoView {
    let page = Page::here();
    let suggested = move || page.runs.finished.with(|run| run.as_ref().map(|run| run.outcome.threshold));
    let moved = move || suggested().is_some_and(|suggested| suggested.score != page.runs.threshold.get());
    let explained = move || {
        suggested().map(|suggested| {
            let reason = words::reason(&suggested);
            let kept = page.runs.finished.with(|run| Some(run.as_ref()?.model.as_ref()?.threshold));
            if kept == Some(page.runs.threshold.get()) {
                "The threshold that was kept with the model.".to_owned()
            } else if moved() {
                format!("Moved by hand. The rule gives {}. {reason}", format::score(suggested.score))
            } else {
                reason
            }
        })
    };
    let field = &THRESHOLD.fields[0];
    let text = said(move || {
        page.runs.threshold_typed.with(|texts| page.runs.threshold.with(|score| field.shown(texts, score)))
    });
    let error = said(move || {
        let read = page.runs.threshold_typed.with(|texts| THRESHOLD.read(texts, &0.0));
        read.err().and_then(|mut errors| errors.remove(field.asks.testid)).unwrap_or_default()
    });
    let typed = Callback::new(move |(testid, text)| tasks::type_threshold(page, testid, text));
    let exact = said(move || page.runs.threshold.get().to_string());
    let focused = Callback::new(move |()| page.runs.remember());
    let method = Memo::new(move |_| page.runs.method());
    let undo = move || page.runs.undone();
    view! {
        <section class="step step-threshold">
            <h2><i class="badge" aria-hidden="true">"3"</i>"Threshold"</h2>
            // Its choices are those of the detector that ran.
            {move || method.get().map(|_| view! { <RuleChooser /> })}
            {form_field(&field.asks, text, error, typed, Some(exact), Some(focused))}
            <p class="hint" data-testid="threshold-words">{explained}</p>
            <div class="acts">
                {move || undo().map(|score| view! {
                    <button type="button" class="small" data-testid="undo-threshold" disabled=page.is_busy() on:click=move |_| page.runs.undo()>
                        {format!("Undo: {}", format::score(score))}
                    </button>
                })}
                <Show when=moved>
                    <button type="button" class="small" disabled=page.is_busy() on:click=move |_| tasks::restore_threshold(page)>
                        "Back to the rule’s threshold"
                    </button>
                </Show>
            </div>
        </section>
    }
}
