//! Exact Shapley values of a row's depth in a tree ("path-dependent TreeSHAP": Lundberg et al., *From local explanations
//! to global understanding with explainable AI for trees*, 2020).
//!
//! The game: a coalition of features is known. A row walks the tree; at a split on a feature that is not known it goes
//! both ways, weighted by how many sample rows went there. The worth of the coalition is the depth that it ends at. A
//! feature's Shapley value is what knowing it adds, averaged over all orders in which features become known.
//!
//! That average is an integral (Owen, *Multilinear Extensions of Games*, 1972): each other feature is known with chance
//! t, and t runs from 0 to 1. For a leaf of depth v with the features j on its path, each reached by a share zⱼ of the
//! sample at j's splits and by the row (oⱼ = 1) or not (oⱼ = 0), feature i's part is
//!
//! v (oᵢ − zᵢ) ∫ Πⱼ≠ᵢ (t oⱼ + (1 − t) zⱼ) dt,
//!
//! a polynomial, so a Gauss–Legendre rule of half as many points as there are features gives it exactly. Products are
//! made once, from the root down, and divided by a feature's own factor, which is never 0; sums over the leaves below a
//! node once, from the leaves up, as in Linear TreeSHAP (Yu, Xu, Bifet & Read 2022). So a row takes time in proportion
//! to the nodes, not to the nodes times the square of the depth.

use super::quadrature::gauss_legendre;
use crate::detect::isolation_forest::{Split, Tree};

/// Points of the quadrature that are worked on together.
const LANES: usize = 4;

type Lanes = [f64; LANES];

/// Lane by lane.
fn each(lane: impl FnMut(usize) -> f64) -> Lanes {
    std::array::from_fn(lane)
}

/// What is known of a node before there is a row.
struct Edge {
    parent: usize,
    /// What the parent splits on.
    feature: usize,
    /// The last node on the way here whose parent splits on the same feature; 0 if there is none.
    same: usize,
    /// Share of the sample rows that all splits on this feature, on the way here, sent this way.
    share: f64,
}

/// A tree that splits on one feature at a time, prepared for explaining many rows.
pub(super) struct TreeGame<'a> {
    tree: &'a Tree,
    /// By node. The root's leads nowhere and sends all rows this way.
    edges: Vec<Edge>,
    /// Final depth of the leaves less the expected depth, 0 for other nodes.
    gains: Vec<f64>,
    /// Points and weights, in groups.
    rule: Vec<(Lanes, Lanes)>,
}

impl<'a> TreeGame<'a> {
    /// `None` if the tree splits along planes.
    pub(super) fn new(tree: &'a Tree) -> Option<Self> {
        let mut edges = vec![Edge { parent: 0, feature: usize::MAX, same: 0, share: 1.0 }];
        let mut parents = vec![None; tree.node_count()];
        let mut gains = vec![0.0; tree.node_count()];
        // Different features on the way to each node.
        let mut features = vec![0_usize; tree.node_count()];
        for node in 0..tree.node_count() {
            if let Some((parent, feature)) = parents[node] {
                let mut same: usize = parent;
                while same > 0 && edges[same].feature != feature {
                    same = edges[same].parent;
                }
                let share = edges[same].share * tree.samples(node) as f64 / tree.samples(parent) as f64;
                features[node] = features[parent] + usize::from(same == 0);
                edges.push(Edge { parent, feature, same, share });
            }
            match tree.split(node) {
                Some((Split::Plane(_), _)) => return None,
                Some((Split::Feature(feature), _)) => {
                    let (left, right) = tree.children(node);
                    parents[left] = Some((node, feature));
                    parents[right] = Some((node, feature));
                }
                None => gains[node] = tree.expected_depth(node) - tree.expected_depth(0),
            }
        }
        let most = features.into_iter().max().unwrap_or(0);
        let points = gauss_legendre(most.div_ceil(2).next_multiple_of(LANES).max(LANES));
        let group = |group: &[(f64, f64)]| (each(|lane| group[lane].0), each(|lane| group[lane].1));
        let rule = points.chunks_exact(LANES).map(group).collect();
        Some(Self { tree, edges, gains, rule })
    }

    /// Adds the Shapley value of each feature of the row to its entry of `sums`.
    pub(super) fn add_values(&self, row: &[f32], sums: &mut [f64], scratch: &mut Scratch) {
        let nodes = self.edges.len();
        let Scratch { reached, inverses, products } = scratch;
        reached.resize(nodes.max(reached.len()), true);
        inverses.resize(nodes.max(inverses.len()), [1.0; LANES]);
        products.resize(nodes.max(products.len()), [0.0; LANES]);
        for (node, edge) in self.edges.iter().enumerate().skip(1) {
            reached[node] = reached[edge.same] && self.tree.child(edge.parent, row[edge.feature]) == node;
        }
        for (points, weights) in &self.rule {
            products[0] = *weights;
            for (node, edge) in self.edges.iter().enumerate().skip(1) {
                let known = f64::from(u8::from(reached[node]));
                let factor = each(|lane| edge.share + points[lane] * (known - edge.share));
                let (above, same) = (products[edge.parent], inverses[edge.same]);
                products[node] = each(|lane| above[lane] * same[lane] * factor[lane]);
                inverses[node] = each(|lane| 1.0 / factor[lane]);
            }
            for (product, gain) in products.iter_mut().zip(&self.gains) {
                *product = product.map(|product| product * gain);
            }
            for (node, edge) in self.edges.iter().enumerate().skip(1).rev() {
                let below = products[node];
                let sum = &mut products[edge.parent];
                *sum = each(|lane| sum[lane] + below[lane]);
                let advantage = |node: usize, share: f64| {
                    let known = f64::from(u8::from(reached[node]));
                    let inverse = inverses[node];
                    each(|lane| below[lane] * inverse[lane]).into_iter().sum::<f64>() * (known - share)
                };
                sums[edge.feature] += advantage(node, edge.share);
                if edge.same > 0 {
                    sums[edge.feature] -= advantage(edge.same, self.edges[edge.same].share);
                }
            }
        }
    }
}

/// Working memory, by node. The root's entries of the first two stay what they are at first.
#[derive(Default)]
pub(super) struct Scratch {
    /// Whether the row passes all splits on the feature that the parent splits on, on the way to the node.
    reached: Vec<bool>,
    /// 1 / (t o + (1 − t) z) of that feature.
    inverses: Vec<Lanes>,
    /// Weight of the point times the factors of all features on the way; then the sum of that, times the gain, over the
    /// leaves below.
    products: Vec<Lanes>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::isolation_forest::Params;
    use ndarray::Array2;
    use proptest::prelude::*;
    use std::ops::ControlFlow;

    /// The depth at which a row of which only some features are known is expected to end.
    fn worth(tree: &Tree, node: usize, row: &[f32], known: u32) -> f64 {
        match tree.split(node) {
            None => tree.expected_depth(node),
            Some((Split::Feature(feature), _)) if known & (1 << feature) != 0 => {
                worth(tree, tree.child(node, row[feature]), row, known)
            }
            Some(_) => {
                let (left, right) = tree.children(node);
                let part = |child| tree.samples(child) as f64 * worth(tree, child, row, known);
                (part(left) + part(right)) / tree.samples(node) as f64
            }
        }
    }

    /// Shapley values by their definition: over all coalitions.
    fn brute_force(tree: &Tree, row: &[f32]) -> Vec<f64> {
        let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
        let features = row.len() as u32;
        let value = |feature: u32| {
            let coalitions = (0..1_u32 << features).filter(|known| known & (1 << feature) == 0);
            let part = |known: u32| {
                let size = known.count_ones();
                let gain = worth(tree, 0, row, known | (1 << feature)) - worth(tree, 0, row, known);
                factorial(size) * factorial(features - size - 1) / factorial(features) * gain
            };
            coalitions.map(part).sum()
        };
        (0..features).map(value).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn values_are_those_of_the_definition(
            features in 1..7_usize, levels in 2..40_u32, seed: u64, max_depth in 1..20_usize,
            missing in 0..7_usize,
        ) {
            let rows = Array2::from_shape_fn((60, features), |(row, feature)| {
                ((row as u32 * 31 + feature as u32 + 1).wrapping_mul(2_654_435_761) % levels) as f32
            });
            let params = Params { trees: 1, max_depth: Some(max_depth), seed, ..Params::default() };
            let forest = params.check().unwrap().fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
            let tree = &forest.trees()[0];
            let game = TreeGame::new(tree).unwrap();
            let mut scratch = Scratch::default();
            for row in rows.rows().into_iter().step_by(7) {
                let mut row = row.to_vec();
                if let Some(value) = row.get_mut(missing) {
                    *value = f32::NAN;
                }
                let mut values = vec![0.0; features];
                game.add_values(&row, &mut values, &mut scratch);
                for (value, expected) in values.iter().zip(brute_force(tree, &row)) {
                    prop_assert!((value - expected).abs() < 1e-12, "{} is not {}", value, expected);
                }
            }
        }
    }

    #[test]
    fn paths_of_many_features_are_exact_too() {
        // One group of points serves up to eight features, two up to sixteen.
        for (features, groups) in [(8, 1), (9, 2), (11, 2)] {
            // Powers of two in another order per feature: splits take few rows off, so paths are long.
            let rows = Array2::from_shape_fn((60, features), |(row, feature)| {
                libm::exp2f(((row * (2 * feature + 1) + 7 * feature) % 61) as f32)
            });
            let params = Params { trees: 1, max_depth: Some(40), seed: 3, ..Params::default() };
            let forest = params.check().unwrap().fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
            let tree = &forest.trees()[0];
            let game = TreeGame::new(tree).unwrap();
            assert!(tree.height() > features && game.rule.len() == groups, "{} {}", tree.height(), game.rule.len());
            for row in [0, 30] {
                let row = rows.row(row).to_vec();
                let mut values = vec![0.0; features];
                game.add_values(&row, &mut values, &mut Scratch::default());
                for (value, expected) in values.iter().zip(brute_force(tree, &row)) {
                    assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
                }
            }
        }
    }
}
