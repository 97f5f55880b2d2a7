//! What can be said of a finding, and of any flow: marks by buttons, and a note.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, html::Textarea, prelude::*};

use super::{super::suppressions::offer, words};
use crate::{
    engine::Single,
    report::{Mark, RankedRow, Remark},
    ui::{
        findings::{self, Finding, alike},
        said,
        state::{Loaded, Page},
        tasks,
    },
    web::dom::focus_selected,
};

/// Where something is said, by names for scripts.
#[derive(Clone, Copy)]
struct Spot {
    /// The list in which it is.
    list: &'static str,
    /// How the names of marks begin.
    mark: &'static str,
    note: &'static str,
}

const OF_FINDING: Spot = Spot { list: "finding-list", mark: "mark", note: "finding-note" };
const OF_FLOW: Spot = Spot { list: "anomaly-table", mark: "flow", note: "flow-note" };

/// What can be said of a finding.
pub fn buttons(page: Page, finding: &Finding, all: &Arc<Vec<Finding>>) -> impl IntoView + use<> {
    let finding = Arc::new(finding.clone());
    let known = remark_of(page, &finding);
    let marked = move || known.with(|known| known.as_ref().and_then(|known| known.mark));
    let similar: Vec<Finding> = all.iter().filter(|other| alike(&finding, other)).cloned().collect();
    let more = move || {
        let mark = marked()?;
        let open: Vec<Finding> = similar
            .iter()
            .filter(|other| page.review.remark(other).is_none_or(|known| known.mark.is_none()))
            // What is hidden is not marked unseen.
            .filter(|other| page.hiding.lists(other))
            .cloned()
            .collect();
        (!open.is_empty()).then(|| {
            let words = format!("{} more like this: mark too", open.len());
            let mark_all = move |_| open.iter().for_each(|finding| tasks::mark(page, finding, mark));
            view! { <button type="button" class="small" data-testid="mark-alike" on:click=mark_all>{words}</button> }
        })
    };
    let expected = Memo::new(move |_| marked() == Some(Mark::Expected));
    let rule = {
        let (finding, all) = (Arc::clone(&finding), Arc::clone(all));
        move || expected.get().then(|| offer(page, &finding, &all))
    };
    view! {
        <div class="acts" role="group" aria-label="Your mark">
            {mark_buttons(page, &finding, known, OF_FINDING)} {more}
        </div>
        {rule}
        {note_field(page, &finding, known, OF_FINDING)}
    }
}

/// What can be said of a flow: a mark, and a note.
pub fn flow_buttons(page: Page, flow: &RankedRow, loaded: &Loaded) -> [AnyView; 2] {
    let finding = Arc::new(of_flow(flow, loaded));
    let known = remark_of(page, &finding);
    let marks = mark_buttons(page, &finding, known, OF_FLOW);
    let marks = view! { <div class="acts" role="group" aria-label="Your mark">{marks}</div> };
    [marks.into_any(), note_field(page, &finding, known, OF_FLOW).into_any()]
}

/// A flow of a table as a finding, of which something can be said.
pub fn of_flow(flow: &RankedRow, loaded: &Loaded) -> Finding {
    findings::of_flow(&Single { severity: None, row: flow.clone() }, &loaded.dataset)
}

fn remark_of(page: Page, finding: &Arc<Finding>) -> Memo<Option<Remark>> {
    let finding = Arc::clone(finding);
    Memo::new(move |_| page.review.remark(&finding))
}

fn mark_buttons(page: Page, finding: &Arc<Finding>, known: Memo<Option<Remark>>, spot: Spot) -> impl IntoView + use<> {
    let button = |mark: Mark| {
        let (word, key) = words(mark);
        let finding = Arc::clone(finding);
        let pressed = move || known.with(|known| known.as_ref().and_then(|known| known.mark)) == Some(mark);
        view! {
            <button
                type="button" class="small" data-testid=format!("{}-{}", spot.mark, mark.name()) title=format!("Key, in the list: {key}")
                aria-pressed=said(move || pressed().to_string())
                on:click=move |_| tasks::mark(page, &finding, mark)
            >
                {word}
            </button>
        }
    };
    Mark::ALL.map(button).collect_view()
}

fn note_field(page: Page, finding: &Arc<Finding>, known: Memo<Option<Remark>>, spot: Spot) -> impl IntoView + use<> {
    let field = NodeRef::<Textarea>::new();
    let finding = Arc::clone(finding);
    let save = move |_| {
        if let Some(field) = field.get_untracked() {
            tasks::note(page, &finding, field.value());
        }
    };
    view! {
        <label class="field">
            <span>"Note"</span>
            <textarea
                node_ref=field rows="1" data-testid=spot.note
                prop:value=move || known.with(|known| known.as_ref().map(|known| known.note.clone()).unwrap_or_default())
                on:change=save
                on:keydown=move |event: KeyboardEvent| if event.key() == "Escape" { focus_selected(spot.list) }
            ></textarea>
        </label>
    }
}
