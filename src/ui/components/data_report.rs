//! What is odd about the file, and what was made of its columns.

use leptos::prelude::*;

use crate::{
    features::FeaturePlan,
    table::Role,
    ui::{
        format,
        state::{Loaded, Page},
        words,
    },
};

/// Items of a list that are seen at once.
const SHOWN: usize = 5;

/// Findings in rows and cells, and the columns compared and left out.
#[component]
pub fn DataReport() -> impl IntoView {
    let page = Page::here();
    let findings = move || page.loaded.get().map(|loaded| findings(&loaded));
    let read = move || page.loaded.get().filter(|_| page.finished.with(Option::is_none)).map(|loaded| as_read(&loaded));
    let columns = move || {
        let (loaded, run) = (page.loaded.get()?, page.finished.get()?);
        Some(columns(&loaded, &run.outcome.plan))
    };
    view! {
        <section class="card" data-testid="warnings">
            <h3>"About the data"</h3>
            {findings}
            {read}
            {columns}
        </section>
    }
}

fn findings(loaded: &Loaded) -> impl IntoView + use<> {
    let dataset = &loaded.dataset;
    let schema = &dataset.layout.schema;
    let odd: Vec<(String, String)> =
        dataset.findings.by_kind.iter().map(|(kind, finding)| words::finding(*kind, finding, schema)).collect();
    let mut gaps: Vec<(u64, String, String)> = (0..schema.width())
        .filter_map(|column| {
            let (cells, words) = words::gaps(dataset, column)?;
            Some((cells, schema.fields[column].name.clone(), words))
        })
        .collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.0));
    let none = odd.is_empty() && gaps.is_empty();
    let total: u64 = gaps.iter().map(|gap| gap.0).sum();
    let (cells, among) =
        (format::counted(total, "cell", "cells"), format::counted(gaps.len() as u64, "column", "columns"));
    let has_gaps = !gaps.is_empty();
    view! {
        {none.then(|| view! { <p class="quiet">"Every row and every cell could be used."</p> })}
        <ul class="findings">
            {odd.into_iter().map(|(what, place)| view! { <li>{what} " " <span class="hint">{place}</span></li> }).collect_view()}
        </ul>
        {has_gaps.then(|| view! {
            <p class="lead">{format!("{cells} in {among} hold no finite value.")}</p>
            {listed(gaps.into_iter().map(|(_, name, words)| (name, words)).collect(), "columns")}
        })}
    }
}

/// Every column with its role and what is usual in it, until a run says more.
fn as_read(loaded: &Loaded) -> impl IntoView + use<> {
    let dataset = &loaded.dataset;
    let columns = dataset.layout.schema.fields.iter().zip(dataset.typical.iter());
    let items = columns.map(|(field, typical)| {
        let said = match words::usual(typical) {
            Some(usual) if field.role == Role::Measure => usual,
            Some(usual) => format!("{}, {usual}", field.role.word()),
            None => field.role.word().to_owned(),
        };
        (field.name.clone(), said)
    });
    view! {
        <h4>"Columns as read"</h4>
        {pairs(items.collect())}
    }
}

fn columns(loaded: &Loaded, plan: &FeaturePlan) -> impl IntoView + use<> {
    let schema = &loaded.dataset.layout.schema;
    let name = |column: usize| schema.fields[column].name.clone();
    let out: Vec<(String, String)> =
        plan.left_out.iter().map(|&(column, why)| (name(column), words::omission(why, schema))).collect();
    let used: Vec<(String, String)> = plan
        .features
        .iter()
        .map(|feature| (name(feature.column), words::encoding(&feature.encoding).to_owned()))
        .collect();
    view! {
        <details>
            <summary>{format!("{} compared", format::counted(used.len() as u64, "column", "columns"))}</summary>
            {pairs(used)}
        </details>
        <details>
            <summary>{format!("{} left out of the comparison", format::counted(out.len() as u64, "column", "columns"))}</summary>
            {pairs(out)}
        </details>
    }
}

/// The first few, and the others on demand.
fn listed(mut items: Vec<(String, String)>, noun: &'static str) -> impl IntoView + use<> {
    let more = items.split_off(items.len().min(SHOWN));
    let rest = more.len();
    view! {
        {pairs(items)}
        {(rest > 0).then(|| view! {
            <details><summary>{format!("and {rest} more {noun}")}</summary>{pairs(more)}</details>
        })}
    }
}

fn pairs(items: Vec<(String, String)>) -> impl IntoView {
    view! {
        <dl class="pairs">
            {items.into_iter().map(|(name, what)| view! { <div><dt>{name}</dt><dd>{what}</dd></div> }).collect_view()}
        </dl>
    }
}
