//! From which score on a flow counts as an anomaly.

use leptos::prelude::*;

use super::rule_chooser::RuleChooser;
use crate::ui::{format, state::Page, tasks};

/// The threshold, how it came about, and the way back.
#[component]
pub fn ThresholdPanel() -> impl IntoView {
    let page = Page::here();
    let suggested = move || page.runs.finished.get().map(|run| run.outcome.threshold.clone());
    let moved = move || suggested().is_some_and(|suggested| suggested.score != page.runs.threshold.get());
    let said = move || {
        suggested().map(|suggested| {
            if moved() {
                format!("You moved it. The rule gives {}. {}", format::score(suggested.score), suggested.explanation)
            } else {
                suggested.explanation
            }
        })
    };
    view! {
        <section class="card step-threshold">
            <h2>"Threshold"</h2>
            <RuleChooser />
            <label class="field">
                <span>"Anomaly if the score is above"</span>
                <input
                    type="number"
                    step="0.001"
                    data-testid="threshold-input"
                    data-value=move || page.runs.threshold.get().to_string()
                    prop:value=move || page.runs.threshold_text.get()
                    disabled=page.is_busy()
                    on:input=move |event| tasks::type_threshold(page, event_target_value(&event))
                />
            </label>
            <p class="note" data-testid="threshold-words">{said}</p>
            <Show when=moved>
                <button type="button" class="wide" disabled=page.is_busy() on:click=move |_| tasks::restore_threshold(page)>
                    "Back to the rule’s threshold"
                </button>
            </Show>
        </section>
    }
}
