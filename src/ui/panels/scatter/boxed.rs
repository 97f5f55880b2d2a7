//! A box that is drawn over the chart, to look at the flows in it.

use leptos::prelude::*;

use super::drawn::Corner;
use crate::{
    report::{Axis, edit},
    table::{Field, Storage},
    ui::{panels::traffic::typed, state::Page},
};

/// Looks at the flows in a box, besides what the filter says already of other columns.
pub fn look_into(page: Page, corners: [Corner; 2], axes: &[(Axis, Field); 2]) {
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
    let term = |sign: &str, share: f64| edit::written(&field.name, sign, &text(value(share), field));
    [(low > 0.0).then(|| term(">=", low)), (high < 1.0).then(|| term("<=", high))]
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

/// A value of a column as it is typed into the filter.
pub fn text(value: f64, field: &Field) -> String {
    match field.storage() {
        Storage::Time { per } => typed((value * per as f64) as i64, field),
        // As exactly as the chart knows it.
        _ => (value as f32).to_string(),
    }
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
