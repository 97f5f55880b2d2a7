//! A box that is drawn over the chart, to look at the flows in it.

use leptos::{ev::PointerEvent, html::Div, prelude::*};

use crate::{
    report::{Axis, edit},
    table::{Field, Storage},
    ui::{panels::traffic::typed, said, state::Page},
    web::dom::capture_pointer,
};

/// A corner, as shares of the plane's width and height from its upper left.
type Corner = [f64; 2];

/// Lies over the plane of the axes. `drawn` is told opposite corners.
#[component]
pub fn BoxOver(drawn: Callback<[Corner; 2]>) -> impl IntoView {
    let plane = NodeRef::<Div>::new();
    let corners = RwSignal::new(None::<[Corner; 2]>);
    let corner = move |event: &PointerEvent| -> Option<Corner> {
        let plane = plane.get_untracked()?;
        let share = |at: i32, size: i32| (f64::from(at) / f64::from(size.max(1))).clamp(0.0, 1.0);
        Some([share(event.offset_x(), plane.client_width()), share(event.offset_y(), plane.client_height())])
    };
    let down = move |event: PointerEvent| {
        if let (0, Some(corner)) = (event.button(), corner(&event)) {
            corners.set(Some([corner; 2]));
            capture_pointer(&event);
        }
    };
    let moved = move |event: PointerEvent| {
        if let (Some([first, _]), Some(corner)) = (corners.get_untracked(), corner(&event)) {
            corners.set(Some([first, corner]));
        }
    };
    let up = move |_| {
        if let Some(ends) = corners.get_untracked() {
            corners.set(None);
            drawn.run(ends);
        }
    };
    let edge = move |axis: usize, far: bool| {
        said(move || {
            let Some([a, b]) = corners.get() else { return String::new() };
            let share = if far { 1.0 - a[axis].max(b[axis]) } else { a[axis].min(b[axis]) };
            format!("{:.3}%", 100.0 * share)
        })
    };
    view! {
        <div
            class="boxing"
            node_ref=plane
            data-testid="scatter-box"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| corners.set(None)
        >
            <i hidden=move || corners.get().is_none() style:left=edge(0, false) style:right=edge(0, true) style:top=edge(1, false) style:bottom=edge(1, true)></i>
        </div>
    }
}

/// Looks at the flows in a box, besides what the filter says already of other columns.
pub fn look_into(page: Page, corners: [Corner; 2], axes: [(Axis, Field); 2]) {
    let mut text = page.selection.text.get_untracked();
    for (number, (axis, field)) in axes.iter().enumerate() {
        // From the lower end of the axis: the plane's heights count from above.
        let mut ends = corners.map(|corner| if number == 0 { corner[0] } else { 1.0 - corner[1] });
        ends.sort_unstable_by(f64::total_cmp);
        text = edit::compared(&text, &field.name, &within(ends, axis, field));
    }
    page.look_for(text);
}

/// What leaves the values between two places of an axis, given as shares of it. Beyond its ends there are none.
fn within([low, high]: [f64; 2], axis: &Axis, field: &Field) -> Vec<String> {
    let value = |share: f64| axis.scale.value(axis.low + (axis.high - axis.low) * share);
    let text = |value: f64| match field.storage() {
        Storage::Time { per } => typed((value * per as f64) as i64, field),
        // As exactly as the chart knows it.
        _ => (value as f32).to_string(),
    };
    let term = |sign: &str, share: f64| edit::written(&field.name, sign, &text(value(share)));
    [(low > 0.0).then(|| term(">=", low)), (high < 1.0).then(|| term("<=", high))]
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::Scale,
        table::{Kind, Role},
    };

    #[test]
    fn a_box_is_what_the_filter_leaves() {
        let field = Field::new("Total bytes", Kind::Number, Role::Measure);
        let axis = Axis { column: 0, scale: Scale::Linear, low: -10.0, high: 30.0 };
        assert_eq!(within([0.0, 0.5], &axis, &field), ["\"Total bytes\"<=10"]);
        assert_eq!(within([0.125, 1.0], &axis, &field), ["\"Total bytes\">=\"-5\""]);
        assert_eq!(within([0.0, 1.0], &axis, &field), [""; 0]);
        let log = Axis { scale: Scale::SignedLog, low: 0.0, high: 6.0, ..axis };
        assert_eq!(within([0.5, 1.0], &log, &field), ["\"Total bytes\">=999"]);
    }
}
