//! Parity with scikit-learn: the same trees give the same scores, and fits give the same scores on average.
//! `fixtures/make_isolation_forest.py` made the fixture and says what is in it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::ops::ControlFlow;

use flowsift::detect::isolation_forest::{IsolationForest, Params, Tree, TreeParts};
use ndarray::Array2;

#[derive(Default)]
struct Set {
    name: String,
    features: usize,
    sample_size: usize,
    scores: Vec<f64>,
    means: Vec<f64>,
    values: Vec<f32>,
    trees: Vec<TreeParts>,
}

impl Set {
    fn rows(&self) -> Array2<f32> {
        Array2::from_shape_vec((self.scores.len(), self.features), self.values.clone()).unwrap()
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
            "tree" => set.trees.push(TreeParts::default()),
            _ => {
                let tree = set.trees.last_mut().unwrap();
                tree.left.push(fields[1].parse().unwrap());
                tree.feature.push(fields[2].parse().unwrap());
                tree.threshold.push(fields[3].parse().unwrap());
                tree.samples.push(fields[4].parse().unwrap());
            }
        }
    }
    sets
}

#[test]
fn trees_of_scikit_learn_score_as_there() {
    let sets = sets();
    assert_eq!(sets.len(), 6);
    for set in sets {
        let rows = set.rows();
        let trees = set.trees.into_iter().map(|parts| Tree::try_from(parts).unwrap()).collect();
        let forest = IsolationForest::from_trees(trees, set.sample_size, set.features).unwrap();
        for (row, (score, expected)) in forest.score(rows.view()).iter().zip(&set.scores).enumerate() {
            let relative = (score - expected).abs() / expected;
            assert!(relative <= 1e-12, "{}, row {row}: {score} is not {expected}", set.name);
        }
    }
}

#[test]
fn fits_agree_with_scikit_learn_over_seeds() {
    const SEEDS: u64 = 200;
    for set in sets() {
        let rows = set.rows();
        let mut means = vec![0.0; set.means.len()];
        for seed in 0..SEEDS {
            let params = Params { seed, ..Params::default() };
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
