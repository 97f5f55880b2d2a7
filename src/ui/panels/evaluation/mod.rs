//! How good the last run is, where labels say what each flow was. Labels judge; no detector sees them.

mod figures;
pub mod roc;
mod words;

use std::sync::Arc;

use leptos::prelude::*;

use super::{comparison::name as method, finding_list};
use crate::{
    engine::{self, EvaluateQuery},
    evaluate::Point,
    numeric::order::ordered,
    ui::{
        components::HowToRead,
        format, said,
        state::{Judging, Line, Loaded, Page, Tab, label_columns, usual_normal},
    },
};
use figures::Figures;

const UNSEEN: &str = "Labels say what each flow was. They judge the scores; the detector did not compare them.";
const SEEN: &str = "The detector compared this column, so what it says of the scores is no judgement: choose another, or have it ignored.";
/// Values of the label column that are listed one by one.
const VALUES: usize = 40;

/// Has the labels' judgement known while its tab is open.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.judging.judged,
        move || wanted(page).filter(|_| page.tab() == Some(Tab::Evaluate)),
        async |host, query| engine::ask_all(host, query.clone()).await,
    );
}

/// What is asked of the last run.
fn wanted(page: Page) -> Option<EvaluateQuery> {
    let loaded = page.data.loaded.get().filter(|_| page.can_ask())?;
    let column = column(page.judging, &loaded)?;
    let normal = normal(page.judging, &loaded, column);
    let anomalies = page.runs.verdict.get().anomalies;
    Some(EvaluateQuery { column, normal, anomalies, marks: page.review.marks(), learned: None })
}

/// The label column: the chosen one, or the first there is.
fn column(judging: Judging, loaded: &Loaded) -> Option<usize> {
    judging.column.get().or_else(|| label_columns(&loaded.dataset).first().copied())
}

fn normal(judging: Judging, loaded: &Loaded, column: usize) -> Vec<u32> {
    judging.normal.get().unwrap_or_else(|| usual_normal(&loaded.dataset, column))
}

/// What labels say of the last run, names and values, and the ROC curve, where they were asked just that.
pub fn told(page: Page) -> Option<(Vec<[String; 2]>, Vec<Point>)> {
    let (asked, wanted) = (page.judging.judged.get(), wanted(page));
    let figures = asked.filter(|asked| Some(&asked.0) == wanted.as_ref()).and_then(|_| figures(page))?;
    Some((words::told(&figures), figures.roc))
}

fn figures(page: Page) -> Option<Figures> {
    let (loaded, judged) = (page.data.loaded.get()?, page.judging.judged.get()?);
    let findings = finding_list::all(page)?;
    Some(Figures::of(&judged.0, &judged.1, &findings, &loaded.dataset, page.runs.verdict.get().score))
}

/// All figures of the last run by labels.
#[component]
pub fn Evaluation() -> impl IntoView {
    let page = Page::here();
    // It takes some tens of milliseconds, which nobody should wait for who looks at something else.
    let figures = Memo::new(move |_| {
        let open = page.tab() == Some(Tab::Evaluate);
        open.then(|| figures(page).map(Arc::new)).flatten()
    });
    // Runs by the same labels are listed beside each other.
    Effect::new(move || {
        let (figures, run) = (figures.get(), page.runs.finished.get_untracked());
        if let (Some(figures), Some(run)) = (figures, run) {
            let line = Line { run: (run.number, method(run.method()).to_owned()), figures: figures.in_short() };
            page.judging.lines.update(|lines| {
                lines.retain(|known| known.run.0 != line.run.0);
                lines.push(line);
            });
        }
    });
    let body = move || figures.get().map(|figures| body(page, &figures));
    let blind = said(move || {
        let seen = page.runs.finished.with(|run| {
            let column = column(page.judging, &*page.data.loaded.get()?)?;
            Some(run.as_ref()?.outcome.plan.compares(column))
        });
        if seen == Some(true) { SEEN } else { UNSEEN }.to_owned()
    });
    view! {
        <section class="card" aria-label="Labels">
            <h2>"Judged by labels"</h2>
            <p class="sub">{blind}</p>
            <HowToRead section="evaluation" />
            <Choice />
        </section>
        {body}
    }
}

/// Which column holds the labels, and which of them are normal.
#[component]
fn Choice() -> impl IntoView {
    let page = Page::here();
    let judging = page.judging;
    let options = move || {
        let loaded = page.data.loaded.get()?;
        let chosen = column(judging, &loaded)?;
        let option = |column: usize| {
            let name = loaded.dataset.layout.schema.fields[column].name.clone();
            view! { <option value=column.to_string() selected=column == chosen>{name}</option> }
        };
        Some(label_columns(&loaded.dataset).into_iter().map(option).collect_view())
    };
    let values = move || {
        let loaded = page.data.loaded.get()?;
        let chosen = column(judging, &loaded)?;
        let keys = normal(judging, &loaded, chosen);
        let counts = loaded.dataset.profile.columns.get(chosen)?.counts.as_ref()?;
        let known: Vec<(u64, u32, String)> = counts.iter().map(|value| (value.rows, value.key, value.name())).collect();
        let known = ordered(known, |a, b| b.0.cmp(&a.0));
        let more = known.len().saturating_sub(VALUES);
        let value = |(rows, key, name): (u64, u32, String)| {
            let is_normal = keys.binary_search(&key).is_ok();
            let keys = keys.clone();
            view! {
                <label class="check">
                    <input
                        type="checkbox" data-testid="normal-value" value=name.clone() prop:checked=is_normal
                        on:change=move |event| judging.set_normal(keys.clone(), key, event_target_checked(&event))
                    />
                    <span>{name} " " <span class="faint">{format::count(rows)}</span></span>
                </label>
            }
        };
        let listed = known.into_iter().take(VALUES).map(value).collect_view();
        let more = (more > 0).then(|| {
            format!("and {} more, taken for attacks unless they are normal by name", format::count(more as u64))
        });
        Some(view! { {listed} <span class="hint">{more}</span> })
    };
    view! {
        <div class="acts">
            <label class="field">
                <span>"Label column"</span>
                <select
                    data-testid="label-column"
                    on:change=move |event| if let Ok(column) = event_target_value(&event).parse() { judging.choose(column) }
                >
                    {options}
                </select>
            </label>
            <div class="acts" role="group" aria-label="Values that are normal">
                <span class="hint">"Normal are:"</span>
                {values}
            </div>
        </div>
    }
}

fn body(page: Page, figures: &Arc<Figures>) -> impl IntoView + use<> {
    let figure = |testid: &'static str, name: &'static str, value: Option<f64>, told: String| {
        view! {
            <div>
                <strong data-testid=testid data-value=value.map(|value| value.to_string())>{words::share(value)}</strong>
                <span>{name} <br /> <span class="hint">{told}</span></span>
            </div>
        }
    };
    let interval = |interval| words::interval(interval);
    let Figures { confusion, intervals, .. } = **figures;
    let main = view! {
        <section class="figures" aria-label="Figures">
            {figure("metric-average-precision", "average precision", figures.average_precision, format!("{}; by chance {}", interval(intervals.average_precision), words::share(figures.base_rate)))}
            {figure("metric-roc-auc", "area under ROC", figures.roc_auc, interval(intervals.roc_auc))}
            {figure("metric-precision", "precision at the threshold", confusion.precision(), interval(intervals.precision))}
            {figure("metric-recall", "recall at the threshold", confusion.recall(), interval(intervals.recall))}
        </section>
    };
    let lines = move || {
        let lines = page.judging.lines.get();
        (lines.len() > 1).then(|| {
            view! {
                <section class="card">
                    <h3>"Runs, by the same labels"</h3>
                    {table(["run-table", "Figures of runs"], &["Run", "Average precision", "Area under ROC", "Precision", "Recall"], words::lines(&lines))}
                </section>
            }
        })
    };
    let classes = table(
        ["class-table", "Figures by label"],
        &["Label", "Flows", "Above the threshold", "Share, 95 % interval", "First at rank", "Found after"],
        words::classes(figures),
    );
    let first = table(
        ["first-table", "Figures of the first flows"],
        &["The first", "Attacks", "Precision", "Recall"],
        words::first(figures),
    );
    let findings = words::findings(figures);
    let marks = words::marks(figures);
    let drawn = said({
        let figures = Arc::clone(figures);
        move || words::roc(&figures)
    });
    view! {
        {main}
        <p class="sub" data-testid="confusion">{words::confusion(figures)}</p>
        {lines}
        <div class="charts">
            <section class="card">
                <h3>"Attacks found, by false alarms"</h3>
                <p class="sub">{drawn}</p>
                {roc::chart(&figures.roc)}
            </section>
            <section class="card">
                <h3>"How far one must look"</h3>
                {first}
                <p class="sub" data-testid="findings-covered">{findings}</p>
                {marks.map(|marks| view! { <p class="sub" data-testid="marks-judged">{marks}</p> })}
            </section>
        </div>
        <section class="card">
            <h3>"By label"</h3>
            {classes}
        </section>
    }
}

/// A table of figures, each row with its name.
fn table(
    [testid, name]: [&'static str; 2],
    heads: &'static [&'static str],
    rows: Vec<Vec<String>>,
) -> impl IntoView + use<> {
    let head = |(place, head): (usize, &&'static str)| view! { <th scope="col" class:number=place != 0>{*head}</th> };
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        view! { <tr><th scope="row">{name}</th>{cells.map(|cell| view! { <td class="number">{cell}</td> }).collect_view()}</tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=name>
            <table class="data" data-testid=testid>
                <thead><tr>{heads.iter().enumerate().map(head).collect_view()}</tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
