//! Columns one by one: how the flows that are looked at are spread, against all flows. The columns in which they differ most stand
//! first, small; one of them is drawn large.

mod chart;
mod words;

use std::sync::Arc;

use leptos::prelude::*;

use super::{filter::kept, traffic::NotYet};
use crate::{
    engine::{self, Dataset, SpreadQuery},
    numeric::order::ordered,
    report::{Cut, Filter, Spread, Term, Test, edit, unlike},
    ui::{
        charts::{Canvas, Plot},
        components::HowToRead,
        format, said,
        state::{Loaded, Page, Tab},
    },
    web::dom::scroll_to,
};

/// Columns that are drawn small.
const FEW: usize = 12;

/// Has both known while its tab is open: of all flows once, of those that are looked at whenever these are others.
pub fn ask(page: Page) {
    let cuts = Memo::new(move |_| page.data.loaded.with(|loaded| loaded.as_ref().map(|loaded| cuts_of(loaded))));
    let wanted = move |filter: Filter, anomalies: u64| {
        let open = page.can_ask() && page.tab() == Some(Tab::Explore);
        let held = page.data.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.dataset.held));
        let cuts = cuts.get().filter(|cuts| !cuts.is_empty() && open && (held || page.selection.read_again.get()))?;
        Some(SpreadQuery { filter, anomalies, cuts })
    };
    let ask = async |host: &crate::web::WebHost, query: &SpreadQuery| engine::ask_all(host, query.clone()).await;
    page.questions.keep_live(page.runs.spread, move || wanted(Filter::default(), 0), ask);
    page.questions.keep_live(
        page.runs.spread_of_some,
        move || wanted(looked_at(page), page.runs.verdict.get().anomalies),
        ask,
    );
}

fn cuts_of(loaded: &Loaded) -> Arc<Vec<Cut>> {
    let dataset = &loaded.dataset;
    let columns =
        dataset.layout.schema.fields.iter().zip(&dataset.profile.columns).zip(dataset.typical.iter()).enumerate();
    Arc::new(
        columns.filter_map(|(column, ((field, profile), typical))| Cut::new(column, field, profile, typical)).collect(),
    )
}

/// Draws a column large, the flows of a group against all flows if it is one, and along the scatter chart where it has an axis.
fn look_at(page: Page, column: usize, group: Option<u8>) {
    if let Some(group) = group {
        page.look_for(format!("group:{group}"));
    }
    page.selection.spread.set(Some(column));
    let has_axis = page.data.loaded.with_untracked(|loaded| {
        loaded.as_ref().is_some_and(|loaded| loaded.dataset.profile.columns[column].has_numbers())
    });
    if has_axis {
        page.selection.set_axis(0, column);
    }
    page.chrome.open(Tab::Explore);
    scroll_to("columns-against-all");
}

/// The name of a column that weighed: a click leads to how it is spread, if it is drawn.
pub fn leading_name(page: Page, name: String, (column, group): (usize, Option<u8>), dataset: &Dataset) -> AnyView {
    let field = &dataset.layout.schema.fields[column];
    let is_drawn = Cut::new(column, field, &dataset.profile.columns[column], &dataset.typical[column]).is_some();
    if !is_drawn {
        return view! { <span class="reason-name">{name}</span> }.into_any();
    }
    view! {
        <button type="button" class="plain reason-name" data-testid="reason-column" title="Look at this column’s values" on:click=move |_| look_at(page, column, group)>{name}</button>
    }
    .into_any()
}

/// What the filter leaves; where it leaves all, the anomalies.
fn looked_at(page: Page) -> Filter {
    let filter = page.selection.filter.get();
    if filter.is_empty() { Filter::of(vec![Term { negated: false, test: Test::Anomaly }]) } else { filter }
}

type Answered = Arc<(SpreadQuery, Spread)>;

/// The columns, and what was counted in them of all flows and of those that are looked at.
fn counted(page: Page) -> Option<(Arc<Vec<Cut>>, Answered, Answered)> {
    let (all, some) = (page.runs.spread.get()?, page.runs.spread_of_some.get()?);
    (all.0.cuts == some.0.cuts).then(|| (Arc::clone(&all.0.cuts), all, some))
}

/// Whose bars stand before those of all flows.
fn who(page: Page) -> String {
    match (page.selection.filter.with(Filter::is_empty), kept(page)) {
        (true, Some(kept)) => format::counted(kept.anomalies, "anomaly", "anomalies"),
        (false, Some(kept)) => format!("{} that the filter leaves", format::counted(kept.rows, "flow", "flows")),
        (_, None) => "flows that the filter leaves".to_owned(),
    }
}

/// Places of the compared columns, the most unlike first, with how unlike they are.
fn most_unlike(page: Page) -> Option<Vec<(usize, f64)>> {
    let (run, (cuts, all, some)) = (page.runs.finished.get()?, counted(page)?);
    let compared = |column: usize| run.outcome.plan.compares(column);
    let of = |place: usize| (place, unlike(&some.1.counts[place], &all.1.counts[place]));
    let places = (0..cuts.len()).filter(|&place| compared(cuts[place].column)).map(of).collect();
    Some(ordered(places, |a: &(usize, f64), b: &(usize, f64)| b.1.total_cmp(&a.1)))
}

/// The flows that are looked at against all flows, column by column.
#[component]
pub fn Spreads() -> impl IntoView {
    let page = Page::here();
    let unlike = Memo::new(move |_| most_unlike(page));
    // The place of the column that is drawn large: the chosen one, or the most unlike.
    let shown = move || {
        let (cuts, _, _) = counted(page)?;
        let chosen = page.selection.spread.get().and_then(|column| cuts.iter().position(|cut| cut.column == column));
        chosen.or_else(|| Some(unlike.get()?.first()?.0))
    };
    let plot = move || -> Option<Plot> {
        let ((cuts, all, some), place, loaded) = (counted(page)?, shown()?, page.data.loaded.get()?);
        let counts = (all.1.counts[place].as_slice(), some.1.counts[place].as_slice());
        Some(chart::spread(&cuts[place], counts, (&who(page), &loaded.dataset), &page.chrome.palette.get()))
    };
    let label = Signal::derive(move || format!("{} against all flows, by the values of a column", who(page)));
    let picked = Callback::new(move |(_, part): (usize, usize)| {
        let known = untrack(|| Some((counted(page)?.0, shown()?, page.data.loaded.get()?)));
        let Some((cuts, place, loaded)) = known.filter(|_| untrack(|| page.can_ask() && !page.busy())) else { return };
        if let Some(terms) = words::terms(&cuts[place], part, &loaded.dataset) {
            let name = &words::field(&cuts[place], &loaded.dataset).name;
            let text = page.selection.text.get_untracked();
            page.look_for(if edit::holds(&text, &terms) {
                edit::toggled(&text, &terms)
            } else {
                edit::toggled(&edit::compared(&text, name, &[]), &terms)
            });
        }
    });
    let told = said(move || {
        format!(
            "Shares of all flows (wide bars) and of {} (narrow ones). Click a bar to look at its flows alone.",
            who(page)
        )
    });
    view! {
        <section class="card chart spread" id="columns-against-all" data-testid="chart-columns">
            <h3>"Column by column"</h3>
            <p class="sub">{told}</p>
            <NotYet known=Signal::derive(move || counted(page).is_some()) />
            <HowToRead section="column-by-column" />
            <div class="smalls" role="group" aria-label="The columns in which they differ most">
                {move || unlike.get().map(|unlike| smalls(page, unlike))}
            </div>
            <Choice shown=Signal::derive(shown) />
            <div class="plane" hidden=move || counted(page).is_none()>
                <Canvas plot label picked />
            </div>
        </section>
    }
}

/// The most unlike columns, small.
fn smalls(page: Page, unlike: Vec<(usize, f64)>) -> Option<impl IntoView + use<>> {
    let ((cuts, all, some), loaded) = untrack(|| counted(page).zip(page.data.loaded.get()))?;
    let one = move |(place, share): (usize, f64)| {
        let column = cuts[place].column;
        let [of_all, of_some] = chart::small(&all.1.counts[place], &some.1.counts[place]);
        let [width, height] = chart::SMALL;
        view! {
            <button
                type="button" data-testid="column-small" aria-pressed=said(move || (page.selection.spread.get() == Some(column)).to_string())
                title=format!("{} would have to change to be spread as all flows are", format::share(share))
                on:click=move |_| page.selection.spread.set(Some(column))
            >
                <svg viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" aria-hidden="true"><path d=of_all /><path class="odd" d=of_some /></svg>
                <span>{words::field(&cuts[place], &loaded.dataset).name.clone()}</span>
                <span class="hint">{format!("{} unlike", format::share(share))}</span>
            </button>
        }
    };
    Some(unlike.into_iter().take(FEW).map(one).collect_view())
}

/// Which column is drawn large.
#[component]
fn Choice(shown: Signal<Option<usize>>) -> impl IntoView {
    let page = Page::here();
    let column = move || Some(counted(page)?.0[shown.get()?].column);
    let options = move || {
        let (loaded, (cuts, _, _)) = (page.data.loaded.get()?, counted(page)?);
        let option = |cut: &Cut| {
            let number = cut.column;
            let name = words::field(cut, &loaded.dataset).name.clone();
            view! { <option value=number.to_string() selected=move || column() == Some(number)>{name}</option> }
        };
        Some(cuts.iter().map(option).collect_view())
    };
    view! {
        <label class="field filter" hidden=move || counted(page).is_none()>
            <span>"Column"</span>
            <select
                data-testid="spread-column"
                disabled=page.is_busy()
                prop:value=move || column().map(|column| column.to_string()).unwrap_or_default()
                on:change=move |event| page.selection.spread.set(event_target_value(&event).parse().ok())
            >
                {options}
            </select>
        </label>
    }
}
