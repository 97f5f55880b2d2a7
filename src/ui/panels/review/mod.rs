//! What the visitor says of findings: buttons, keys, and how far the review is.

mod buttons;

pub use buttons::{buttons, flow_buttons, of_flow};

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    report::{Mark, Notebook, Remark},
    ui::{findings::Finding, format, said, state::Page, tasks},
    web::dom::chosen_files,
};

/// A mark as a button, with its key.
fn words(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Suspicious => ("Suspicious", "S"),
        Mark::Expected => ("Expected", "E"),
        Mark::Unsure => ("Unsure", "U"),
    }
}

/// A mark's name for people.
pub fn name(mark: Mark) -> &'static str {
    words(mark).0
}

/// Marks a finding by its key, or takes the last mark back; whether the key means something.
pub fn key(page: Page, finding: &Finding, event: &KeyboardEvent) -> bool {
    let pressed = event.key().to_uppercase();
    if pressed == "Z" {
        tasks::undo_remark(page);
    } else if let Some(mark) = Mark::ALL.into_iter().find(|mark| words(*mark).1 == pressed) {
        tasks::mark(page, finding, mark);
    } else {
        return false;
    }
    true
}

/// The mark of a finding in a list.
pub fn badge(page: Page, finding: &Finding) -> impl IntoView + use<> {
    let finding = finding.clone();
    badge_of(move || page.review.remark(&finding))
}

/// The mark of a flow in a list.
pub fn flow_badge(page: Page, offset: u64) -> impl IntoView {
    badge_of(move || page.review.remark_of_flow(offset))
}

fn badge_of(remark: impl Fn() -> Option<Remark> + Send + Sync + 'static) -> impl IntoView {
    let mark = Memo::new(move |_| remark().map(|remark| (remark.mark, !remark.note.is_empty())));
    move || {
        mark.get().map(|(mark, noted)| {
            let name = mark.map(|mark| words(mark).0);
            let class = mark.map_or("mark", |mark| match mark {
                Mark::Suspicious => "mark odd",
                Mark::Expected | Mark::Unsure => "mark",
            });
            view! { <span class=class data-testid="finding-mark" data-value=mark.map(Mark::name)>{name} {noted.then(|| view! { <span title="with a note" aria-label="with a note">" ✎"</span> })}</span> " " }
        })
    }
}

/// How far the review is, and what became of it.
#[component]
pub fn ReviewBar(findings: Memo<Option<Arc<Vec<Finding>>>>) -> impl IntoView {
    let page = Page::here();
    let review = page.review;
    let reviewed = Memo::new(move |_| {
        let marked = |finding: &&&Finding| review.remark(finding).is_some_and(|known| known.mark.is_some());
        findings.with(|all| {
            // What rules hide is expected, and needs no mark.
            let open = |finding: &&Finding| page.hiding.rule_of(finding).is_none();
            let open: Vec<&Finding> = all.iter().flat_map(|all| all.iter()).filter(open).collect();
            [open.iter().filter(marked).count(), open.len()]
        })
    });
    let some = Memo::new(move |_| review.notebook.with(|notebook| !notebook.is_empty()));
    let progress = said(move || {
        let [done, all] = reviewed.get();
        format!("{done} of {} reviewed", format::counted(all as u64, "finding", "findings"))
    });
    let elsewhere = move || {
        let said = review.notebook.with(Notebook::len);
        let here = findings.with(|all| {
            all.as_ref().map_or(0, |all| all.iter().filter(|finding| review.remark(finding).is_some()).count())
        });
        (said > here).then(|| {
            format!(
                "{} on flows that are not in this list.",
                format::counted((said - here) as u64, "remark is", "remarks are")
            )
        })
    };
    let unkept = move || {
        (some.get() && review.kept.get() == Some(false))
            .then_some("This browser does not keep marks: download them before you leave.")
    };
    view! {
        <div class="acts review">
            <span data-testid="review-progress" data-value=said(move || reviewed.get()[0].to_string())>{progress}</span>
            <span class="hint"><kbd>"J"</kbd> <kbd>"K"</kbd> " move · " <kbd>"S"</kbd> <kbd>"E"</kbd> <kbd>"U"</kbd> " mark · " <kbd>"N"</kbd> " note · " <kbd>"Z"</kbd> " undo"</span>
            <button type="button" class="small" data-testid="undo-mark" disabled=move || !review.undoable.get() on:click=move |_| tasks::undo_remark(page)>"Undo"</button>
            <details class="marks" data-testid="marks">
            <summary>"Marks"</summary>
            <div class="acts">
            <button type="button" class="small" data-testid="download-marks" disabled=move || !some.get() || page.busy() on:click=move |_| tasks::download_remarks(page)>"Download"</button>
            <label class="button small">
                "Load"
                <input
                    class="hidden" type="file" data-testid="marks-input" accept=".json" disabled=page.is_busy()
                    on:change=move |event| {
                        if let Some(file) = chosen_files(&event).into_iter().next() {
                            tasks::load_remarks(page, file);
                        }
                    }
                />
            </label>
            <button type="button" class="small" data-testid="clear-marks" disabled=move || !some.get() on:click=move |_| tasks::clear_remarks(page)>"Clear"</button>
            </div>
            </details>
        </div>
        {move || elsewhere().map(|words| view! { <p class="sub">{words}</p> })}
        {move || unkept().map(|words| view! { <p class="sub" data-testid="marks-unkept">{words}</p> })}
    }
}
