//! The ROC curve, with false alarms on a logarithmic axis: no one lives with a tenth of them.

use leptos::prelude::*;

use crate::evaluate::Point;

/// Of the drawing.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 220.0;
/// Around the axes.
const LEFT: f64 = 40.0;
const BELOW: f64 = 30.0;
/// Powers of ten on the axis of false alarms, below 1.
const DECADES: i32 = 4;

/// The ends of the steps of this axis.
pub const ACROSS: [&str; DECADES as usize + 1] = ["≤ 0.01 %", "0.1 %", "1 %", "10 %", "100 %"];

/// Where a share of false alarms is on its axis, from 0 to 1.
fn place(rate: f64) -> f64 {
    (libm::log10(rate.max(1e-12)) / f64::from(DECADES) + 1.0).clamp(0.0, 1.0)
}

fn x(place: f64) -> f64 {
    LEFT + place * (WIDTH - LEFT)
}

fn y(recall: f64) -> f64 {
    (HEIGHT - BELOW) * (1.0 - recall)
}

/// The curve: places on the axis of false alarms, and shares of attacks.
pub fn curve(points: &[Point]) -> Vec<[f64; 2]> {
    let at =
        |point: &Point| [place(point.counts.false_alarm_rate().unwrap_or(0.0)), point.counts.recall().unwrap_or(0.0)];
    points.iter().map(at).collect()
}

/// The same of a random order, which finds as many of the ones as of the others.
pub fn chance() -> Vec<[f64; 2]> {
    let at = |step: i32| {
        let place = f64::from(step) / 40.0;
        [place, libm::exp10(f64::from(DECADES) * (place - 1.0))]
    };
    (0..=40).map(at).collect()
}

/// A line as a path.
fn path(points: &[[f64; 2]]) -> String {
    let mut path = String::new();
    for &[across, recall] in points {
        let sign = if path.is_empty() { 'M' } else { 'L' };
        path += &format!("{sign}{:.1} {:.1}", x(across), y(recall));
    }
    path
}

/// The curve.
pub fn chart(points: &[Point]) -> impl IntoView + use<> {
    let across = (0..=DECADES).zip(ACROSS).map(|(decade, label)| {
        let x = x(f64::from(decade) / f64::from(DECADES));
        let anchor = if decade == DECADES { "end" } else { "middle" };
        view! {
            <line class="grid" x1=x x2=x y1="0" y2=HEIGHT - BELOW />
            <text x=x y=HEIGHT - BELOW + 14.0 text-anchor=anchor>{label}</text>
        }
    });
    let up = [0.0, 0.5, 1.0].map(|recall| {
        view! {
            <line class="grid" x1=LEFT x2=WIDTH y1=y(recall) y2=y(recall) />
            <text x=LEFT - 4.0 y=y(recall) + if recall == 1.0 { 10.0 } else { 4.0 } text-anchor="end">{format!("{:.0} %", recall * 100.0)}</text>
        }
    });
    view! {
        <svg class="roc" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label="ROC curve: the share of attacks that are found, by the share of normal flows that are flagged">
            {across.collect_view()} {up.collect_view()}
            <path class="chance" d=path(&chance()) />
            <path class="curve" d=path(&curve(points)) />
            <text x=(LEFT + WIDTH) / 2.0 y=HEIGHT - 2.0 text-anchor="middle">"normal flows that are flagged"</text>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Curve;

    #[test]
    fn the_curve_goes_from_nothing_to_all() {
        let rows = (0..1_000).map(|row| (f64::from(1_000 - row), row % 10 == 0));
        let path = path(&curve(&Curve::of(rows).expect("numbers").roc_points(100)));
        assert!(path.starts_with("M40.0 190.0L40.0"), "{path}");
        assert!(path.ends_with("L360.0 0.0"), "{path}");
    }
}
