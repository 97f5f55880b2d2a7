use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::features::{Space, rows::Rows};

impl Rows {
    /// What is learned where row numbers are ranks, counted from 0, and these rows are marked, in these groups.
    fn learned(&self, marks: &[(usize, bool, u8)]) -> Option<Learned> {
        let space = Arc::new(Space::of(&self.plan, &self.sample, &self.schema));
        let mut points = space.empty();
        let taught = |&(row, suspicious, group): &(usize, bool, u8)| {
            let lesson = Lesson { subject: Subject::Flow(row as u64), suspicious, offset: row as u64 };
            Taught { lesson, rank: row as u32 + 1, group }
        };
        marks.iter().for_each(|mark| space.push(&mut points, &self.block, mark.0));
        let taught: Vec<Taught> = marks.iter().map(taught).collect();
        let sample = space.of_sample(&self.sample, &self.schema, SAMPLE);
        Learned::of(space, &taught, &points, &sample, self.block.rows() as u64)
    }

    fn values(&self, learned: &Learned) -> Vec<f64> {
        let mut order = learned.order();
        (0..self.block.rows()).map(|row| order.value(&self.block, row, (row as u32 + 1, 0))).collect()
    }

    fn standings(&self, learned: &Learned) -> Standings {
        let mut standings = learned.nowhere();
        for row in 0..self.block.rows() {
            learned.stand(&mut standings, (&self.block, row), (row as u64, row as u32 + 1, 0));
        }
        standings
    }
}

/// Two crowds far from each other, row by row in turn.
fn crowds() -> Rows {
    let row = |row: usize| {
        let at = if row.is_multiple_of(2) { 10.0 } else { 80.0 };
        [at + (row % 7) as f32, at + (row % 5) as f32, at + (row % 3) as f32]
    };
    Rows::of(&(0..400).map(row).collect::<Vec<_>>())
}

#[test]
fn without_marks_nothing_is_learned() {
    assert_eq!(crowds().learned(&[]), None);
}

#[test]
fn what_is_alike_to_a_suspicious_flow_goes_up_and_what_is_alike_to_an_expected_one_down() {
    let rows = crowds();
    let learned = rows.learned(&[(300, true, 0), (1, false, 0)]).expect("there are marks");
    let values = rows.values(&learned);
    let crowd =
        |odd: usize| values.iter().copied().enumerate().filter(move |(row, _)| row % 2 == odd).map(|(_, value)| value);
    let twins = (0..400).filter(|&row: &usize| row.is_multiple_of(2) && row % 105 == 300 % 105);
    let highest = crowd(1).fold(f64::MIN, f64::max);
    assert!(twins.clone().count() > 1);
    twins.for_each(|twin| assert!(values[twin] > highest, "{twin}"));
    let standings = rows.standings(&learned);
    for (row, standing) in standings.rows.iter().enumerate() {
        assert_eq!(standing.value, values[row]);
        if let Some(because) = standing.because {
            let marked = if because.up { 300 } else { 1 };
            assert_eq!((because.subject, because.up), (Subject::Flow(marked), standing.moved > 0.0));
            assert!((0.05..=1.0).contains(&because.alike));
        }
    }
    let because = standings.rows[300].because.expect("it is moved");
    assert!(because.up && because.alike == 1.0);
    assert!(standings.rows[1].because.is_some_and(|because| !because.up));
}

#[test]
fn a_marked_flow_says_so_whatever_else_of_its_group_is_marked() {
    let rows = crowds();
    // Rows 90 and 300 are equal, and in one group.
    let learned = rows.learned(&[(90, true, 4), (300, true, 4)]).expect("there are marks");
    let mut standings = learned.nowhere();
    for row in [90, 300, 120] {
        learned.stand(&mut standings, (&rows.block, row), (row as u64, row as u32 + 1, 4));
    }
    let told = |place: usize| standings.rows[place].because.map(|because| (because.subject, because.together));
    assert_eq!(told(0), Some((Subject::Flow(90), true)));
    assert_eq!(told(1), Some((Subject::Flow(300), true)));
    assert_eq!(told(2), Some((Subject::Flow(90), true)), "of those that are as alike, the first");
}

#[test]
fn a_group_goes_with_its_flows() {
    let rows = crowds();
    let learned = rows.learned(&[(300, true, 4)]).expect("there is a mark");
    let value = |group| learned.order().value(&rows.block, 1, (2, group));
    assert!(value(4) > value(0) && value(5) == value(0));
}

#[test]
fn findings_keep_their_order_but_for_what_is_moved() {
    let rows = crowds();
    let learned = rows.learned(&[(300, true, 0)]).expect("there is a mark");
    let standings = rows.standings(&learned);
    // The last is like what was marked, and one is known by no row.
    let findings = [vec![1, 3], vec![], vec![5], vec![90, 300, 299]];
    let order: Vec<usize> = order(&findings, &standings).into_iter().map(|stands| stands.place).collect();
    assert_eq!(order, [3, 0, 1, 2]);
    let nowhere = learned.nowhere();
    assert!(super::order(&findings, &nowhere).iter().map(|stands| stands.place).eq(0..4));
}

#[test]
fn it_is_asked_about_what_stands_high_and_no_mark_tells() {
    let rows = crowds();
    let learned = rows.learned(&[(300, true, 0), (1, false, 0)]).expect("there are marks");
    let standings = rows.standings(&learned);
    // The first two are like what was marked as expected, the last like what was marked as suspicious.
    let findings: Vec<Vec<u64>> = [1, 71, 3, 90].map(|row| vec![row]).into();
    assert_eq!(ask(&learned, &findings, &[true, false, false, false], &standings), Some(3));
    let next = ask(&learned, &findings, &[true, false, false, true], &standings);
    assert_eq!(next, Some(2), "of two beside each other, the one that is less like what was marked");
    assert_eq!(ask(&learned, &findings, &[true; 4], &standings), None);
}

proptest! {
    #[test]
    fn the_order_in_which_marks_are_told_hardly_matters_and_a_mark_moves_its_row(
        rows in prop::collection::vec(prop::array::uniform3(0f32..100.0), 20..60),
        marks in prop::collection::btree_map(0usize..19, any::<bool>(), 1..8),
    ) {
        let rows = Rows::of(&rows);
        let marks: Vec<(usize, bool, u8)> = marks.into_iter().map(|(row, mark)| (row, mark, 0)).collect();
        let back: Vec<(usize, bool, u8)> = marks.iter().rev().copied().collect();
        let [there, back] = [&marks, &back].map(|marks| rows.values(&rows.learned(marks).expect("there are marks")));
        for (one, other) in there.iter().zip(&back) {
            prop_assert!((one - other).abs() < 1e-9);
        }
        // One more mark moves its row towards what it says, but for the steps of the table.
        let before = rows.values(&rows.learned(&marks).expect("there are marks"));
        for (suspicious, wanted) in [(true, 2.0), (false, 0.0)] {
            let more: Vec<(usize, bool, u8)> = marks.iter().copied().chain([(19, suspicious, 0)]).collect();
            let after = rows.values(&rows.learned(&more).expect("there are marks"));
            let (moved, left) = (after[19] - before[19], wanted - before[19]);
            let towards = moved * left >= -0.01 && moved.abs() <= left.abs() + 0.05;
            prop_assert!(towards, "{} to {}", before[19], after[19]);
        }
    }
}
