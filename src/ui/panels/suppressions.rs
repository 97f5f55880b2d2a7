//! Rules that hide findings: what one would be, how many findings are hidden, and by which.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    report::{Common, Part, Suppression},
    ui::{
        findings::Finding,
        format, said,
        state::Page,
        tasks,
        words::{covered, part},
    },
};

/// Of a finding that is expected: a button that hides all such from now on, beside what that would be, which can be changed.
pub fn offer(page: Page, finding: &Finding, all: &Arc<Vec<Finding>>) -> AnyView {
    if !finding.common.is_enough() {
        let words = "Its flows have no host, port or protocol in common, so no rule can be made of it.";
        return view! { <p class="hint">{words}</p> }.into_any();
    }
    if let Some(rule) = page.hiding.rule_of(finding) {
        return view! { <p class="hint" data-testid="suppressed-by">{format!("Hidden by the rule: {}.", covered(&rule.what))}</p> }.into_any();
    }
    let (finding, all) = (finding.clone(), Arc::clone(all));
    // What sets it apart may well be something else tomorrow, so that is asked for only where it is wanted.
    let wanted = RwSignal::new(Part::ALL.map(|part| part != Part::Apart));
    let common = finding.common.clone();
    let rule = Memo::new(move |_| common.only(wanted.get()));
    let meant = said(move || {
        let rule = rule.get();
        if !rule.is_enough() {
            return "Choose a host, a port or a protocol.".to_owned();
        }
        let hidden = all.iter().filter(|other| rule.covers(&other.common)).count();
        format!("{} ({} in this list)", covered(&rule), format::counted(hidden as u64, "finding", "findings"))
    });
    let choice = |one: Part| {
        let words = part(one, finding.common.get(one)?);
        Some(view! {
            <label class="check">
                <input
                    type="checkbox" data-testid="suppress-part" value=one.name() prop:checked=move || wanted.get()[one as usize]
                    on:change=move |event| wanted.update(|wanted| wanted[one as usize] = event_target_checked(&event))
                />
                <span>{words}</span>
            </label>
        })
    };
    let choices = Part::ALL.into_iter().filter_map(choice).collect_view();
    let hide = move |_| {
        let note = untrack(|| page.review.remark(&finding)).map(|remark| remark.note).unwrap_or_default();
        tasks::suppress(page, rule.get_untracked(), &note);
    };
    view! {
        <div class="suppress">
            <button type="button" class="small" data-testid="suppress" disabled=move || !rule.get().is_enough() on:click=hide>"Hide such from now on"</button>
            " "
            <span class="hint" data-testid="suppress-words">{meant}</span>
            <details data-testid="suppress-parts"><summary>"Which parts count"</summary><div class="fields">{choices}</div></details>
        </div>
    }
    .into_any()
}

/// How many findings are hidden, and the rules.
#[component]
pub fn SuppressionBar(findings: Memo<Option<Arc<Vec<Finding>>>>) -> impl IntoView {
    let page = Page::here();
    let hiding = page.hiding;
    // The rules that hide findings of this list, one for each that is hidden.
    let hides = Memo::new(move |_| {
        findings.with(|all| {
            let rule = |finding: &Finding| hiding.rule_of(finding).map(|rule| rule.what);
            all.as_ref().map(|all| all.iter().filter_map(rule).collect::<Vec<Common>>()).unwrap_or_default()
        })
    });
    let rules = Memo::new(move |_| hiding.in_force());
    let some = Memo::new(move |_| rules.with(|rules| !rules.is_empty()));
    let told = said(move || {
        hides.with(|hides| {
            let first = |(place, rule): &(usize, &Common)| !hides[..*place].contains(rule);
            let by = hides.iter().enumerate().filter(first).count();
            let by = format::counted(by as u64, "rule", "rules");
            match hides.len() {
                0 => "No finding is hidden by a rule.".to_owned(),
                1 => format!("1 finding is hidden by {by}."),
                many => format!("{} findings are hidden by {by}.", format::count(many as u64)),
            }
        })
    });
    let list = move || rules.get().into_iter().map(|rule| line(page, rule, hides)).collect_view();
    let title = said(move || format!("Rules ({})", rules.with(Vec::len)));
    let unkept = move || {
        (hiding.kept.get() == Some(false)).then(|| {
            let words = "This browser does not keep rules: download the detector as a model, which carries them.";
            view! { <p class="sub" data-testid="rules-unkept">{words}</p> }
        })
    };
    view! {
        <Show when=move || some.get()>
            <div class="acts review suppressions">
                <span data-testid="suppressed-count" data-value=said(move || hides.with(Vec::len).to_string())>{told}</span>
                <button
                    type="button" class="small" data-testid="show-suppressed" aria-pressed=said(move || hiding.shown.get().to_string())
                    on:click=move |_| hiding.shown.update(|shown| *shown = !*shown)
                >
                    "Show them"
                </button>
                <details data-testid="suppressions"><summary>{title}</summary><ul>{list}</ul></details>
            </div>
        </Show>
        {unkept}
    }
}

fn line(page: Page, (rule, lent): (Suppression, bool), hides: Memo<Vec<Common>>) -> impl IntoView {
    let Suppression { what, note, .. } = rule;
    let words = covered(&what);
    let label = format!("Remove: {words}");
    let hidden = {
        let what = what.clone();
        said(move || {
            hides.with(|hides| {
                format!(" · hides {}", format::count(hides.iter().filter(|rule| **rule == what).count() as u64))
            })
        })
    };
    view! {
        <li data-testid="suppression" data-from=if lent { "model" } else { "visitor" }>
            <span>{words}</span>
            <span class="hint">{(!note.is_empty()).then(|| format!(" · {note}"))} {lent.then_some(" · from the model")} {hidden}</span>
            " "
            <button type="button" class="small" data-testid="remove-suppression" aria-label=label on:click=move |_| tasks::remove_suppression(page, &what)>"Remove"</button>
        </li>
    }
}
