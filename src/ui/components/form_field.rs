//! The fields of a form on the page.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::words;
use crate::ui::{
    forms::{Field, Form, Input, Question, Texts},
    state::Page,
};

/// What a form does with what is typed: the test id of the field, and its text.
pub type Typed = Callback<(&'static str, String)>;

/// A field for everything that a form asks for. `errors` says what is wrong, by test id.
pub fn form_fields<T: Clone + PartialEq + Send + Sync>(
    form: &'static Form<T>,
    texts: Signal<Texts>,
    initial: Signal<T>,
    errors: Signal<BTreeMap<&'static str, String>>,
    typed: Typed,
) -> Vec<AnyView> {
    let field = |field: &'static Field<T>| {
        let text = words(move || texts.with(|texts| initial.with(|initial| field.shown(texts, initial))));
        let testid = field.asks.testid;
        let error = words(move || errors.with(|errors| errors.get(testid).cloned().unwrap_or_default()));
        form_field(&field.asks, text, error, typed, None, None)
    };
    form.fields.iter().map(field).collect()
}

/// A form whose texts are all that it needs, with a button that forgets them.
pub fn whole_form<T: Clone + PartialEq + Send + Sync>(
    form: &'static Form<T>,
    texts: RwSignal<Texts>,
    initial: Signal<T>,
    reset: &'static str,
) -> impl IntoView {
    let page = Page::here();
    let errors = Signal::derive(move || {
        texts.with(|texts| initial.with(|initial| form.read(texts, initial).err().unwrap_or_default()))
    });
    let changed = move || texts.with(|texts| initial.with(|initial| form.is_changed(texts, initial)));
    let typed = Callback::new(move |(testid, text)| texts.update(|texts| texts.set(testid, text)));
    view! {
        <div class="fields">{form_fields(form, texts.into(), initial, errors, typed)}</div>
        <Show when=changed>
            <button type="button" class="wide" data-testid=reset disabled=page.is_busy() on:click=move |_| texts.update(Texts::reset)>
                "Reset to defaults"
            </button>
        </Show>
    }
}

/// One field: its label, what is typed or chosen, a hint, and what is wrong. `exact` is the value that `text` may show
/// shortened; `focused` is called when the field is entered.
pub fn form_field(
    asks: &'static Question,
    text: Signal<String>,
    error: Signal<String>,
    typed: Typed,
    exact: Option<Signal<String>>,
    focused: Option<Callback<()>>,
) -> AnyView {
    let page = Page::here();
    let Question { label, unit, hint, testid, input } = *asks;
    let (hint_id, error_id) = (format!("{testid}-hint"), format!("{testid}-error"));
    let described = if hint.is_empty() { error_id.clone() } else { format!("{hint_id} {error_id}") };
    let invalid = words(move || error.with(|error| !error.is_empty()).to_string());
    let label = if unit.is_empty() { label.to_owned() } else { format!("{label} ({unit})") };
    let (whole, empty) = match input {
        Input::Number(bounds) => (bounds.whole, ""),
        Input::Optional(bounds, empty) => (bounds.whole, empty),
        Input::Text(wanted) => (false, wanted),
        Input::List(..) | Input::Choice(_) => (false, ""),
    };
    let control = match input {
        Input::Choice(offers) => {
            // Only what is chosen at first; later `prop:value` says.
            let first = text.get_untracked();
            let option = |[name, words]: [&'static str; 2]| {
                view! { <option value=name selected=name == first>{words}</option> }
            };
            view! {
                <select
                    data-testid=testid
                    prop:value=text
                    disabled=page.is_busy()
                    on:change=move |event| typed.run((testid, event_target_value(&event)))
                >
                    {offers.iter().copied().map(option).collect_view()}
                </select>
            }
            .into_any()
        }
        _ => view! {
            <input
                type="text"
                inputmode=match input {
                    Input::List(..) | Input::Text(_) => "text",
                    _ if whole => "numeric",
                    _ => "decimal",
                }
                autocomplete="off"
                data-testid=testid
                data-value=exact
                placeholder=empty
                prop:value=text
                disabled=page.is_busy()
                aria-invalid=invalid
                aria-describedby=described
                on:focus=move |_| if let Some(focused) = focused { focused.run(()) }
                on:input=move |event| typed.run((testid, event_target_value(&event)))
            />
        }
        .into_any(),
    };
    view! {
        <label class="field">
            <span>{label}</span>
            {control}
        </label>
        {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
        <p class="wrong" role="alert" id=error_id.clone() data-testid=error_id>{error}</p>
    }
    .into_any()
}
