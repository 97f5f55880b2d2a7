//! The way in which the threshold is chosen.

use leptos::prelude::*;

use super::{number_field::NumberField, words};
use crate::ui::{
    forms::rule::{WAYS, ways},
    state::Page,
    tasks,
};

/// The list of ways, and the numbers of the chosen one.
#[component]
pub fn RuleChooser() -> impl IntoView {
    let page = Page::here();
    let way = Memo::new(move |_| page.setup.rule.with(|rule| rule.way));
    let choose = move |event| {
        if let Ok(way) = event_target_value(&event).parse() {
            tasks::change_rule(page, |rule| rule.way = way);
        }
    };
    let option = move |place: usize| {
        view! { <option value=place.to_string() selected=way.get_untracked() == place>{WAYS[place].name}</option> }
    };
    // This panel is there while there are results, and every run makes it anew.
    let method = page.runs.finished.with_untracked(|run| run.as_ref().map(|run| run.method()));
    let options = method.map(|method| ways(method).map(option).collect_view());
    let field = move |way: usize, place: usize| {
        view! {
            <NumberField
                number=&WAYS[way].numbers[place]
                text=Signal::derive(move || page.setup.rule.with(|rule| rule.texts[way][place].clone()))
                error=Signal::derive(move || {
                    let rows = page.data.rows();
                    page.setup.rule.with(|rule| rule.error(place, rows).filter(|_| rule.way == way))
                })
                typed=Callback::new(move |text| tasks::change_rule(page, |rule| rule.texts[way][place] = text))
            />
        }
    };
    let fields = move || {
        let way = way.get();
        (0..WAYS[way].numbers.len()).map(|place| field(way, place)).collect_view()
    };
    view! {
        <div class="fields">
            <label class="field">
                <span>"Threshold rule"</span>
                <select
                    data-testid="rule"
                    disabled=page.is_busy()
                    prop:value=words(move || way.get().to_string())
                    on:change=choose
                >
                    {options}
                </select>
            </label>
            <p class="hint">{words(move || WAYS[way.get()].words.to_owned())}</p>
            {fields}
        </div>
    }
}
