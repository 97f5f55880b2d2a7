//! Two columns against each other.

mod boxed;
mod chart;
mod drawn;
mod lasso;

use leptos::prelude::*;

use crate::{
    engine::{self, Found},
    report::{Axis, Outline, View, ViewQuery},
    ui::{
        charts::{Canvas, Plot},
        components::HowToRead,
        format, said,
        state::Page,
        words,
    },
};
use chart::Names;
use drawn::{Corner, DrawOver, Shape};

/// Has it known what the charts draw.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.charted,
        move || wanted_view(page),
        async |host, query| engine::ask_all(host, query.clone()).await,
    );
}

fn wanted_view(page: Page) -> Option<ViewQuery> {
    let run = page.runs.finished.get().filter(|_| page.can_ask())?;
    let (loaded, columns) = (page.data.loaded.get()?, page.selection.axes.get());
    let dataset = &loaded.dataset;
    let axis = |column: usize| Axis::new(column, dataset.profile.columns.get(column)?, dataset.typical.get(column)?);
    let outcome = &run.outcome;
    let anomalies = page.runs.verdict.get().anomalies;
    let filter = page.selection.filter.get();
    let scale = outcome.options.detector.scale();
    let axes = match columns {
        Some([x, y]) => Some([axis(x)?, axis(y)?]),
        None => None,
    };
    let group = page.selection.coloured.get();
    Some(ViewQuery { filter, anomalies, low: outcome.low, high: outcome.high, scale, axes, group })
}

/// Two columns against each other, where columns hold numbers.
#[component]
pub fn ScatterCard() -> impl IntoView {
    let page = Page::here();
    let field = move |column: usize| page.data.schema()?.fields.get(column).cloned();
    let names = move || {
        let [x, y] = page.runs.charted.get()?.0.axes?;
        Some(Names { x: field(x.column)?, y: field(y.column)? })
    };
    let plot = move || -> Option<Plot> {
        let charted = page.runs.charted.get()?;
        let [x, y] = charted.0.axes?;
        Some(chart::scatter(&charted.1, x, y, (&names()?, charted.0.group), &page.chrome.palette.get()))
    };
    let title = move || {
        names()
            .map(|names| format!("{} × {}", words::axis_name(&names.x), words::axis_name(&names.y)))
            .unwrap_or_default()
    };
    let label = Signal::derive(move || {
        let points = match page.selection.coloured.get() {
            Some(number) => format!("those of group {number}"),
            None => "anomalies".to_owned(),
        };
        format!("{}: all flows as density, {points} as points", title())
    });
    // Apart from the rest, so that going from row to row draws one point and not thousands.
    let marked = Signal::derive(move || {
        let (charted, rank) = (page.runs.charted.get()?, page.explained_rank()?);
        let [x, y] = charted.0.axes?;
        chart::place_of(&charted.1, x, y, rank)
    });
    let picked = Callback::new(move |(series, item): (usize, usize)| {
        let charted = page.runs.charted.get_untracked();
        let point = charted.and_then(|charted| chart::point_of(&charted.1, series, item));
        if let Some(point) = point.filter(|_| untrack(|| page.can_ask() && !page.busy())) {
            page.selection.find(point.rank);
        }
    });
    let drawing = RwSignal::new(None::<Shape>);
    let drawn = Callback::new(move |corners: Vec<Corner>| {
        let outline = (drawing.get_untracked() == Some(Shape::Lasso) && !corners.is_empty())
            .then(|| lasso::simplified(corners.clone(), Outline::MOST));
        // A press is no outline: the next stroke may be one.
        if outline.as_ref().is_some_and(|outline| outline.len() < Outline::FEWEST) {
            return;
        }
        drawing.set(None);
        let charted = page.runs.charted.get_untracked().and_then(|charted| charted.0.axes);
        let (Some([x, y]), Some(names)) = (charted, untrack(names)) else { return };
        let axes = [(x, names.x), (y, names.y)];
        match (outline, &corners[..]) {
            (Some(outline), _) => untrack(|| lasso::look_inside(page, &outline, &axes)),
            (None, &[first, last]) => boxed::look_into(page, [first, last], &axes),
            (None, _) => {}
        }
    });
    view! {
        <section
            class="card chart scatter"
            data-testid="chart-scatter"
            hidden=move || page.selection.axes.with(Option::is_none)
        >
            <h3>{title}</h3>
            <p class="sub">{move || in_the_chart(page)}</p>
            <HowToRead section="scatter" />
            <div class="plane">
                <Canvas plot label picked marked />
                {move || drawing.get().map(|shape| view! { <DrawOver shape drawn /> })}
            </div>
            <div class="axes">
                <AxisChoice axis=0 name="X axis" testid="scatter-x" />
                <AxisChoice axis=1 name="Y axis" testid="scatter-y" />
                <Colour />
                <div class="field">
                    <span>"Flows in a part of the chart"</span>
                    <span class="acts">
                        <Draw drawing shape=Shape::Box />
                        <Draw drawing shape=Shape::Lasso />
                    </span>
                </div>
            </div>
        </section>
    }
}

/// Begins to draw over the chart, or gives up.
#[component]
fn Draw(drawing: RwSignal<Option<Shape>>, shape: Shape) -> impl IntoView {
    let draws = move || drawing.get() == Some(shape);
    let (testid, invites, asks) = match shape {
        Shape::Box => ("draw-box", "Draw a box", "Drag over the chart"),
        Shape::Lasso => ("draw-lasso", "Draw a lasso", "Draw around flows"),
    };
    view! {
        <button
            type="button" data-testid=testid disabled=Page::here().is_busy()
            aria-pressed=said(move || draws().to_string())
            on:click=move |_| drawing.update(|now| *now = (*now != Some(shape)).then_some(shape))
        >{move || if draws() { asks } else { invites }}</button>
    }
}

/// What is in the scatter chart, and what is not.
fn in_the_chart(page: Page) -> Option<String> {
    let (charted, loaded) = (page.runs.charted.get()?, page.data.loaded.get()?);
    let (view, anomalies) = (&charted.1, charted.0.anomalies);
    let drawn = if words::is_sampled(&loaded.dataset) {
        format!("A sample of {} flows", format::count(loaded.dataset.sample_rows()))
    } else {
        match charted.0.filter.is_empty() {
            true => "All flows".to_owned(),
            false => "The flows that the filter leaves".to_owned(),
        }
    };
    let off = match view.density.off_chart {
        0 => String::new(),
        rows => format!(" Not shown: {} with a missing or infinite value.", format::counted(rows, "flow", "flows")),
    };
    let points = if let Some(number) = charted.0.group {
        let drawn = format::counted(view.members.len() as u64, "flow", "flows");
        format!("{drawn} of group {number} as points, all else faded")
    } else if anomalies > View::MOST_POINTS {
        format!("the {} most anomalous as points", format::count(View::MOST_POINTS))
    } else {
        "every anomaly as a point".to_owned()
    };
    Some(format!("{drawn} as density, {points}; in the file's own units.{off}"))
}

/// What the charts colour: the anomalies, or a group.
#[component]
fn Colour() -> impl IntoView {
    let page = Page::here();
    let groups =
        move || page.runs.finished.get().map(|run| run.outcome.groups.clone()).filter(|groups| !groups.is_empty());
    let chosen = move || page.selection.coloured.get();
    let options = move || {
        let groups = groups()?;
        let option = |(number, found): (u8, &Found)| {
            let name = format!("Group {number}: {}", format::counted(found.facts.rows, "flow", "flows"));
            view! { <option value=number.to_string() selected=move || chosen() == Some(number)>{name}</option> }
        };
        Some((1..).zip(groups.iter()).map(option).collect_view())
    };
    view! {
        <label class="field" hidden=move || groups().is_none()>
            <span>"In colour"</span>
            <select
                data-testid="coloured"
                disabled=page.is_busy()
                prop:value=move || chosen().map(|number| number.to_string()).unwrap_or_default()
                on:change=move |event| page.selection.coloured.set(event_target_value(&event).parse().ok())
            >
                <option value="">"What stands out"</option>
                {options}
            </select>
        </label>
    }
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
