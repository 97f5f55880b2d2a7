//! What is drawn over the timeline: a stretch of the time to be looked at, by the pointer or by keys.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Div,
    prelude::*,
};

use super::chart::{LEFT, RIGHT};
use crate::{report::PARTS, ui::said, web::dom::capture_pointer};

/// Lies over the chart. `over` is told which parts of the time are pointed at, `chosen` those that were drawn over.
#[component]
pub fn Brush(
    /// The parts that are pointed at, the first and the last.
    over: RwSignal<Option<[usize; 2]>>,
    /// Called with the parts that are to be looked at.
    chosen: Callback<[usize; 2]>,
) -> impl IntoView {
    let plane = NodeRef::<Div>::new();
    // Where the pointer was pressed.
    let pressed = RwSignal::new(None::<usize>);
    let part = move |event: &PointerEvent| {
        let width = f64::from(plane.get_untracked()?.client_width().max(1));
        let share = f64::from(event.offset_x()) / width;
        Some(((share * PARTS as f64).max(0.0) as usize).min(PARTS - 1))
    };
    let moved = move |event: PointerEvent| {
        let Some(part) = part(&event) else { return };
        let from = pressed.get_untracked().unwrap_or(part);
        over.set(Some([from.min(part), from.max(part)]));
    };
    let down = move |event: PointerEvent| {
        if let (0, Some(part)) = (event.button(), part(&event)) {
            pressed.set(Some(part));
            over.set(Some([part; 2]));
            capture_pointer(&event);
        }
    };
    let up = move |_| {
        let (was, parts) = (pressed.get_untracked(), over.get_untracked());
        pressed.set(None);
        if let (Some(_), Some(parts)) = (was, parts) {
            chosen.run(parts);
        }
    };
    let keys = move |event: KeyboardEvent| {
        let [first, last] = over.get_untracked().unwrap_or([0; 2]);
        let next = match (event.key().as_str(), event.shift_key()) {
            ("ArrowRight", true) => Some([first, (last + 1).min(PARTS - 1)]),
            ("ArrowLeft", true) => Some([first, last.saturating_sub(1).max(first)]),
            ("ArrowRight", false) => Some([(first + 1).min(PARTS - 1); 2]),
            ("ArrowLeft", false) => Some([first.saturating_sub(1); 2]),
            ("Escape", _) => None,
            ("Enter", _) => return chosen.run([first, last]),
            _ => return,
        };
        event.prevent_default();
        over.set(next);
    };
    let share = |parts: usize| format!("{:.3}%", 100.0 * parts as f64 / PARTS as f64);
    let left = said(move || over.get().map_or_else(String::new, |parts| share(parts[0])));
    let width = said(move || over.get().map_or_else(String::new, |[first, last]| share(last + 1 - first)));
    view! {
        <div
            class="brush"
            node_ref=plane
            style:left=format!("{LEFT}px")
            style:right=format!("{RIGHT}px")
            role="group"
            tabindex="0"
            data-testid="timeline-brush"
            aria-label="A stretch of the time: arrow keys move it, with Shift they lengthen it, Enter looks at it"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| pressed.set(None)
            on:pointerleave=move |_| if pressed.get_untracked().is_none() { over.set(None) }
            on:keydown=keys
        >
            <i hidden=move || over.get().is_none() style:left=left style:width=width></i>
        </div>
    }
}
