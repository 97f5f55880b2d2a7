//! Contributions along the path of a row through each tree.
//!
//! Every node has an expectation: the mean final depth of the sample rows that reached it. A split sends a row to a
//! child with another expectation, and the difference is put down to the split's feature (A. Saabas, *Interpreting
//! random forests*, 2014, <https://blog.datadive.net/interpreting-random-forests/>; the Python package
//! `treeinterpreter`). Along a path the differences add up to depth of the leaf − expectation of the root, whatever the
//! tree, so contributions explain a row's depth exactly.
//!
//! These are not Shapley values: a path is followed in its own order only, so features that act together share the
//! difference by which of them was split on first, where exact TreeSHAP (Lundberg et al. 2020) averages over all
//! orders. Averaged over the random orders of many trees, the two rank features alike; the numbers differ.

use crate::detect::isolation_forest::{IsolationForest, Split, Term};

/// Contribution of each feature to a row's mean depth, in splits; negative where the feature shortened the paths, which
/// is a reason for the row to be anomalous.
///
/// Their sum is the mean depth of the row − [`expected_depth`]. `row` holds the features in the order of the matrix that
/// the forest was fitted on; the result has as many entries.
///
/// # Panics
/// If `row` has another number of values than the forest has features.
#[must_use]
pub fn contributions(forest: &IsolationForest, row: &[f32]) -> Vec<f64> {
    assert_eq!(row.len(), forest.features(), "values of the row and features of the forest");
    let mut sums = vec![0.0; row.len()];
    for tree in forest.trees() {
        let mut node = 0;
        while let Some((split, _)) = tree.split(node) {
            let child = tree.child(node, split.value(row));
            let difference = tree.expected_depth(child) - tree.expected_depth(node);
            match split {
                Split::Feature(feature) => sums[feature] += difference,
                Split::Plane(terms) => share(difference, terms, row, &mut sums),
            }
            node = child;
        }
    }
    let trees = forest.trees().len() as f64;
    sums.into_iter().map(|sum| sum / trees).collect()
}

/// Divides what a plane did among its features, by how far each moved the row from the middle of the node.
fn share(difference: f64, terms: &[Term], row: &[f32], sums: &mut [f64]) {
    let moved = |term: &Term| {
        let feature = term.feature as usize;
        let distance = (f64::from(term.weight) * (f64::from(row[feature]) - f64::from(term.origin))).abs();
        // A missing or an infinite value decides by itself; several of them share alike.
        (feature, if distance.is_finite() { distance.min(f64::from(f32::MAX)) } else { f64::from(f32::MAX) })
    };
    let total: f64 = terms.iter().map(|term| moved(term).1).sum();
    for (feature, distance) in terms.iter().map(moved) {
        let part = if total > 0.0 { distance / total } else { 1.0 / terms.len() as f64 };
        sums[feature] += difference * part;
    }
}

/// Mean depth that the forest expects of a row it knows nothing about: the mean over trees of the expectation of the
/// root, in splits.
#[must_use]
pub fn expected_depth(forest: &IsolationForest) -> f64 {
    let sum: f64 = forest.trees().iter().map(|tree| tree.expected_depth(0)).sum();
    sum / forest.trees().len() as f64
}

/// The at most `k` features that shortened the paths most, most first (equal ones by number), each with its share of
/// all the shortening, in (0, 1].
///
/// Features that lengthened the paths count for nothing here: a row is not less strange in one respect for being usual
/// in another.
#[must_use]
pub fn top_reasons(contributions: &[f64], k: usize) -> Vec<(usize, f64)> {
    let mut reasons: Vec<(usize, f64)> = contributions
        .iter()
        .map(|contribution| -contribution)
        .enumerate()
        .filter(|(_, shortening)| *shortening > 0.0)
        .collect();
    let total: f64 = reasons.iter().map(|(_, shortening)| shortening).sum();
    reasons.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    reasons.truncate(k);
    for (_, shortening) in &mut reasons {
        *shortening /= total;
    }
    reasons
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ndarray::Array2;

    use super::*;
    use crate::detect::isolation_forest::{Params, Tree, TreeParts, average_path_length};

    /// 400 rows of 6 features from a fixed formula; the last row is far out in features 2 and, less, 4.
    fn rows() -> Array2<f32> {
        let mut rows = Array2::from_shape_fn((400, 6), |(row, feature)| {
            ((row * 37 + feature * 101 + row * row * 7) % 199) as f32 / 199.0
        });
        rows[[399, 2]] = 9.0;
        rows[[399, 4]] = 2.0;
        rows
    }

    fn fitted(rows: &Array2<f32>) -> IsolationForest {
        let params = Params::default().check().unwrap();
        params.fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn contributions_add_up_to_the_depth_of_the_row() {
        let rows = rows();
        let forest = fitted(&rows);
        let scores = forest.score(rows.view());
        for (row, score) in rows.rows().into_iter().zip(scores) {
            let depth = -libm::log2(score) * average_path_length(256);
            let sum: f64 = contributions(&forest, row.as_slice().unwrap()).iter().sum();
            assert!((sum - (depth - expected_depth(&forest))).abs() < 1e-9);
        }
    }

    #[test]
    fn the_features_that_are_far_out_are_the_reasons() {
        let rows = rows();
        let forest = fitted(&rows);
        let reasons = top_reasons(&contributions(&forest, rows.row(399).as_slice().unwrap()), 2);
        assert_eq!((reasons[0].0, reasons[1].0), (2, 4));
        assert!(reasons[0].1 > reasons[1].1 && reasons[0].1 + reasons[1].1 <= 1.0);
    }

    #[test]
    fn a_split_is_put_down_to_its_feature() {
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
        // Leaves end at 1, 2 and 2 + c(2) = 3; the inner node at 8/3, the root at (1 + 8) / 4.
        let close = |row: &[f32], expected: [f64; 3]| {
            for (is, expected) in contributions(&forest, row).into_iter().zip(expected) {
                assert!((is - expected).abs() < 1e-12, "{is} is not {expected}");
            }
        };
        close(&[0.0, -1.0, 0.0], [0.0, 1.0 - 2.25, 0.0]);
        close(&[-1.0, 1.0, 0.0], [2.0 - 8.0 / 3.0, 8.0 / 3.0 - 2.25, 0.0]);
        close(&[1.0, f32::NAN, 0.0], [3.0 - 8.0 / 3.0, 8.0 / 3.0 - 2.25, 0.0]);
    }

    #[test]
    fn reasons_are_shares_of_the_shortening() {
        let reasons = top_reasons(&[-1.0, 2.0, -2.0, 0.0, -1.0], 2);
        assert_eq!(reasons, [(2, 0.5), (0, 0.25)]);
        assert!(top_reasons(&[1.0, 0.0], 3).is_empty());
        assert!(top_reasons(&[-1.0], 0).is_empty());
    }
}
