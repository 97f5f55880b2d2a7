//! Parity with scikit-learn: the same trees give the same scores and verdicts, and fits give the same scores on average.
//! `fixtures/make_isolation_forest.py` made the fixture and says what is in it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::ops::ControlFlow;

use flowsift::detect::isolation_forest::{IsolationForest, Params, Tree, TreeParts};
use flowsift::detect::threshold::Rule;
use flowsift::explain::{self, Explainer};
use ndarray::Array2;

#[derive(Default)]
struct Set {
    name: String,
    features: usize,
    sample_size: usize,
    scores: Vec<f64>,
    means: Vec<f64>,
    values: Vec<f32>,
    judged: Vec<Judged>,
    trees: Vec<TreeParts>,
}

/// What scikit-learn's `predict` says for one contamination.
struct Judged {
    rule: Rule,
    offset: f64,
    anomalies: Vec<bool>,
}

impl Set {
    fn rows(&self) -> Array2<f32> {
        Array2::from_shape_vec((self.scores.len(), self.features), self.values.clone()).unwrap()
    }

    fn forest(&self) -> IsolationForest {
        let trees = self.trees.iter().cloned().map(|parts| Tree::try_from(parts).unwrap()).collect();
        IsolationForest::from_trees(trees, self.sample_size, self.features).unwrap()
    }

    /// The rows over and over, so that they are scored in full blocks.
    fn many_rows(&self) -> Array2<f32> {
        let rows = self.rows();
        Array2::from_shape_fn((rows.nrows() + 300, self.features), |(row, feature)| rows[[row % rows.nrows(), feature]])
    }
}

fn sets() -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    for line in include_str!("fixtures/isolation_forest.csv").lines() {
        let fields: Vec<&str> = line.split(',').collect();
        if fields[0] == "set" {
            sets.push(Set {
                name: fields[1].to_owned(),
                features: fields[2].parse().unwrap(),
                sample_size: fields[3].parse().unwrap(),
                ..Set::default()
            });
            continue;
        }
        let set = sets.last_mut().unwrap();
        match fields[0] {
            "row" => {
                set.scores.push(fields[1].parse().unwrap());
                set.means.push(fields[2].parse().unwrap());
                set.values.extend(fields[3..].iter().map(|value| value.parse::<f32>().unwrap()));
            }
            "judged" => set.judged.push(Judged {
                rule: fields[1].parse().map_or(Rule::Auto, Rule::Contamination),
                offset: fields[2].parse().unwrap(),
                anomalies: fields[3].chars().map(|verdict| verdict == '1').collect(),
            }),
            "tree" => set.trees.push(TreeParts::default()),
            _ => {
                let tree = set.trees.last_mut().unwrap();
                tree.left.push(fields[1].parse().unwrap());
                tree.feature.push(fields[2].parse().unwrap());
                tree.threshold.push(fields[3].parse().unwrap());
                tree.missing_left.push(fields[4] == "1");
                tree.samples.push(fields[5].parse().unwrap());
            }
        }
    }
    sets
}

#[test]
fn trees_of_scikit_learn_score_as_there() {
    let sets = sets();
    assert_eq!(sets.len(), 13);
    for set in sets {
        let forest = set.forest();
        let scores = forest.score(set.rows().view());
        for (row, (score, expected)) in scores.iter().zip(&set.scores).enumerate() {
            let relative = (score - expected).abs() / expected;
            assert!(relative <= 1e-12, "{}, row {row}: {score} is not {expected}", set.name);
        }
        for (row, score) in forest.score(set.many_rows().view()).iter().enumerate() {
            assert_eq!(*score, scores[row % scores.len()], "{}, row {row}", set.name);
        }
    }
}

#[test]
fn verdicts_are_those_of_scikit_learn() {
    for set in sets() {
        let scores = set.forest().score(set.rows().view());
        let mut descending = scores.clone();
        descending.sort_by(|a, b| b.total_cmp(a));
        for Judged { rule, offset, anomalies } in &set.judged {
            let threshold = rule.apply(descending.as_slice()).unwrap();
            assert!((threshold.score + offset).abs() <= 1e-12, "{}, {rule:?}: {}", set.name, threshold.score);
            let found: Vec<bool> = scores.iter().map(|score| *score > threshold.score).collect();
            assert_eq!(&found, anomalies, "{}, {rule:?}", set.name);
            assert_eq!(threshold.anomalies, anomalies.iter().filter(|anomaly| **anomaly).count() as u64);
        }
    }
}

#[test]
fn contributions_are_those_of_shap() {
    let sets = sets();
    let mut explained = 0;
    let mut lines = include_str!("fixtures/isolation_forest_shap.csv").lines().peekable();
    while let Some(line) = lines.next() {
        let (name, expected) = line.strip_prefix("set,").unwrap().rsplit_once(',').unwrap();
        let set = sets.iter().find(|set| set.name == name).unwrap();
        let (forest, rows) = (set.forest(), set.rows());
        assert!((explain::expected_depth(&forest) - expected.parse::<f64>().unwrap()).abs() < 1e-11, "{name}");
        let explainer = Explainer::new(&forest);
        for row in rows.rows() {
            let Some(line) = lines.next_if(|line| line.starts_with("row,")) else { break };
            let values = explainer.contributions(row.as_slice().unwrap());
            for (value, expected) in values.iter().zip(line.split(',').skip(1)) {
                let expected: f64 = expected.parse().unwrap();
                assert!((value - expected).abs() < 1e-11, "{name}: {value} is not {expected}");
                explained += 1;
            }
        }
    }
    assert!(explained > 500, "{explained}");
}

#[test]
fn fits_agree_with_scikit_learn_over_seeds() {
    const SEEDS: u64 = 200;
    // The rows of the one that is left out are not those that it was fitted on.
    for set in sets().into_iter().filter(|set| set.name != "missing when scored") {
        let rows = set.rows();
        let max_features = (set.name == "some features").then_some(2);
        let mut means = vec![0.0; set.means.len()];
        for seed in 0..SEEDS {
            let params = Params { seed, sample_size: set.sample_size.max(2), max_features, ..Params::default() };
            let forest = params.check().unwrap().fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
            for (mean, score) in means.iter_mut().zip(forest.score(rows.view())) {
                *mean += score / SEEDS as f64;
            }
        }
        // 20,000 trees on either side: the standard error of a difference is 0.001 to 0.0017.
        for (row, (mean, expected)) in means.iter().zip(&set.means).enumerate() {
            assert!((mean - expected).abs() < 0.006, "{}, row {row}: {mean}, there {expected}", set.name);
        }
    }
}
