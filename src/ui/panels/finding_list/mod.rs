//! Groups, bursts and single flows as one list, those first that stand out, the most severe first.

mod detail;

pub use detail::FindingDetail;

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    learning::LearnBar,
    review::{self, ReviewBar},
    suppressions::SuppressionBar,
};
use crate::{
    engine::{self, SinglesQuery},
    ui::{
        components::HowToRead,
        findings::{Finding, SINGLES, Standing, What, findings},
        format, said,
        state::Page,
        tasks::{self, What as Download},
        words::covered,
    },
    web::dom::{focus_on, focus_sibling},
};

/// Columns that a line of the list names.
const TOLD: usize = 3;

const SEVERITY: &str = "Severity: how much farther from all others than from each other, or how many within how short a time, as a multiple of what chance does. What goes on all through the file comes after all that stands out";
const LESS: &str =
    "They go on all through the file, as routine does, or stand out no more than chance would: these come last";
const AGAINST: &str = "Severity: how far from the flows of the baseline, or up to where there are too few of them, times the root of their number; 1 is as far as four in five of those are from each other";

/// Has the single flows known, and then the flows of the selected group.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.singles,
        move || {
            let anomalies = page.runs.verdict.get().anomalies;
            page.can_ask().then_some(anomalies)
        },
        async |host, &anomalies| Ok(engine::ask_all(host, SinglesQuery { anomalies, most: SINGLES }).await?.rows),
    );
    detail::ask(page);
}

/// All findings, those first that stand out, if they are known.
pub fn by_severity(page: Page) -> Option<Vec<Finding>> {
    let finished = page.runs.finished.get()?;
    let loaded = page.data.loaded.get()?;
    let singles = page.runs.singles.get()?;
    Some(findings(&finished.outcome, &singles.1, &loaded.dataset))
}

/// All findings in the order in which they are listed: by severity, or as marks taught.
pub fn all(page: Page) -> Option<Arc<Vec<Finding>>> {
    let findings = by_severity(page)?;
    Some(Arc::new(match page.runs.taught.get() {
        Some(taught) => taught.order(findings, |finding| page.review.flows_of(finding)).findings,
        None => findings,
    }))
}

/// Of each finding, the rule that hides it from the list, in words; nothing where none does.
pub fn hidden(page: Page, findings: &[Finding]) -> Vec<String> {
    let rule = |finding: &Finding| page.hiding.rule_of(finding).map(|rule| covered(&rule.what)).unwrap_or_default();
    findings.iter().map(rule).collect()
}

/// The number of the selected finding, from 0; where it is hidden, that of the next in the list. None if nothing is listed.
fn selected(page: Page, findings: &[Finding]) -> Option<usize> {
    let wanted = page.selection.finding.get().min(findings.len().saturating_sub(1));
    let listed = |place: &usize| page.hiding.lists(&findings[*place]);
    (wanted..findings.len()).find(listed).or_else(|| (0..wanted).rev().find(listed))
}

/// What the selected finding is.
pub fn chosen(page: Page) -> Option<What> {
    let findings = all(page)?;
    let place = selected(page, &findings)?;
    Some(findings[place].what.clone())
}

/// Its place in the list, from 0.
pub fn place_of(page: Page, what: &What) -> Option<usize> {
    all(page)?.iter().position(|finding| finding.what == *what)
}

/// The list.
#[component]
pub fn FindingList(findings: Memo<Option<Arc<Vec<Finding>>>>) -> impl IntoView {
    let page = Page::here();
    let many = move || findings.get().map_or(0, |findings| findings.len());
    let standing = move || findings.get().map(|findings| Standing::of(&findings)).unwrap_or_default();
    let title = said(move || match standing().groups {
        0 => "No groups stand out".to_owned(),
        groups => format::counted(groups as u64, "group of flows", "groups of flows"),
    });
    let usual = move || {
        let run = page.runs.finished.get().filter(|run| run.outcome.baseline().is_some())?;
        let usual =
            format::counted(run.outcome.usual_groups as u64, "set of alike flows is", "sets of alike flows are");
        Some(format!("{usual} about as common in the baseline, and not listed."))
    };
    let chosen = Memo::new(move |_| findings.with(|all| selected(page, all.as_ref()?)));
    let rules = Memo::new(move |_| findings.with(|all| all.as_ref().map(|all| hidden(page, all))));
    let lines = move || {
        let (findings, rules) = (findings.get()?, rules.get()?);
        let shown = page.hiding.shown.get();
        let all = findings.iter().zip(&rules).enumerate();
        let listed = all.filter(|(_, (_, rule))| shown || rule.is_empty());
        Some(listed.map(|(place, (finding, rule))| line(page, chosen, place, finding, rule)).collect_view())
    };
    let alone = said(move || {
        let Standing { flows, others, .. } = standing();
        let flows = format::counted(flows as u64, "single flow", "single flows");
        if others == 0 { flows } else { format!("{flows} · {} more come last", format::count(others as u64)) }
    });
    view! {
        <section class="card list findings-list">
            <div class="list-head">
                <h2>{title}</h2>
                <span class="sub" title=LESS>{alone}</span>
                <button
                    type="button" class="small" data-testid="download-findings" disabled=move || page.busy() || many() == 0
                    on:click=move |_| tasks::download(page, Download::Findings)
                >
                    "Download findings"
                </button>
                <button
                    type="button" class="small" data-testid="download-report" disabled=move || page.busy() || !page.can_ask()
                    on:click=move |_| tasks::write_report(page)
                >
                    "Report"
                </button>
                <HowToRead section="findings" />
            </div>
            <ReviewBar findings />
            <LearnBar findings />
            <SuppressionBar findings />
            {move || usual().map(|usual| view! { <p class="sub" data-testid="usual-groups">{usual}</p> })}
            <div class="scroll" role="listbox" aria-label="Findings, those first that stand out" data-testid="finding-list">
                {lines}
            </div>
        </section>
    }
}

/// Another finding by the arrow keys, or by J and K; its mark by a key, and its note by N.
fn keys(page: Page, finding: &Finding, event: KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let steps = match event.key().as_str() {
        "ArrowDown" | "j" | "J" => 1,
        "ArrowUp" | "k" | "K" => -1,
        "Home" => i32::MIN,
        "End" => i32::MAX,
        "n" | "N" => {
            event.prevent_default();
            return focus_on("[data-testid=finding-note]");
        }
        _ => {
            if review::key(page, finding, &event) {
                event.prevent_default();
            }
            return;
        }
    };
    event.prevent_default();
    focus_sibling(&event, steps);
}

/// A finding, and the rule that would hide it.
fn line(page: Page, chosen: Memo<Option<usize>>, place: usize, finding: &Finding, rule: &str) -> impl IntoView + use<> {
    let here = Memo::new(move |_| chosen.get() == Some(place));
    let rule = (!rule.is_empty()).then(|| {
        let words = format!("Hidden by the rule: {rule}");
        view! { <span class="mark" title=words data-testid="finding-suppressed">"Hidden"</span> " " }
    });
    let select = move || {
        page.guide.opened.set(true);
        if page.selection.finding.get_untracked() != place {
            page.selection.finding.set(place);
        }
    };
    let (kind, mark) = match finding.what {
        What::Group(_) => ("group", "⇶"),
        What::Flow(_) => ("flow", "→"),
    };
    let severity = finding.severity.map(severity).unwrap_or_default();
    let class = if finding.stands_out() { "finding" } else { "finding late" };
    let against =
        page.runs.finished.with_untracked(|run| run.as_ref().is_some_and(|run| run.outcome.baseline().is_some()));
    let meant = if against { AGAINST } else { SEVERITY };
    let (who, time, why) = (finding.who(), finding.time(), finding.why(TOLD));
    let itself = finding.clone();
    view! {
        <div
            class=class role="option" data-testid="finding" data-kind=kind data-rank=(place + 1).to_string()
            data-size=finding.size.to_string() aria-selected=said(move || here.get().to_string())
            tabindex=move || if here.get() { "0" } else { "-1" }
            on:click=move |_| select() on:focus=move |_| select() on:keydown=move |event| keys(page, &itself, event)
        >
            <span class="number">{(place + 1).to_string()}</span>
            <span class="faint" aria-hidden="true">{mark}</span>
            <span class="severity" title=meant>{severity}</span>
            <span class="what">{review::badge(page, finding)} {rule} <b>{finding.title()}</b> " " <span>{who}</span> <span class="faint">{(!time.is_empty()).then(|| format!(" · {time}"))}</span></span>
            {bars(&finding.when)}
            <span class="why">{why}</span>
        </div>
    }
}

/// A severity, for reading.
pub fn severity(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}×") } else { format!("{}×", format::count(value.round() as u64)) }
}

/// Flows over time as small bars, 18 high and 2 wide each: a path, and the width of all. Nothing where there are none.
fn bars_path(when: &[u32]) -> Option<(String, usize)> {
    let most = when.iter().copied().max().filter(|&most| most > 0)?;
    let mut path = String::new();
    for (place, &flows) in when.iter().enumerate().filter(|bar| *bar.1 > 0) {
        // At least visible.
        let height = (18.0 * f64::from(flows) / f64::from(most)).max(2.0);
        path += &format!("M{} 18v{:.1}", 2 * place + 1, -height);
    }
    Some((path, 2 * when.len()))
}

/// The same drawn, for the eye alone, since the times stand beside.
pub(super) fn bars(when: &[u32]) -> Option<impl IntoView + use<>> {
    let (path, width) = bars_path(when)?;
    Some(view! {
        <svg class="when" viewBox=format!("0 0 {width} 18") preserveAspectRatio="none" aria-hidden="true"><path d=path /></svg>
    })
}
