use proptest::prelude::*;

use super::*;
use crate::features::{Grouping, rows::Rows};

#[test]
fn spaces_that_nothing_here_makes_are_told() {
    let rows = Rows::of(&(0..500).map(|row| [row as f32, (row % 7) as f32, 1.0]).collect::<Vec<_>>());
    let mut space = Space::of(&rows.plan, &rows.sample, &rows.schema);
    let ports = Encoding::Rarity { of: Grouping::Values, bits: vec![(5, 1.0)], classes: Vec::new(), unseen: 2.0 };
    space.axes[0].feature.encoding = ports;
    space.axes[0].frequent = Some(vec![5, 9]);
    let fits = |change: &dyn Fn(&mut Axis)| {
        let mut other = space.clone();
        change(&mut other.axes[0]);
        other.fits(3, 3)
    };
    assert!(fits(&|_| {}) && !space.fits(2, 3) && !space.is_of(&rows.plan));
    assert!(!fits(&|axis| axis.places[0] = 30_001) && !fits(&|axis| axis.missing = -1));
    assert!(!fits(&|axis| axis.knots.reverse()) && !fits(&|axis| axis.knots = vec![1.0]));
    let two = |axis: &mut Axis, knots: [f32; 2]| (axis.knots, axis.places) = (knots.to_vec(), vec![0; 2]);
    assert!(fits(&|axis| two(axis, [-0.0, 0.0])) && !fits(&|axis| two(axis, [0.0, -0.0])));
    assert!(!fits(&|axis| two(axis, [1.0, f32::NAN])));
    let many = |axis: &mut Axis, knots| (axis.knots, axis.places) = (vec![1.0; knots], vec![0; knots]);
    assert!(fits(&|axis| many(axis, MOST)) && !fits(&|axis| many(axis, MOST + 1)));
    assert!(!fits(&|axis| axis.frequent = None) && !fits(&|axis| axis.frequent = Some(vec![9, 5])));
    assert!(!fits(&|axis| axis.frequent = Some((0..=MOST as u32).collect())));
    let point = |code| Points::of_columns(1, &[vec![1], vec![1], vec![1]], &[vec![code]]);
    assert!(space.holds(&point(2)) && !space.holds(&point(3)));
}

proptest! {
    #[test]
    fn steps_lead_to_what_searching_finds(
        mut knots in prop::collection::vec(prop_oneof![any::<f32>(), -9f32..9.0, Just(0.0), Just(-0.0), 0f32..1e9], 0..300),
        values in prop::collection::vec(prop_oneof![any::<f32>(), -9f32..9.0, Just(0.0), Just(-0.0), 0f32..1e9], 1..60),
    ) {
        knots.retain(|knot| !knot.is_nan());
        knots.sort_unstable_by(f32::total_cmp);
        let steps = Steps::of(&knots);
        let known = knots.clone();
        for value in values.into_iter().filter(|value| !value.is_nan()).chain(known) {
            prop_assert_eq!(steps.above(&knots, value), knots.partition_point(|&knot| knot <= value), "{}", value);
        }
    }
}
