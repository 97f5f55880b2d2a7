//! The trees of a forest as part of a graph: a matrix → the sum of the depths by which a row ends deeper than usual, over all trees.

use super::graph::{Attribute, Graph, Type, Value, tensor};
use crate::detect::isolation_forest::{IsolationForest, Split, Tree};

/// A number of 32 bits holds all whole ones up to this one.
const DIGITS: f64 = (1_u32 << f32::MANTISSA_DIGITS) as f64;

/// By the operator that has it all in 64 bits.
pub(super) fn ensemble(graph: &mut Graph, forest: &IsolationForest, normal: f64, x: &Value) -> Value {
    /// Where a row goes left iff its value is at most the threshold.
    const AT_MOST: u8 = 0;
    let (mut roots, mut splits, mut features, mut modes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut sides, mut missing, mut weights) = ([Vec::new(), Vec::new()], Vec::new(), Vec::<f64>::new());
    let mut leafs = [Vec::new(), Vec::new()];
    for tree in forest.trees() {
        roots.push(splits.len() as i64);
        // Nodes that split, and leaves, each have numbers of their own, in the order of the tree.
        let split: Vec<bool> = (0..tree.node_count()).map(|node| tree.split(node).is_some()).collect();
        let (nodes, leaves) = (splits.len(), weights.len());
        let number = |node: usize| {
            let before = split[..node].iter().filter(|&&split| split).count();
            if split[node] { (nodes + before) as i64 } else { (leaves + node - before) as i64 }
        };
        for node in 0..tree.node_count() {
            let Some((Split::Feature(feature), threshold)) = tree.split(node) else {
                weights.push(tree.expected_depth(node) - normal);
                continue;
            };
            let (left, right) = tree.children(node);
            splits.push(f64::from(threshold));
            features.push(feature as i64);
            modes.push(AT_MOST);
            missing.push(i64::from(tree.child(node, f32::NAN) == left));
            for (side, child) in [left, right].into_iter().enumerate() {
                sides[side].push(number(child));
                leafs[side].push(i64::from(!split[child]));
            }
        }
        if !split[0] {
            // A tree that does not split: either side is its leaf.
            splits.push(0.0);
            features.push(0);
            modes.push(AT_MOST);
            missing.push(0);
            for side in 0..2 {
                sides[side].push(leaves as i64);
                leafs[side].push(1);
            }
        }
    }
    let [left, right] = sides;
    let [left_leafs, right_leafs] = leafs;
    let targets = vec![0; weights.len()];
    graph.ml(
        "TreeEnsemble",
        x,
        &[
            ("aggregate_function", Attribute::Int(1)),
            ("leaf_targetids", Attribute::Ints(targets)),
            ("leaf_weights", Attribute::Tensor(tensor("", Type::Double, &[weights.len()], &weights))),
            ("n_targets", Attribute::Int(1)),
            ("nodes_falseleafs", Attribute::Ints(right_leafs)),
            ("nodes_falsenodeids", Attribute::Ints(right)),
            ("nodes_featureids", Attribute::Ints(features)),
            ("nodes_missing_value_tracks_true", Attribute::Ints(missing)),
            ("nodes_modes", Attribute::Tensor(tensor("", Type::Bytes, &[modes.len()], &modes))),
            ("nodes_splits", Attribute::Tensor(tensor("", Type::Double, &[splits.len()], &splits))),
            ("nodes_trueleafs", Attribute::Ints(left_leafs)),
            ("nodes_truenodeids", Attribute::Ints(left)),
            ("post_transform", Attribute::Int(0)),
            ("tree_roots", Attribute::Ints(roots)),
        ],
    )
}

/// By the operator of older runtimes, whose sums are of 64 bits but are given in 32. So there are two: of the depths as far as their
/// sum has no more digits than fit in 32 bits, and of what is left.
pub(super) fn regressor(graph: &mut Graph, forest: &IsolationForest, normal: f64, x: &Value) -> Value {
    let trees = forest.trees();
    let deepest =
        |tree: &Tree| (0..tree.node_count()).map(|node| (tree.expected_depth(node) - normal).abs()).fold(0.0, f64::max);
    let most: f64 = trees.iter().map(deepest).sum();
    // A power of two, so that dividing by it loses nothing.
    let mut unit = 1.0;
    while unit * DIGITS / 4.0 > most && unit > f64::EPSILON {
        unit /= 2.0;
    }
    let (mut numbers, mut of_trees, mut splits, mut features) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut modes, mut sides, mut missing) = (Vec::new(), [Vec::new(), Vec::new()], Vec::new());
    let (mut leaves, mut leaves_of, mut targets, mut weights) = (Vec::new(), Vec::new(), Vec::new(), Vec::<f64>::new());
    for (number, tree) in trees.iter().enumerate() {
        for node in 0..tree.node_count() {
            numbers.push(node as i64);
            of_trees.push(number as i64);
            let (left, right) = tree.children(node);
            let split = tree.split(node);
            let (feature, threshold) = match split {
                Some((Split::Feature(feature), threshold)) => (feature, threshold),
                _ => (0, 0.0),
            };
            features.push(feature as i64);
            splits.push(f64::from(threshold));
            modes.push(if split.is_some() { "BRANCH_LEQ" } else { "LEAF" });
            missing.push(i64::from(split.is_some() && tree.child(node, f32::NAN) == left));
            for (side, child) in sides.iter_mut().zip([left, right]) {
                side.push(if split.is_some() { child as i64 } else { 0 });
            }
            if split.is_none() {
                let weight = tree.expected_depth(node) - normal;
                let whole = libm::rint(weight / unit) * unit;
                for (target, weight) in [whole, weight - whole].into_iter().enumerate() {
                    leaves.push(node as i64);
                    leaves_of.push(number as i64);
                    targets.push(target as i64);
                    weights.push(weight);
                }
            }
        }
    }
    let [left, right] = sides;
    let doubles = |values: &[f64]| Attribute::Tensor(tensor("", Type::Double, &[values.len()], values));
    let sums = graph.ml(
        "TreeEnsembleRegressor",
        x,
        &[
            ("aggregate_function", Attribute::Text("SUM")),
            ("n_targets", Attribute::Int(2)),
            ("nodes_falsenodeids", Attribute::Ints(right)),
            ("nodes_featureids", Attribute::Ints(features)),
            ("nodes_missing_value_tracks_true", Attribute::Ints(missing)),
            ("nodes_modes", Attribute::Texts(modes)),
            ("nodes_nodeids", Attribute::Ints(numbers)),
            ("nodes_treeids", Attribute::Ints(of_trees)),
            ("nodes_truenodeids", Attribute::Ints(left)),
            ("nodes_values_as_tensor", doubles(&splits)),
            ("post_transform", Attribute::Text("NONE")),
            ("target_ids", Attribute::Ints(targets)),
            ("target_nodeids", Attribute::Ints(leaves)),
            ("target_treeids", Attribute::Ints(leaves_of)),
            ("target_weights_as_tensor", doubles(&weights)),
        ],
    );
    let sums = graph.cast(&sums, Type::Double);
    graph.sum(&sums)
}
