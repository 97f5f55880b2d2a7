use super::*;
use proptest::prelude::*;

fn curve(rows: &[(f64, bool)]) -> Curve {
    Curve::of(rows.iter().copied()).unwrap()
}

fn step(score: f64, anomalies: u32, normal: u32) -> CurveStep {
    CurveStep { score, anomalies, normal }
}

/// 0.9 is an anomaly; of four rows with 0.5 one is; 0.1 is normal, twice.
fn tied() -> Curve {
    let normal = [0.5, 0.1, 0.5, 0.1, 0.5].map(|score| (score, false));
    curve(&[normal.as_slice(), &[(0.5, true), (0.9, true)]].concat())
}

#[test]
fn equal_scores_are_one_step() {
    assert_eq!(tied().steps(), [step(0.9, 1, 0), step(0.5, 1, 3), step(0.1, 0, 2)]);
    assert_eq!(curve(&[(0.0, true), (-0.0, false)]).steps(), [step(0.0, 1, 1)]);
    let infinite = curve(&[(f64::NEG_INFINITY, false), (f64::INFINITY, true), (-1.0, false)]);
    assert_eq!(infinite.steps().iter().map(|step| step.anomalies).collect::<Vec<_>>(), [1, 0, 0]);
    let refused = Curve::of([(1.0, true), (f64::NAN, false)]);
    assert_eq!(refused, Err(EvaluateError::NotANumber(1)));
}

#[test]
fn alarms_are_strictly_above_the_threshold() {
    let counts = |true_alarms, false_alarms| Confusion {
        true_alarms,
        false_alarms,
        missed: 2 - true_alarms,
        passed: 5 - false_alarms,
    };
    let curve = tied();
    assert_eq!(curve.at_threshold(f64::INFINITY), counts(0, 0));
    assert_eq!(curve.at_threshold(0.9), counts(0, 0));
    assert_eq!(curve.at_threshold(0.5), counts(1, 0));
    assert_eq!(curve.at_threshold(0.3), counts(2, 3));
    assert_eq!(curve.at_threshold(-1.0), counts(2, 5));
}

#[test]
fn of_a_tie_at_the_cut_each_row_counts_in_part() {
    let curve = tied();
    let found = |rows| curve.at_first(rows).anomalies;
    assert_eq!([0, 1, 2, 3, 5, 6].map(found), [0.0, 1.0, 1.25, 1.5, 2.0, 2.0]);
    let first = curve.at_first(3);
    assert_eq!((first.precision(), first.recall()), (Some(0.5), Some(0.75)));
    assert_eq!(curve.at_first(1_000), First { rows: 7, anomalies: 2.0, of: 2 });
}

#[test]
fn what_is_not_defined_is_none() {
    let figures = |curve: &Curve| {
        let partial = curve.partial_auc(0.01).map(|partial| partial.area);
        [curve.roc_auc(), curve.average_precision(), curve.base_rate(), partial]
    };
    assert_eq!(figures(&Curve::default()), [None; 4]);
    assert_eq!(figures(&curve(&[])), [None; 4]);
    assert_eq!(figures(&curve(&[(1.0, false), (2.0, false)])), [None, None, Some(0.0), None]);
    assert_eq!(figures(&curve(&[(1.0, true), (2.0, true)])), [None, Some(1.0), Some(1.0), None]);
    assert_eq!([0.0, -0.1, 1.1, f64::NAN].map(|rate| tied().partial_auc(rate)), [None; 4]);
    let none = Curve::default().at_first(5);
    assert_eq!((none.rows, none.precision(), none.recall()), (0, None, None));
}

/// Rows of few scores, and of many.
fn rows() -> impl Strategy<Value = Vec<(f64, bool)>> {
    let score = prop_oneof![(0..8_i32).prop_map(f64::from), -1e3..1e3_f64];
    prop::collection::vec((score, any::<bool>()), 0..80)
}

proptest! {
    #[test]
    fn merging_any_split_in_any_order_equals_the_whole(
        rows in rows(), parts in prop::collection::vec(0..5_usize, 80), order in Just([0, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let part = |number: usize| -> Curve {
            let of_part = |place: &usize| parts[*place] == number;
            curve(&(0..rows.len()).filter(of_part).map(|place| rows[place]).collect::<Vec<_>>())
        };
        let whole = curve(&rows);
        let mut one_by_one = Curve::default();
        order.iter().for_each(|&number| one_by_one.merge(part(number)));
        prop_assert_eq!(&one_by_one, &whole);
        // In pairs first.
        let mut pairs = part(order[0]);
        pairs.merge(part(order[1]));
        let mut others = part(order[2]);
        others.merge(part(order[3]));
        others.merge(pairs);
        others.merge(part(order[4]));
        prop_assert_eq!(&others, &whole);
        let sent = postcard::to_allocvec(&whole).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Curve>(&sent).unwrap(), whole);
    }

    #[test]
    fn figures_are_those_of_all_pairs_and_rows(rows in rows(), threshold in -1e3..1e3_f64) {
        let curve = curve(&rows);
        let pairs = || rows.iter().filter(|a| a.1).flat_map(|a| rows.iter().filter(|b| !b.1).map(move |b| (a.0, b.0)));
        let won = pairs().map(|(a, b)| if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 }).sum::<f64>();
        let area = curve.roc_auc().unwrap_or(0.0);
        prop_assert!((area * pairs().count() as f64 - won).abs() < 1e-9, "{} {}", area, won);
        let whole = curve.partial_auc(1.0).map(|partial| partial.area);
        prop_assert_eq!(whole, curve.roc_auc());
        let counts = curve.at_threshold(threshold);
        let count = |keep: &dyn Fn(&(f64, bool)) -> bool| rows.iter().filter(|row| keep(row)).count() as u64;
        prop_assert_eq!(counts.true_alarms, count(&|row| row.1 && row.0 > threshold));
        prop_assert_eq!(counts.false_alarms, count(&|row| !row.1 && row.0 > threshold));
        prop_assert_eq!(counts.missed + counts.true_alarms, curve.anomalies());
        prop_assert_eq!(counts.passed + counts.false_alarms, curve.normal());
        // What is expected of the first rows is between what the worst and the best order of ties have.
        let first = |k: usize, anomalies_first: bool| {
            let mut rows = rows.clone();
            rows.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1 == anomalies_first).cmp(&(b.1 == anomalies_first)).reverse()));
            rows[..k].iter().filter(|row| row.1).count() as f64
        };
        for k in 0..=rows.len() {
            let expected = curve.at_first(k as u64).anomalies;
            prop_assert!(first(k, false) <= expected && expected <= first(k, true), "{}", expected);
        }
    }
}
