//! Findings in the order that marks teach: at hand once something is marked, explained, and taken back by one button.

use std::sync::Arc;

use leptos::prelude::*;

use super::finding_list;
use crate::{
    engine::{self, SortBy, StandingQuery},
    learn::{ALIKE_ENOUGH, Subject},
    report::RankedRow,
    ui::{
        findings::Finding,
        format,
        state::{Page, can_learn, is_subject},
        tasks,
    },
    web::dom::focus_on,
};

/// What orders the list, and what to mark next.
#[component]
pub fn LearnBar(findings: Memo<Option<Arc<Vec<Finding>>>>) -> impl IntoView {
    let page = Page::here();
    let can = Memo::new(move |_| can_learn(&page.review.marks()));
    let taught = move || page.runs.taught.get();
    let changed = move || taught().is_some_and(|taught| taught.marks != page.review.marks());
    let next = Memo::new(move |_| {
        let (taught, findings) = (taught()?, findings.get()?);
        // What is hidden cannot be marked, either.
        let marked = |finding: &Finding| {
            page.review.remark(finding).is_some_and(|known| known.mark.is_some()) || !page.hiding.lists(finding)
        };
        // As they are by severity, which is how values are given.
        let severe = finding_list::by_severity(page)?;
        let place = taught.ask(&severe, |finding| page.review.flows_of(finding), marked)?;
        findings.iter().position(|finding| finding.what == severe[place].what)
    });
    let ask = move || {
        next.get().map(|place| {
            // It is selected by being gone to.
            let go = move |_| focus_on(&format!("[data-testid=finding][data-rank=\"{}\"]", place + 1));
            view! {
                <button type="button" class="small" data-testid="ask-next" title="It may be severe, and no mark tells yet" on:click=go>
                    {format!("Mark next: {}", place + 1)}
                </button>
            }
        })
    };
    let bar = move || {
        let order = move |name: &'static str| {
            view! { <button type="button" class="small" data-testid="order-marks" disabled=page.is_busy() on:click=move |_| tasks::order_by_marks(page)>{name}</button> }
        };
        match (can.get(), taught().is_some()) {
            (false, false) => None,
            (true, false) => Some(view! {
                <div class="acts review">{order("Order by your marks")} <span class="hint">"Alike to suspicious ones up, alike to expected ones down. Nothing is hidden."</span></div>
            }.into_any()),
            (_, true) => Some(view! {
                <div class="acts review">
                    <span data-testid="ordered-by-marks">"Ordered by your marks"</span>
                    {move || changed().then(|| order("Order again"))}
                    {ask}
                    <button type="button" class="small" data-testid="order-severity" on:click=move |_| tasks::order_by_severity(page)>"By severity"</button>
                </div>
            }.into_any()),
        }
    };
    view! { {bar} }
}

/// Has it known where the flow stands that is told of.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.stands,
        move || {
            let taught = page.runs.taught.get().filter(|_| page.can_ask() && is_ordered(page))?;
            Some((page.explained()?.offset, Arc::clone(&taught.learned)))
        },
        async |host, (offset, learned)| {
            let query = StandingQuery { learned: Arc::clone(learned), offsets: vec![*offset] };
            Ok(engine::ask_all(host, query).await?.rows.pop())
        },
    );
}

/// Flows are listed in the order that marks teach.
fn is_ordered(page: Page) -> bool {
    page.selection.sort.get().by.is_learned()
}

/// What moves a flow, where flows are listed in that order.
pub fn flow_moved(page: Page, flow: &RankedRow) -> Option<String> {
    let taught = page.runs.taught.get().filter(|_| is_ordered(page))?;
    let known = page.runs.stands.get().filter(|known| known.0.0 == flow.offset && known.0.1 == taught.learned)?;
    let Some(because) = known.1.and_then(|standing| standing.because) else {
        return Some("Your marks do not move it.".to_owned());
    };
    let (way, mark) = words(because.up);
    let why = match because.subject {
        Subject::Flow(offset) if offset == flow.offset => format!("you marked it {mark}"),
        Subject::Flow(_) if because.together => format!("in one group with a flow that you marked {mark}"),
        Subject::Flow(offset) => {
            let who = page.review.who_of_flow(offset).map(|who| format!(" ({who})")).unwrap_or_default();
            format!("{} alike to a flow that you marked {mark}{who}", format::share(because.alike))
        }
        Subject::Group(_) if because.together => format!("in a group that you marked {mark}"),
        Subject::Group(_) => {
            format!("{} alike to a flow of a group that you marked {mark}", format::share(because.alike))
        }
    };
    let last = page.selection.sort.get().by == SortBy::Untold && because.alike >= ALIKE_ENOUGH;
    Some(if last { format!("Comes last: {why}.") } else { format!("Ranked {way}: {why}.") })
}

/// Which way marks move, and which do.
fn words(up: bool) -> (&'static str, &'static str) {
    if up { ("up", "suspicious") } else { ("down", "expected") }
}

/// Why a finding is where it is, if marks moved it.
pub fn moved(page: Page, finding: &Finding) -> Option<String> {
    let taught = page.runs.taught.get()?;
    let severe = finding_list::by_severity(page)?;
    let ordered = taught.order(severe, |finding| page.review.flows_of(finding));
    let place = ordered.findings.iter().position(|other| other.what == finding.what)?;
    let because = ordered.stands.get(place)?.because?;
    let (way, mark) = words(because.up);
    if is_subject(finding, because.subject) {
        return Some(format!("Ranked {way}: you marked it {mark}."));
    }
    let other = ordered.findings.iter().position(|other| is_subject(other, because.subject));
    let other = other.map_or_else(
        || "a flow".to_owned(),
        |other| {
            format!("finding {} ({}, {})", other + 1, ordered.findings[other].title(), ordered.findings[other].who())
        },
    );
    Some(format!("Ranked {way}: alike to {other}, which you marked {mark}."))
}
