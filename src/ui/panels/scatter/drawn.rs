//! What is drawn over the chart to look at the flows in it: a box, or a lasso.

use leptos::{
    ev::{KeyboardEvent, PointerEvent, keydown},
    html::Div,
    prelude::*,
};

use super::lasso::{MOST_DRAWN, simplified};
use crate::{ui::said, web::dom::capture_pointer};

/// A corner, as shares of the plane's width and height from its upper left.
pub type Corner = [f64; 2];

/// What is drawn.
#[derive(Clone, Copy, PartialEq)]
pub enum Shape {
    /// Between two opposite corners.
    Box,
    /// By hand.
    Lasso,
}

/// Lies over the plane of the axes. `drawn` is told the corners when the pointer is let go, and none when Escape is pressed.
#[component]
pub fn DrawOver(shape: Shape, drawn: Callback<Vec<Corner>>) -> impl IntoView {
    let plane = NodeRef::<Div>::new();
    let corners = RwSignal::new(Vec::<Corner>::new());
    let lasso = shape == Shape::Lasso;
    let corner = move |event: &PointerEvent| -> Option<Corner> {
        let plane = plane.get_untracked()?;
        let share = |at: i32, size: i32| (f64::from(at) / f64::from(size.max(1))).clamp(0.0, 1.0);
        // A second finger draws nothing.
        event
            .is_primary()
            .then(|| [share(event.offset_x(), plane.client_width()), share(event.offset_y(), plane.client_height())])
    };
    let down = move |event: PointerEvent| {
        if let (0, Some(corner)) = (event.button(), corner(&event)) {
            corners.set(vec![corner; 2]);
            capture_pointer(&event);
        }
    };
    let moved = move |event: PointerEvent| {
        let corner = corner(&event).filter(|_| corners.with_untracked(|corners| !corners.is_empty()));
        let Some(corner) = corner else { return };
        corners.update(|corners| {
            if !lasso {
                corners.truncate(1);
            } else if corners.len() >= MOST_DRAWN {
                *corners = simplified(std::mem::take(corners), MOST_DRAWN / 2);
            }
            corners.push(corner);
        });
    };
    let up = move |_| {
        let ends = corners.get_untracked();
        if !ends.is_empty() {
            corners.set(Vec::new());
            drawn.run(ends);
        }
    };
    let escape = window_event_listener(keydown, move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            corners.set(Vec::new());
            drawn.run(Vec::new());
        }
    });
    on_cleanup(move || escape.remove());
    let edge = move |axis: usize, far: bool| {
        said(move || {
            let corners = corners.get();
            let [a, b] = corners[..] else { return String::new() };
            let share = if far { 1.0 - a[axis].max(b[axis]) } else { a[axis].min(b[axis]) };
            format!("{:.3}%", 100.0 * share)
        })
    };
    let points = said(move || {
        let mut text = String::new();
        for share in corners.get().into_iter().filter(|_| lasso).flatten() {
            text.push_str(&((share * 1_000.0) as u32).to_string());
            text.push(' ');
        }
        text
    });
    view! {
        <div
            class="boxing"
            node_ref=plane
            data-testid=if lasso { "scatter-lasso" } else { "scatter-box" }
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| corners.set(Vec::new())
        >
            <i hidden=move || lasso || corners.with(Vec::is_empty) style:left=edge(0, false) style:right=edge(0, true) style:top=edge(1, false) style:bottom=edge(1, true)></i>
            <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
                <polyline data-testid="scatter-outline" points=points />
            </svg>
        </div>
    }
}
