//! The line of the threshold in the histogram, to be dragged or moved by keys. Elsewhere in the chart a press does
//! nothing, and a finger scrolls.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Div,
    prelude::*,
};

use super::chart::{LEFT, RIGHT, scores_axis};
use crate::{
    report::Axis,
    ui::{format, said, state::Page, tasks},
    web::dom::capture_pointer,
};

/// The way that an arrow key moves the line, as a share of the axis; ten times that with Page Up and Page Down.
const STEP: f64 = 0.005;

/// What lies over the chart: as wide as the plane of its axes, and in it the handle.
#[component]
pub fn Handle() -> impl IntoView {
    let page = Page::here();
    let plane = NodeRef::<Div>::new();
    // Where the pointer was pressed, and where the line was then.
    let dragged = RwSignal::new(None::<(i32, f64)>);
    let axis = move || page.runs.charted.with(|view| view.map(|view| scores_axis(&view.histogram)));
    let move_to = move |axis: Axis, share: f64| {
        let place = axis.low + (axis.high - axis.low) * share.clamp(0.0, 1.0);
        tasks::move_threshold(page, axis.scale.value(place));
    };
    let drag = move |event: &PointerEvent| {
        let known = plane.get_untracked().zip(untrack(axis)).zip(dragged.get_untracked());
        if let Some(((plane, axis), (from, share))) = known {
            let way = f64::from(event.client_x() - from) / f64::from(plane.client_width().max(1));
            move_to(axis, share + way);
        }
    };
    let down = move |event: PointerEvent| {
        if let Some(axis) = untrack(|| axis().filter(|_| page.can_ask() && !page.busy())) {
            page.runs.remember();
            dragged.set(Some((event.client_x(), share(axis, page.runs.threshold.get_untracked()))));
            capture_pointer(&event);
        }
    };
    let keys = move |event: KeyboardEvent| {
        let Some(axis) = untrack(axis) else { return };
        let key = event.key();
        let step = match key.as_str() {
            "ArrowRight" | "ArrowUp" => STEP,
            "ArrowLeft" | "ArrowDown" => -STEP,
            "PageUp" => 10.0 * STEP,
            "PageDown" => -10.0 * STEP,
            "z" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                return page.runs.undo();
            }
            _ => return,
        };
        event.prevent_default();
        move_to(axis, share(axis, page.runs.threshold.get_untracked()) + step);
    };
    let now = said(move || page.runs.threshold.get().to_string());
    let left = said(move || {
        let share = axis().map_or(0.0, |axis| share(axis, page.runs.threshold.get()));
        format!("{:.3}%", 100.0 * share)
    });
    let [low, high] = [0, 1].map(|end| {
        said(move || {
            page.runs.finished.with(|run| {
                run.as_ref().map_or_else(String::new, |run| [run.outcome.low, run.outcome.high][end].to_string())
            })
        })
    });
    let words = said(move || {
        let anomalies = page.runs.verdict.get().anomalies;
        format!("{}, {}", format::score(page.runs.threshold.get()), format::counted(anomalies, "flow", "flows"))
    });
    view! {
        <div class="over" node_ref=plane style:left=format!("{LEFT}px") style:right=format!("{RIGHT}px")>
            <div
                class="handle"
                class:dragged=move || dragged.get().is_some()
                style:left=left
                role="slider"
                tabindex="0"
                data-testid="threshold-handle"
                aria-label="Threshold"
                aria-valuemin=low
                aria-valuemax=high
                aria-valuenow=now
                aria-valuetext=words
                aria-disabled=said(move || page.busy().to_string())
                on:focus=move |_| page.runs.remember()
                on:keydown=keys
                on:pointerdown=down
                on:pointermove=move |event| drag(&event)
                on:pointerup=move |_| dragged.set(None)
                on:pointercancel=move |_| dragged.set(None)
            ></div>
        </div>
    }
}

/// Where a score lies on the axis, as a share of it.
fn share(axis: Axis, score: f64) -> f64 {
    let share = (axis.scale.place(score) - axis.low) / (axis.high - axis.low);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scale;

    #[test]
    fn the_line_is_on_the_axis_wherever_the_threshold_is() {
        let axis = Axis { column: 0, scale: Scale::Linear, low: 0.4, high: 0.8 };
        assert_eq!(
            [0.4, 0.6, 0.9, -1.0, f64::NAN].map(|score| (share(axis, score) * 100.0).round()),
            [0.0, 50.0, 100.0, 0.0, 0.0]
        );
        let errors = Axis { column: 0, scale: Scale::Log, low: -6.0, high: -2.0 };
        assert!((share(errors, 1e-4) - 0.5).abs() < 1e-9);
    }
}
