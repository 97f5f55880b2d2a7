//! A tree as it is saved and exchanged, and the check that it is one.

use serde::{Deserialize, Serialize};

use super::error::TreeError;
use super::tree::Term;

/// A tree as plain arrays, one entry per node: how trees are saved, and how trees from elsewhere come in.
///
/// Node 0 is the root, the children of a node are neighbours and come after it. A row goes left iff its value is
/// at most the threshold; a missing value (NaN) goes where the node says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeParts {
    /// Left child of each node (the right one is the next node); 0 for a leaf.
    pub left: Vec<u32>,
    /// Feature that each node splits on, from 0; ignored for a leaf.
    pub feature: Vec<u32>,
    /// Value that each node splits at; ignored for a leaf.
    pub threshold: Vec<f32>,
    /// Whether a row that lacks the value goes left at each node; ignored for a leaf.
    pub missing_left: Vec<bool>,
    /// Rows of the tree's sample that reached each node.
    pub samples: Vec<u32>,
    /// Empty if each node splits on its feature. Else the plane that each node splits along in place of it, empty for
    /// a leaf.
    pub planes: Vec<Vec<Term>>,
}

impl TreeParts {
    /// Whether the arrays are one tree, every node of it reachable.
    pub(super) fn check(&self) -> Result<(), TreeError> {
        let nodes = self.left.len();
        let lengths = [self.feature.len(), self.threshold.len(), self.missing_left.len(), self.samples.len()];
        let has_planes = !self.planes.is_empty();
        if nodes == 0
            || u32::try_from(nodes).is_err()
            || lengths != [nodes; 4]
            || (has_planes && self.planes.len() != nodes)
        {
            return Err(TreeError::Lengths);
        }
        let mut has_parent = vec![false; nodes];
        has_parent[0] = true;
        for node in 0..nodes {
            let left = self.left[node] as usize;
            // Parents come first, so a node without one by now is nobody's child.
            if !has_parent[node] {
                return Err(TreeError::Children(node));
            }
            if left == 0 {
                if self.samples[node] == 0 {
                    return Err(TreeError::Samples(node));
                }
                if has_planes && !self.planes[node].is_empty() {
                    return Err(TreeError::Plane(node));
                }
                continue;
            }
            if left <= node || left + 1 >= nodes || has_parent[left] || has_parent[left + 1] {
                return Err(TreeError::Children(node));
            }
            has_parent[left] = true;
            has_parent[left + 1] = true;
            if self.samples[left].checked_add(self.samples[left + 1]) != Some(self.samples[node]) {
                return Err(TreeError::Samples(node));
            }
            if !self.threshold[node].is_finite() {
                return Err(TreeError::Threshold(node));
            }
            let terms: &[Term] = if has_planes { &self.planes[node] } else { &[] };
            if self.feature[node] == u32::MAX || terms.iter().any(|term| term.feature == u32::MAX) {
                return Err(TreeError::Feature(node));
            }
            let finite = |term: &Term| term.origin.is_finite() && term.weight.is_finite();
            if terms.is_empty() == has_planes || !terms.iter().all(finite) {
                return Err(TreeError::Plane(node));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tree::Tree;
    use super::*;

    /// Splits 5 rows on feature 1 at 0.5 into 3 and a leaf of 2, the 3 on feature 0 at −1 into 1 and 2.
    pub(in super::super) fn parts() -> TreeParts {
        TreeParts {
            left: vec![1, 3, 0, 0, 0],
            feature: vec![1, 0, 0, 0, 0],
            threshold: vec![0.5, -1.0, 0.0, 0.0, 0.0],
            missing_left: vec![false, true, false, false, false],
            samples: vec![5, 3, 2, 1, 2],
            planes: Vec::new(),
        }
    }

    /// The same tree with planes in place of features: x₁ − 2 (x₀ − 1), and x₀ alone.
    pub(in super::super) fn oblique_parts() -> TreeParts {
        let term = |feature, origin, weight| Term { feature, origin, weight };
        let plane = vec![term(1, 0.0, 1.0), term(0, 1.0, -2.0)];
        TreeParts {
            feature: vec![0; 5],
            planes: vec![plane, vec![term(0, 0.0, 1.0)], Vec::new(), Vec::new(), Vec::new()],
            ..parts()
        }
    }

    #[test]
    fn parts_come_back_as_they_went_in() {
        for parts in [parts(), oblique_parts()] {
            assert_eq!(TreeParts::from(Tree::try_from(parts.clone()).unwrap()), parts);
        }
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let refused_from = |mut parts: TreeParts, change: fn(&mut TreeParts)| {
            change(&mut parts);
            Tree::try_from(parts).unwrap_err()
        };
        let refused = |change| refused_from(parts(), change);
        assert_eq!(refused(|parts| *parts = TreeParts::default()), TreeError::Lengths);
        assert_eq!(refused(|parts| parts.samples.push(1)), TreeError::Lengths);
        assert_eq!(refused(|parts| parts.left[1] = 1), TreeError::Children(1));
        assert_eq!(refused(|parts| parts.left[1] = 2), TreeError::Children(1));
        assert_eq!(refused(|parts| parts.left[1] = 4), TreeError::Children(1));
        assert_eq!(refused(|parts| parts.left[1] = u32::MAX), TreeError::Children(1));
        assert_eq!(refused(|parts| parts.left[1] = 0), TreeError::Children(3));
        assert_eq!(refused(|parts| parts.samples[3] = 7), TreeError::Samples(1));
        assert_eq!(refused(|parts| parts.samples[4] = u32::MAX), TreeError::Samples(1));
        assert_eq!(refused(|parts| parts.threshold[0] = f32::NAN), TreeError::Threshold(0));
        assert_eq!(refused(|parts| parts.feature[0] = u32::MAX), TreeError::Feature(0));
        assert_eq!(refused(|parts| parts.missing_left.clear()), TreeError::Lengths);

        let refused = |change| refused_from(oblique_parts(), change);
        assert_eq!(refused(|parts| parts.planes.truncate(4)), TreeError::Lengths);
        assert_eq!(refused(|parts| parts.planes[1].clear()), TreeError::Plane(1));
        assert_eq!(refused(|parts| parts.planes.swap(1, 2)), TreeError::Plane(1));
        assert_eq!(refused(|parts| parts.planes[4] = parts.planes[1].clone()), TreeError::Plane(4));
        assert_eq!(refused(|parts| parts.planes[0][1].weight = f32::INFINITY), TreeError::Plane(0));
        assert_eq!(refused(|parts| parts.planes[0][1].origin = f32::NAN), TreeError::Plane(0));
        assert_eq!(refused(|parts| parts.planes[0][1].feature = u32::MAX), TreeError::Feature(0));
    }
}
