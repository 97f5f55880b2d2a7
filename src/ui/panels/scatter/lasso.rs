//! An outline that is drawn by hand over the chart, to look at the flows inside.

use leptos::prelude::*;

use super::{boxed, drawn::Corner};
use crate::{
    report::{Axis, edit},
    table::{Field, TimeStyle},
    ui::state::Page,
};

/// Corners that are kept while a line is drawn.
pub const MOST_DRAWN: usize = 2_048;
/// Corners are as round as this part of an axis allows.
const ROUND: f64 = 1.0 / 2_000.0;
/// Beyond an axis by this part of it is what is drawn along its end: the outermost flows are inside then.
const BEYOND: f64 = 0.01;
/// Twice the area, as a share of the plane's, below which a triangle is a line to the eye.
const FLAT: f64 = 4e-6;
const TOO_ODD: &str = "The filter cannot tell these two columns by their names.";

/// A line without the corners that shape it least (Visvalingam and Whyatt 1993), at most so many; an area has at least three.
pub fn simplified(mut corners: Vec<Corner>, most: usize) -> Vec<Corner> {
    while corners.len() > 2 {
        let count = corners.len();
        let area = |at: usize| {
            let [a, b, c] = [at + count - 1, at, at + 1].map(|at| corners[at % count]);
            ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs()
        };
        match (0..count).map(|at| (area(at), at)).min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((least, at)) if count > most || least < FLAT => corners.remove(at),
            _ => break,
        };
    }
    corners
}

/// Looks at the flows in an outline, besides what the filter says already.
pub fn look_inside(page: Page, corners: &[Corner], axes: &[(Axis, Field); 2]) {
    let [(x, x_field), (y, y_field)] = axes;
    let corners: Vec<[String; 2]> =
        corners.iter().map(|[across, down]| [typed(*across, x, x_field), typed(1.0 - down, y, y_field)]).collect();
    let term = edit::outline([x_field, y_field], [x.scale, y.scale], &corners);
    let text = page.selection.text.get_untracked();
    let columns = [x.column, y.column];
    match page.data.schema().and_then(|schema| edit::outlined(&text, &term, columns, &schema)) {
        Some(text) => page.look_for(text),
        None => page.selection.problem.set(Some(TOO_ODD.to_owned())),
    }
}

/// The value at a share of an axis, as it is typed into the filter.
fn typed(share: f64, axis: &Axis, field: &Field) -> String {
    let value = |share: f64| axis.scale.value(axis.low + (axis.high - axis.low) * share);
    let share = match share {
        share if share <= 0.0 => -BEYOND,
        share if share >= 1.0 => 1.0 + BEYOND,
        share => share,
    };
    let step = value(share + ROUND / 2.0) - value(share - ROUND / 2.0);
    let unit = libm::exp10(libm::floor(libm::log10(step)));
    // By what is at least one, so that no digits of a fraction are added.
    let round = if unit < 1.0 {
        let parts = libm::round(1.0 / unit);
        libm::round(value(share) * parts) / parts
    } else {
        libm::round(value(share) / unit) * unit
    };
    let round = if round.is_finite() { round } else { value(share) };
    // A time of day before midnight or after it is none.
    if field.time == Some(TimeStyle::TimeOfDay) { round.to_string() } else { boxed::text(round, field) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Outline, Scale},
        table::{Kind, Role},
    };

    fn circle(count: usize) -> Vec<Corner> {
        let angle = |at: usize| at as f64 / count as f64 * std::f64::consts::TAU;
        (0..count).map(|at| [0.5 + 0.4 * angle(at).cos(), 0.5 + 0.4 * angle(at).sin()]).collect()
    }

    #[test]
    fn a_line_keeps_its_shape_with_few_corners() {
        let few = simplified(circle(1_500), Outline::MOST);
        assert!((20..=Outline::MOST).contains(&few.len()), "{}", few.len());
        // The middle of a chord is nowhere far from the circle.
        for (a, b) in few.iter().zip(few.iter().cycle().skip(1)) {
            let middle = [0, 1].map(|side| f64::midpoint(a[side], b[side]) - 0.5);
            assert!((middle[0].hypot(middle[1]) - 0.4).abs() < 0.005, "{a:?} {b:?}");
        }
        let square = [[0.1, 0.1], [0.5, 0.1], [0.9, 0.1], [0.9, 0.5], [0.9, 0.9], [0.1, 0.9], [0.1, 0.1], [0.1, 0.1]];
        assert_eq!(simplified(square.to_vec(), Outline::MOST).len(), 4);
    }

    #[test]
    fn a_press_or_a_line_is_no_outline() {
        for line in [vec![[0.2, 0.3]; 9], vec![[0.1, 0.1], [0.5, 0.5], [0.9, 0.9], [0.3, 0.3]]] {
            assert!(simplified(line, Outline::MOST).len() < Outline::FEWEST);
        }
    }

    #[test]
    fn corners_are_round_and_where_they_were_drawn() {
        let field = Field::new("Total bytes", Kind::Number, Role::Measure);
        let linear = Axis { column: 0, scale: Scale::Linear, low: -10.0, high: 30.0 };
        assert_eq!(typed(0.123_456, &linear, &field), "-5.06");
        assert_eq!(typed(0.0, &linear, &field), "-10.4");
        assert_eq!(typed(1.0, &linear, &field), "30.4");
        let log = Axis { scale: Scale::SignedLog, low: 0.0, high: 6.0, ..linear };
        assert_eq!(typed(0.5, &log, &field), "999");
        for share in [0.001, 0.2, 0.37, 0.5001, 0.77, 0.999] {
            for axis in [&linear, &log] {
                let read: f64 = typed(share, axis, &field).parse().expect("a number");
                let back = (axis.scale.place(read) - axis.low) / (axis.high - axis.low);
                assert!((back - share).abs() < ROUND, "{share} {back}");
            }
        }
    }
}
