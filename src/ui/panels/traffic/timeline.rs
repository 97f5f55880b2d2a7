//! Flows, anomalies and bytes over time.

use leptos::prelude::*;

use super::{NotYet, brush::Brush, caveat, chart, counted, has, words};
use crate::{
    report::{Amount, edit, has_bytes},
    table::FlowColumns,
    ui::{
        charts::{Canvas, Plot},
        components::HowToRead,
        said,
        state::Page,
    },
};

/// What there was when, where the file says times.
#[component]
pub fn Timeline() -> impl IntoView {
    let page = Page::here();
    let what = RwSignal::new(Amount::Flows);
    let over = RwSignal::new(None::<[usize; 2]>);
    let field = move || {
        let loaded = page.data.loaded.get()?;
        let schema = &loaded.dataset.layout.schema;
        Some(schema.fields[FlowColumns::of(schema).time?].clone())
    };
    let says_bytes = move || page.data.schema().is_some_and(|schema| has_bytes(&schema));
    let plot = move || -> Option<Plot> {
        let ((_, counted), field) = (counted(page)?, field()?);
        let bytes = says_bytes();
        let what = if bytes { what.get() } else { Amount::Flows };
        Some(chart::timeline(&counted.1.times, counted.0.span, (what, &field, bytes), &page.chrome.palette.get()))
    };
    let told = said(move || {
        let known = counted(page).zip(field()).zip(over.get());
        let Some((((_, counted), field), [first, last])) = known else {
            return "On a logarithmic scale, by when flows began. Drag over a stretch to look at it alone.".to_owned();
        };
        let all = counted.1.times.get(first..=last).unwrap_or_default().iter();
        let sum = all.fold(crate::report::Amounts::default(), |sum, part| sum.with(*part));
        format!("{}: {}", words::between([first, last], counted.0.span, &field), words::amounts(sum, says_bytes()))
    });
    let caveat = move || page.data.loaded.with(|loaded| caveat(&loaded.as_ref()?.dataset));
    let chosen = Callback::new(move |parts: [usize; 2]| {
        let Some(((_, counted), field)) = untrack(|| counted(page).zip(field())) else { return };
        if let Some(terms) = words::time_terms(parts, counted.0.span, &field) {
            over.set(None);
            page.look_for(edit::compared(&page.selection.text.get_untracked(), &field.name, &terms));
        }
    });
    let narrowed = move || {
        let Some(field) = field() else { return false };
        let text = page.selection.text.get();
        edit::compared(&text, &field.name, &[]) != edit::toggled(&text, &[])
    };
    let back = move |_| {
        if let Some(field) = untrack(field) {
            page.look_for(edit::compared(&page.selection.text.get_untracked(), &field.name, &[]));
        }
    };
    let label = Signal::derive(move || "Flows, anomalies and bytes over time".to_owned());
    let choice = move |amount: Amount, name: &'static str| {
        view! {
            <button type="button" aria-pressed=said(move || (what.get() == amount).to_string()) on:click=move |_| what.set(amount)>{name}</button>
        }
    };
    view! {
        <section
            class="card chart timeline"
            data-testid="chart-timeline"
            hidden=move || !has(page, |flow, _| flow.time.is_some())
        >
            <div class="head">
                <h3>"Over time"</h3>
                <span class="segments" role="group" aria-label="What the bars show" hidden=move || !says_bytes()>
                    {choice(Amount::Flows, "Flows")} {choice(Amount::Bytes, "Bytes")}
                </span>
                <button type="button" class="small" data-testid="all-times" hidden=move || !narrowed() on:click=back>"All times"</button>
            </div>
            <p class="sub">{told}</p>
            {move || caveat().map(|caveat| view! { <p class="sub">{caveat}</p> })}
            <NotYet known=Signal::derive(move || page.runs.traffic.is_known()) />
            <HowToRead section="timeline" />
            <div class="plane" hidden=move || !page.runs.traffic.is_known()>
                <Canvas plot label />
                <Brush over chosen />
            </div>
        </section>
    }
}
