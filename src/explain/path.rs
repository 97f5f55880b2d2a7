//! Contributions along the path of a row through a tree that splits along planes.
//!
//! Every node has an expectation: the mean final depth of the sample rows that reached it. A split sends a row to a
//! child with another expectation, and the difference is put down to the split (A. Saabas, *Interpreting random
//! forests*, 2014, <https://blog.datadive.net/interpreting-random-forests/>; the Python package `treeinterpreter`).
//! Along a path the differences add up to the depth of the leaf less the expectation of the root.

use crate::detect::isolation_forest::{Split, Term, Tree};

/// Adds what each split on the row's path did to the entries of its features in `sums`.
pub(super) fn add_shares(tree: &Tree, row: &[f32], sums: &mut [f64]) {
    let mut node = 0;
    while let Some((split, _)) = tree.split(node) {
        let child = tree.child(node, split.value(row));
        let difference = tree.expected_depth(child) - tree.expected_depth(node);
        match split {
            Split::Feature(feature) => sums[feature] += difference,
            Split::Plane(terms) => share(difference, terms, row, sums),
        }
        node = child;
    }
}

/// Divides what a plane did among its features, by how far each moved the row from the middle of the node.
fn share(difference: f64, terms: &[Term], row: &[f32], sums: &mut [f64]) {
    let moved = |term: &Term| {
        let distance = f64::from(term.weight) * (f64::from(row[term.feature as usize]) - f64::from(term.origin));
        // A missing or infinite value decides by itself; several of them share alike.
        if distance.is_finite() { distance.abs() } else { f64::from(f32::MAX) }
    };
    let total: f64 = terms.iter().map(moved).sum();
    for term in terms {
        let part = if total > 0.0 { moved(term) / total } else { 1.0 / terms.len() as f64 };
        sums[term.feature as usize] += difference * part;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_shared_by_how_far_each_feature_moved_the_row() {
        let term = |feature, origin, weight| Term { feature, origin, weight };
        let terms = [term(0, 1.0, 3.0), term(2, 0.0, -1.0)];
        let shares = |row: [f32; 3]| {
            let mut sums = [0.0; 3];
            share(2.0, &terms, &row, &mut sums);
            sums
        };
        // Moved by 3 · 1 and −1 · 1.
        assert_eq!(shares([2.0, 9.0, 1.0]), [1.5, 0.0, 0.5]);
        assert_eq!(shares([1.0, 9.0, 0.0]), [1.0, 0.0, 1.0]);
        assert_eq!(shares([f32::NAN, 9.0, f32::INFINITY]), [1.0, 0.0, 1.0]);
        assert!(shares([f32::NAN, 9.0, 1.0])[0] > 1.999);
    }
}
