//! The rule that chooses the threshold.

use leptos::prelude::*;

use super::{form_field::form_fields, words};
use crate::ui::{
    forms::rule::{Choice, choices},
    state::Page,
    tasks,
};

/// The list of rules, and the numbers of the chosen one.
#[component]
pub fn RuleChooser() -> impl IntoView {
    let page = Page::here();
    let chosen = Memo::new(move |_| page.setup.rule.with(|rule| rule.choice.id));
    let choose = move |event| tasks::change_rule(page, |rule| rule.choose(&event_target_value(&event)));
    let option = move |choice: &'static Choice| {
        view! { <option value=choice.id selected=chosen.get_untracked() == choice.id>{choice.name}</option> }
    };
    // This panel is there while there are results, and every run makes it anew.
    let method = page.runs.finished.with_untracked(|run| run.as_ref().map(|run| run.method()));
    let options = method.map(|method| choices(method).map(option).collect_view());
    let texts = Signal::derive(move || page.setup.rule.with(|rule| rule.texts.clone()));
    let errors =
        Signal::derive(move || page.setup.rule.with(|rule| rule.read(page.data.rows()).err().unwrap_or_default()));
    let typed = Callback::new(move |(testid, text)| tasks::change_rule(page, |rule| rule.texts.set(testid, text)));
    let choice = move || {
        chosen.track();
        page.setup.rule.with_untracked(|rule| rule.choice)
    };
    let fields = move || form_fields(&choice().form, texts, Signal::stored(choice().initial()), errors, typed);
    view! {
        <div class="fields">
            <label class="field">
                <span>"Threshold rule"</span>
                <select
                    data-testid="rule"
                    disabled=page.is_busy()
                    prop:value=words(move || chosen.get().to_owned())
                    on:change=choose
                >
                    {options}
                </select>
            </label>
            <p class="hint">{words(move || choice().words.to_owned())}</p>
            {fields}
        </div>
    }
}
