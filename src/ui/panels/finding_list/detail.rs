//! One finding: when, who, what sets it apart, and its flows.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{learning::moved, review, spread::leading_name},
    bars, selected, severity,
};
use crate::{
    detect::groups::Nearest,
    engine::{self, Crowd, NeighbourQuery, Sort},
    report::{Filter, RankedRow, Term, Test},
    table::FlowColumns,
    ui::{
        components::HowToRead,
        findings::{Apart, Finding, What, host_name, neighbour},
        format, said,
        state::{Loaded, Members, Page, Tab},
    },
};

/// Flows of a group that are shown.
const SHOWN: usize = 5;
/// Hosts and ports that are named.
const NAMED: usize = 4;

/// Has the first flows of the selected group known.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.members,
        move || {
            let findings = super::all(page).filter(|_| page.can_ask())?;
            match findings.get(selected(page, &findings)?)?.what {
                What::Group(number) => Some(number),
                What::Flow(_) => None,
            }
        },
        async move |host, &number| {
            let filter = Filter::of(vec![Term { negated: false, test: Test::Group(number) }]);
            let rows = engine::table(host, (&filter, 0), Sort::default(), 0..SHOWN).await?;
            let neighbour = match untrack(|| nearest(page, number)) {
                Some(nearest) => engine::ask_all(host, NeighbourQuery(nearest.point)).await?.0,
                None => None,
            };
            let neighbour = neighbour.map(|(_, cells)| cells);
            Ok(Members { first: rows.into_iter().map(Arc::new).collect(), neighbour })
        },
    );
}

/// What is known of the flow in no group of alike flows that is most like this one.
fn nearest(page: Page, number: u8) -> Option<Nearest> {
    let finished = page.runs.finished.get()?;
    match &finished.outcome.groups.get(usize::from(number).checked_sub(1)?)?.what {
        Crowd::Alike(group) => group.nearest.clone(),
        Crowd::Burst(_) => None,
    }
}

/// The selected finding.
#[component]
pub fn FindingDetail(findings: Memo<Option<Arc<Vec<Finding>>>>) -> impl IntoView {
    let page = Page::here();
    let place = Memo::new(move |_| findings.with(|all| selected(page, all.as_ref()?)));
    let body = move || {
        let (findings, place) = (findings.get()?, place.get()?);
        let loaded = page.data.loaded.get().filter(|_| place < findings.len())?;
        Some(detail(page, place, &findings, &loaded))
    };
    let aloud = said(move || {
        let told = findings.get().and_then(|findings| {
            let finding = findings.get(place.get()?)?;
            Some(format!("{}, {}. {}", finding.title(), finding.who(), finding.why(1)))
        });
        told.unwrap_or_default()
    });
    view! {
        <p class="hidden" role="status">{aloud}</p>
        <section class="card detail" data-testid="finding-detail" aria-label="The selected finding">
            <HowToRead section="finding" />
            {body}
        </section>
    }
}

fn detail(page: Page, place: usize, findings: &Arc<Vec<Finding>>, loaded: &Arc<Loaded>) -> impl IntoView + use<> {
    let finding = &findings[place];
    let alike = finding.alike.map(|[one, all]| {
        format!("Alike: one value in {} of {} columns.", format::count(one as u64), format::count(all as u64))
    });
    let sums = finding.sums.iter().map(|(name, sum)| format!("{name} {sum}")).collect::<Vec<_>>().join(" · ");
    let lead = match &finding.what {
        What::Group(_) => "What sets it apart: the share of other flows that are alike there",
        What::Flow(_) => "What weighs most in its score",
    };
    let show = match &finding.what {
        &What::Group(number) => {
            let text = format!("group:{number}");
            let show = move |_| {
                page.look_for(text.clone());
                page.selection.list(true);
            };
            let colour = move |_| {
                page.selection.coloured.set(Some(number));
                page.chrome.open(Tab::Explore);
            };
            view! {
                <button type="button" class="small" data-testid="finding-flows" on:click=show>{format!("Show its {} below", format::counted(finding.size, "flow", "flows"))}</button>
                " "
                <button type="button" class="small" data-testid="finding-charts" on:click=colour>"Colour it in the charts"</button>
            }.into_any()
        }
        What::Flow(row) => {
            let rank = row.rank;
            view! { <button type="button" class="small" data-testid="finding-flows" on:click=move |_| page.selection.find(rank)>"Show it below"</button> }.into_any()
        }
    };
    let time = finding.time();
    view! {
        <div class="detail-head">
            <h3>{format!("{} · {}", place + 1, finding.title())}</h3>
            <span class="score odd">{finding.severity.map(severity)}</span>
            <p class="who">{finding.who()} <span class="hint">{(!time.is_empty()).then(|| format!(" · {time}"))}</span></p>
        </div>
        {bars(&finding.when).map(|bars| view! { <div class="span">{bars}<span class="hint">"over the time of the file"</span></div> })}
        {moved(page, finding).map(|why| view! { <p class="sub" data-testid="finding-moved">{why}</p> })}
        {review::buttons(page, finding, findings)}
        {finding.evidence.clone().map(|evidence| view! { <p class="sub" data-testid="finding-evidence">{evidence}"."</p> })}
        {(!finding.apart.is_empty()).then(|| view! { <p class="sub">{lead}</p> })}
        <div class="reasons">{finding.apart.iter().map(|apart| reason(page, finding, apart, loaded)).collect_view()}</div>
        {alike.map(|alike| view! { <p class="sub">{alike}</p> })}
        {(!sums.is_empty()).then(|| view! { <p class="sub">"Together: " {sums}</p> })}
        {members(page, finding, loaded)}
        <p>{show}</p>
    }
}

fn reason(page: Page, finding: &Finding, apart: &Apart, loaded: &Loaded) -> impl IntoView + use<> {
    // Of a group, the fewer others are like it, the longer.
    let (length, group) = match finding.what {
        What::Group(number) => (1.0 - apart.share, Some(number)),
        What::Flow(_) => (apart.share, None),
    };
    view! {
        <div class="reason">
            {leading_name(page, apart.name.clone(), (apart.column, group), &loaded.dataset)}
            <span class="bar-line" aria-hidden="true"><i style:width=format!("{:.1}%", 100.0 * length)></i></span>
            <span class="share">{format::share(apart.share)}</span>
            <span class="values"><b>{apart.value.clone()}</b>{apart.usual.as_ref().map(|usual| format!(", {usual}"))}</span>
        </div>
    }
}

/// Who takes part in a group, and its first flows.
fn members(page: Page, finding: &Finding, loaded: &Arc<Loaded>) -> Option<impl IntoView + use<>> {
    let What::Group(number) = finding.what else { return None };
    let finished = page.runs.finished.get()?;
    let found = finished.outcome.groups.get(usize::from(number) - 1)?;
    let dataset = &loaded.dataset;
    let flow = FlowColumns::of(&dataset.layout.schema);
    let end = |place: usize, word: &'static str| {
        let &column = flow.addresses.get(place)?;
        let hosts = found.facts.hosts[place].commonest();
        let more = hosts.len().saturating_sub(NAMED);
        let named = hosts
            .into_iter()
            .take(NAMED)
            .map(|(host, flows)| format!("{} ({})", host_name(host, column, dataset), format::count(flows)));
        let named = named.collect::<Vec<_>>().join(", ");
        let more = (more > 0).then(|| format!(" and {} more", format::count(more as u64)));
        Some(view! { <div><dt>{word}</dt><dd>{named}{more}</dd></div> })
    };
    let rows = {
        let loaded = Arc::clone(loaded);
        move || {
            let members = page.runs.members.get().filter(|members| members.0 == number)?;
            let flow = FlowColumns::of(&loaded.dataset.layout.schema);
            let line = |row: &Arc<RankedRow>| {
                let time = flow.time(&row.cells, &loaded.dataset.layout).map(|[shown, _]| shown);
                let who = flow
                    .flow(&row.cells)
                    .unwrap_or_else(|| row.cells.iter().take(4).cloned().collect::<Vec<_>>().join(", "));
                let rank = row.rank;
                view! {
                    <li>
                        <button type="button" class="plain" on:click=move |_| page.selection.find(rank)>{who}</button>
                        <span class="hint">{time}</span>
                    </li>
                }
            };
            Some(members.1.first.iter().map(line).collect_view())
        }
    };
    let beside = {
        let (loaded, finished) = (Arc::clone(loaded), Arc::clone(&finished));
        move || {
            let members = page.runs.members.get().filter(|members| members.0 == number)?;
            let cells = members.1.neighbour.as_ref()?;
            let told = neighbour(&nearest(page, number)?, cells, &finished.outcome, &loaded.dataset);
            Some(view! {
                <h4>"A compared flow near to them, and not alike"</h4>
                <p class="sub" data-testid="finding-nearest">{told}</p>
            })
        }
    };
    Some(view! {
        <dl class="cells">{end(0, "From")}{end(1, "To")}</dl>
        {beside}
        <h4>"Its highest-scoring flows"</h4>
        <ol class="members">{rows}</ol>
    })
}
