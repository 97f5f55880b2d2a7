use super::*;
use crate::{
    detect::Expected,
    features::{Binding, Encoding, Feature, FeaturePlan, Treatment, rows::Rows},
    table::{ColumnProfile, Field, Kind, Profile, Role, RowSample, Schema},
};

impl Rows {
    fn fitted(&self, params: Params, normal: bool) -> Nearest {
        let profile = Profile { rows: self.sample.rows as u64, ..Profile::new(&self.schema) };
        let known = Known { sample: &self.sample, schema: &self.schema, profile: &profile, normal };
        let mut fitting = Fitting::new(params.check().expect("sound"), &self.plan, known);
        while fitting.compare_some() {}
        assert!((fitting.done() - 1.0).abs() < 1e-12);
        fitting.finish()
    }
}

/// A grid of usual rows.
fn usual() -> Vec<[f32; 3]> {
    (0..2_000).map(|row| [(row % 50) as f32, (row / 50) as f32, 10.0 + (row % 7) as f32]).collect()
}

#[test]
fn what_is_like_a_normal_row_is_near_and_what_is_unlike_all_is_far() {
    let nearest = Rows::of(&usual()).fitted(Params::default(), true);
    let Usual::Normal(limit) = nearest.usual() else { panic!("they are normal") };
    let others = Rows::of(&[[3.0, 7.0, 13.0], [3.0, 7.0, 90.0], [49.0, 0.0, 10.0]]);
    let scores = nearest.score(&others.block);
    assert!(scores[0] < limit && scores[1] > limit, "{scores:?}, {limit}");
    let alike = nearest.alike(&others.block, 1);
    assert!((alike.apart.iter().sum::<f64>() - scores[1]).abs() < 1e-12);
    assert!(alike.apart[2] > alike.apart[0] && alike.apart[2] > alike.apart[1], "{alike:?}");
    let Some(Expected::Amount(held)) = alike.expected[2] else { panic!("a number") };
    assert!((10.0..17.0).contains(&held));
}

#[test]
fn a_row_of_the_file_itself_is_not_its_own_neighbour() {
    let mut rows = usual();
    rows.push([90.0, 90.0, 90.0]);
    let rows = Rows::of(&rows);
    let first = Params { neighbours: Some(1), references: Some(16_384) };
    let [own, normal] = [false, true].map(|normal| rows.fitted(first, normal));
    let scores = own.score(&rows.block);
    assert!(scores[2_000] > 1.0 && scores[2_000] > scores[0], "{}", scores[2_000]);
    assert!(matches!(own.usual(), Usual::Tail(limit) if limit > scores[0]));
    assert!(normal.score(&rows.block).iter().all(|&score| score == 0.0), "each is among the references");
    // Of two equal ones, one is the other's.
    let mut twice = usual();
    twice.extend([[90.0, 90.0, 90.0]; 2]);
    let twice = Rows::of(&twice);
    assert_eq!(twice.fitted(first, false).score(&twice.block)[2_001], 0.0);
    let third = Params { neighbours: Some(2), ..first };
    assert!(twice.fitted(third, false).score(&twice.block)[2_001] > 1.0);
}

#[test]
fn of_more_different_rows_than_are_wanted_some_of_each_kind_are_kept() {
    let few = Params { references: Some(64), ..Params::default() };
    let rows = Rows::of(&usual());
    let nearest = rows.fitted(few, true);
    assert_eq!(nearest.references(), 64);
    let all = rows.fitted(Params::default(), true);
    assert!(all.references() > 1_500);
    let farthest = |nearest: &Nearest| nearest.score(&rows.block).into_iter().fold(0.0, f64::max);
    assert!(farthest(&nearest) < 1.0 && farthest(&all) == 0.0, "{}", farthest(&nearest));
}

#[test]
fn what_does_not_fit_a_plan_or_would_not_be_searched_is_told() {
    let rows = Rows::of(&usual());
    let nearest = rows.fitted(Params::default(), true);
    assert!(nearest.fits(&rows.plan, 3) && !nearest.fits(&rows.plan, 2));
    let fits = |change: &dyn Fn(&mut Nearest)| {
        let mut other = nearest.clone();
        change(&mut other);
        other.fits(&rows.plan, 3)
    };
    assert!(fits(&|other| other.number = 1_000) && !fits(&|other| other.number = 1_001));
    assert!(!fits(&|other| other.number = 0) && !fits(&|other| other.number = usize::MAX));
    assert!(!fits(&|other| drop(other.values.pop())));
    assert!(!fits(&|other| other.values[0] = values::Values::Numbers(vec![1.0])));
    assert!(!fits(
        &|other| other.neighbours = neighbours::Neighbours::of(&crate::features::Points::at(&[vec![1; 9]]), &[1]).0
    ));
    let other =
        FeaturePlan { features: [&rows.plan.features[1..], &rows.plan.features[..1]].concat(), ..rows.plan.clone() };
    assert!(!nearest.fits(&other, 3), "columns in another order");
}

#[test]
fn another_unit_is_another_scale_of_what_is_shown_and_nothing_else() {
    use crate::table::Unit;
    let unit = |mut rows: Rows, unit| {
        rows.schema.fields[0].unit = Some(unit);
        rows
    };
    let seconds = unit(Rows::of(&usual()), Unit::Seconds);
    let thousand: Vec<[f32; 3]> = usual().into_iter().map(|[a, b, c]| [a * 1_000.0, b, c]).collect();
    let milliseconds = unit(Rows::of(&thousand), Unit::Milliseconds);
    let nearest = seconds.fitted(Params::default(), true);
    let binding = Binding::of(&seconds.schema, &milliseconds.schema);
    let bound = nearest.bound(&seconds.plan, &binding).expect("all columns are bound");
    assert_eq!(bound.score(&milliseconds.block), nearest.score(&seconds.block));
    let [there, here] = [bound.alike(&milliseconds.block, 60), nearest.alike(&seconds.block, 60)];
    assert_eq!(here.expected[0], Some(Expected::Amount(10.0)));
    assert_eq!(there.expected[0], Some(Expected::Amount(10_000.0)));
}

#[test]
fn texts_are_told_where_they_were_counted() {
    use crate::table::{Counts, text_key};
    let schema = Schema { fields: vec![Field::new("protocol", Kind::Text, Role::Category)] };
    let [tcp, udp] = ["tcp", "udp"].map(|text| text_key(text.as_bytes()));
    let sample = RowSample::new(4, vec![vec![tcp, tcp, udp, tcp]]);
    let mut profile = Profile { rows: 4, ..Profile::new(&schema) };
    let counts = Counts::of(vec![(tcp, 3, "tcp".into())]);
    profile.columns[0] = ColumnProfile { counts: Some(counts), ..profile.columns[0].clone() };
    let feature = Feature { column: 0, encoding: Encoding::Is { key: tcp, text: "tcp".into() }, scaling: None };
    let plan = FeaturePlan { treatment: Treatment::default(), features: vec![feature], left_out: Vec::new() };
    let values = values::Values::of(&plan, &[0, 2], &sample, (&schema, &profile));
    assert_eq!([0, 1].map(|row| values[0].expected(row)), [Some(Expected::Text("tcp".into())), None]);
}
