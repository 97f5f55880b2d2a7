//! The three charts with their titles, units and controls.

use leptos::prelude::*;

use super::{
    compared_rules::{ComparedRules, marks},
    drawing::{Canvas, Pointer},
    words as said,
};
use crate::{
    detect::Method,
    report::View,
    ui::{
        charts::{self, Plot, ScatterNames},
        format,
        state::Page,
        tasks, words,
    },
};

const HOW_TO_MOVE: &str = "Right of the line: anomalies. Drag the line, or click, to move it. Letters mark what other \
                           rules would choose.";

/// How unusual the flows are, and the threshold among them.
#[component]
pub fn ScoresCard() -> impl IntoView {
    let page = Page::here();
    let by_errors =
        move || page.runs.finished.with(|run| run.as_ref().is_some_and(|run| run.method() == Method::Autoencoder));
    let plot = move || -> Option<Plot> {
        let charted = page.runs.charted.get()?;
        let name = if by_errors() { "Error" } else { "Score" };
        Some(charts::scores(
            &charted.1.histogram,
            name,
            page.runs.threshold.get(),
            &marks(page),
            &page.chrome.palette.get(),
        ))
    };
    let label = said(move || {
        let what = if by_errors() { "reconstruction error" } else { "score" };
        format!("Flows per {what}; the threshold is at {}", format::score(page.runs.threshold.get()))
    });
    let moved = Callback::new(move |place| {
        if let Some(scale) = page.runs.charted.get_untracked().map(|shown| shown.0.scale) {
            tasks::move_threshold(page, scale.value(place));
        }
    });
    let title = said(move || {
        if by_errors() { "Reconstruction error (mean squared)" } else { "How unusual the flows are" }.to_owned()
    });
    let subtitle = said(move || {
        let what = if by_errors() {
            "Flows per error of the network, both logarithmic."
        } else {
            "Flows per anomaly score, logarithmic."
        };
        format!("{what} {HOW_TO_MOVE}")
    });
    view! {
        <section class="card chart scores" data-testid="chart-scores">
            <h3>{title}</h3>
            <p class="sub">{subtitle}</p>
            <Canvas plot ink=ink(page) label pointer=Pointer { moved: Some(moved), picked: None } />
            <ComparedRules />
        </section>
    }
}

/// Two columns against each other.
#[component]
pub fn ScatterCard() -> impl IntoView {
    let page = Page::here();
    let name = move |column: usize| {
        page.data.loaded.with(|loaded| {
            loaded.as_ref().map(|loaded| loaded.dataset.layout.schema.fields[column].name.clone()).unwrap_or_default()
        })
    };
    let names = move || {
        let (x, y) = page.runs.charted.get().map(|charted| (charted.0.x, charted.0.y))?;
        Some(ScatterNames { x: name(x.column), y: name(y.column), selected: page.explained_rank() })
    };
    let plot = move || -> Option<Plot> {
        let charted = page.runs.charted.get()?;
        Some(charts::scatter(&charted.1, charted.0.x, charted.0.y, &names()?, &page.chrome.palette.get()))
    };
    let title = move || names().map(|names| format!("{} × {}", names.x, names.y)).unwrap_or_default();
    let label = Signal::derive(move || format!("{}: all flows as density, anomalies as points", title()));
    let picked = Callback::new(move |(series, item): (usize, usize)| {
        let rank = page.runs.charted.get_untracked().and_then(|charted| Some(charted.1.points.get(item)?.rank));
        if let Some(rank) = rank.filter(|_| series == 1 && untrack(|| page.can_ask() && !page.busy())) {
            page.selection.find(rank);
        }
    });
    view! {
        <section class="card chart scatter" data-testid="chart-scatter">
            <h3>{title}</h3>
            <p class="sub">{move || in_the_chart(page)}</p>
            <Canvas plot ink=ink(page) label pointer=Pointer { picked: Some(picked), moved: None } />
            <div class="axes">
                <AxisChoice axis=0 name="X axis" testid="scatter-x" />
                <AxisChoice axis=1 name="Y axis" testid="scatter-y" />
            </div>
        </section>
    }
}

/// What is in the scatter chart, and what is not.
fn in_the_chart(page: Page) -> Option<String> {
    let (charted, loaded) = (page.runs.charted.get()?, page.data.loaded.get()?);
    let (view, anomalies) = (&charted.1, charted.0.anomalies);
    let drawn = if words::is_sampled(&loaded.dataset) {
        format!("A sample of {} flows", format::count(loaded.dataset.sample_rows()))
    } else {
        "All flows".to_owned()
    };
    let off = match view.density.off_chart {
        0 => String::new(),
        rows => format!(" Not shown: {} with a missing or infinite value.", format::counted(rows, "flow", "flows")),
    };
    let points = if anomalies > View::MOST_POINTS {
        format!("the {} most anomalous as points", format::count(View::MOST_POINTS))
    } else {
        "every anomaly as a point".to_owned()
    };
    Some(format!("{drawn} as density, {points}; in the file's own units.{off}"))
}

#[component]
fn AxisChoice(axis: usize, name: &'static str, testid: &'static str) -> impl IntoView {
    let page = Page::here();
    let chosen = move || page.selection.axes.get().map(|axes| axes[axis]);
    let options = move |compared: bool| {
        let (loaded, run) = (page.data.loaded.get()?, page.runs.finished.get()?);
        let (first, others) = words::axis_choices(&loaded.dataset, &run.outcome.plan);
        let fields = &loaded.dataset.layout.schema.fields;
        let option = |column: usize| {
            view! {
                <option value=column.to_string() selected=move || chosen() == Some(column)>{fields[column].name.clone()}</option>
            }
        };
        Some(if compared { first } else { others }.into_iter().map(option).collect_view())
    };
    let choose = move |event| {
        if let Ok(column) = event_target_value(&event).parse() {
            page.selection.set_axis(axis, column);
        }
    };
    view! {
        <label class="field">
            <span>{name}</span>
            <select
                data-testid=testid
                disabled=page.is_busy()
                prop:value=move || chosen().map(|column| column.to_string()).unwrap_or_default()
                on:change=choose
            >
                <optgroup label="Compared columns">{move || options(true)}</optgroup>
                <optgroup label="Other number columns">{move || options(false)}</optgroup>
            </select>
        </label>
    }
}

/// How many flows are ordinary and how many are not.
#[component]
pub fn CountsCard() -> impl IntoView {
    let page = Page::here();
    let rows = move || page.data.rows();
    let plot = move || Some(charts::counts(rows(), page.runs.verdict.get().anomalies, &page.chrome.palette.get()));
    let label = Signal::derive(move || {
        let anomalies = page.runs.verdict.get().anomalies;
        format!(
            "{} ordinary and {} anomalous flows",
            format::count(rows() - anomalies.min(rows())),
            format::count(anomalies)
        )
    });
    view! {
        <section class="card chart counts" data-testid="chart-counts">
            <h3>"Ordinary and anomalous flows"</h3>
            <p class="sub">"Number of flows. The bars' lengths are logarithmic, so that few remain visible."</p>
            <Canvas plot ink=ink(page) label />
        </section>
    }
}

fn ink(page: Page) -> impl Fn() -> String + Send + 'static {
    move || page.chrome.palette.with(|palette| palette.ink.clone())
}
