//! Contributions of a row's features to its mean depth.

use super::path;
use super::shapley::{Scratch, TreeGame};
use crate::detect::isolation_forest::IsolationForest;

/// A forest prepared for explaining many rows.
///
/// Contributions are exact Shapley values of the row's mean depth over the trees, in splits: negative where the feature
/// shortened the paths, which is a reason for the row to be anomalous. They add up to the mean depth of the row less
/// [`expected_depth`] ("local accuracy"). Of trees that split along planes, contributions are shares of what each split
/// on the row's path did, which add up alike but are no Shapley values.
pub struct Explainer<'a> {
    forest: &'a IsolationForest,
    /// Per tree, `None` if it splits along planes.
    games: Vec<Option<TreeGame<'a>>>,
}

impl<'a> Explainer<'a> {
    /// Takes about as long as explaining a row.
    #[must_use]
    pub fn new(forest: &'a IsolationForest) -> Self {
        Self { forest, games: forest.trees().iter().map(TreeGame::new).collect() }
    }

    /// Contribution of each feature of a row. `row` holds the features in the order of the matrix that the forest was
    /// fitted on; the result has as many entries.
    ///
    /// # Panics
    /// If `row` has another number of values than the forest has features.
    #[must_use]
    pub fn contributions(&self, row: &[f32]) -> Vec<f64> {
        assert_eq!(row.len(), self.forest.features(), "values of the row and features of the forest");
        let mut sums = vec![0.0; row.len()];
        let mut scratch = Scratch::default();
        for (tree, game) in self.forest.trees().iter().zip(&self.games) {
            match game {
                Some(game) => game.add_values(row, &mut sums, &mut scratch),
                None => path::add_shares(tree, row, &mut sums),
            }
        }
        let trees = self.forest.trees().len() as f64;
        sums.iter_mut().for_each(|sum| *sum /= trees);
        self.add_outside(row, &mut sums);
        sums
    }

    /// Values beyond their fences are reasons, each for its part of the splits that all of them spare.
    fn add_outside(&self, row: &[f32], contributions: &mut [f64]) {
        let fences = self.forest.fences();
        let outside: f64 = fences.of_row(row).map(|(_, outside)| outside).sum();
        if outside > 0.0 {
            let depth = expected_depth(self.forest) + contributions.iter().sum::<f64>();
            let spared = self.forest.spared_splits(depth, outside);
            for (feature, part) in fences.of_row(row) {
                contributions[feature] -= spared * part / outside;
            }
        }
    }
}

/// [`Explainer::contributions`] of a single row.
///
/// # Panics
/// If `row` has another number of values than the forest has features.
#[must_use]
pub fn contributions(forest: &IsolationForest, row: &[f32]) -> Vec<f64> {
    Explainer::new(forest).contributions(row)
}

/// Mean depth that the forest expects of a row it knows nothing about: the mean over trees of the expectation of the
/// root, in splits.
#[must_use]
pub fn expected_depth(forest: &IsolationForest) -> f64 {
    let sum: f64 = forest.trees().iter().map(|tree| tree.expected_depth(0)).sum();
    sum / forest.trees().len() as f64
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;
    use crate::detect::isolation_forest::{Params, Tree, TreeParts, average_path_length};
    use crate::explain::top_reasons;

    /// 400 rows of 6 features from a fixed formula; the last row is far out in features 2 and, less, 4.
    fn rows() -> Array2<f32> {
        let mut rows = Array2::from_shape_fn((400, 6), |(row, feature)| {
            ((row * 37 + feature * 101 + row * row * 7) % 199) as f32 / 199.0
        });
        rows[[399, 2]] = 9.0;
        rows[[399, 4]] = 2.0;
        rows
    }

    fn fitted(rows: &Array2<f32>, params: Params) -> IsolationForest {
        params.check().unwrap().fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn contributions_add_up_to_the_depth_of_the_row(
            extension in 0..3_usize, sample_size in 2..400_usize, max_depth in prop::option::of(1..30_usize), seed: u64,
        ) {
            let mut rows = rows();
            rows[[5, 1]] = f32::NAN;
            rows[[6, 1]] = f32::INFINITY;
            let train = rows.view().split_at(ndarray::Axis(0), 10).1.to_owned();
            let forest = fitted(&train, Params { trees: 20, extension, sample_size, max_depth, seed, ..Params::default() });
            let explainer = Explainer::new(&forest);
            let scores = forest.score(rows.view());
            for (row, score) in rows.rows().into_iter().zip(scores).take(20) {
                let depth = -libm::log2(score) * average_path_length(sample_size.min(390));
                let sum: f64 = explainer.contributions(row.as_slice().unwrap()).iter().sum();
                prop_assert!((sum - (depth - expected_depth(&forest))).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_features_that_are_far_out_are_the_reasons() {
        let rows = rows();
        for extension in [0, 1] {
            let forest = fitted(&rows, Params { extension, ..Params::default() });
            let reasons = top_reasons(&contributions(&forest, rows.row(399).as_slice().unwrap()), 2);
            assert_eq!((reasons[0].0, reasons[1].0), (2, 4));
            assert!(reasons[0].1 > reasons[1].1 && reasons[0].1 + reasons[1].1 <= 1.0);
        }
    }

    #[test]
    fn features_that_act_together_share_what_they_do() {
        // 4 rows: feature 1 parts one from three, feature 0 one of these from two.
        let tree = Tree::try_from(TreeParts {
            left: vec![1, 0, 3, 0, 0],
            feature: vec![1, 0, 0, 0, 0],
            threshold: vec![0.0; 5],
            missing_left: vec![false; 5],
            samples: vec![4, 1, 3, 1, 2],
            planes: Vec::new(),
        })
        .unwrap();
        let forest = IsolationForest::from_trees(vec![tree], 4, 3).unwrap();
        let close = |row: &[f32], expected: [f64; 3]| {
            for (is, expected) in contributions(&forest, row).into_iter().zip(expected) {
                assert!((is - expected).abs() < 1e-14, "{is} is not {expected}");
            }
        };
        // Leaves end at 1, 2 and 2 + c(2) = 3. Worth of knowing nothing: 9/4; feature 0 alone: 1/4 + 3/4 · 2 or 3, that
        // is 7/4 or 5/2; feature 1 alone: 1 or 8/3; both: 1, 2 or 3.
        close(&[-1.0, -1.0, 0.0], [(-0.5 + 0.0) / 2.0, (-1.25 - 0.75) / 2.0, 0.0]);
        close(&[-1.0, 1.0, 0.0], [(-0.5 - 2.0 / 3.0) / 2.0, (5.0 / 12.0 + 0.25) / 2.0, 0.0]);
        close(&[1.0, f32::NAN, 0.0], [(0.25 + 1.0 / 3.0) / 2.0, (5.0 / 12.0 + 0.5) / 2.0, 0.0]);
    }
}
