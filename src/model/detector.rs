//! A detector as part of a graph: raw columns → a score a row.

use super::{
    SaveError,
    features::{self, Inputs},
    graph::{Attribute, Graph, Type, Value, tensor},
    nearest,
};
use crate::{
    detect::{
        Fences, Model,
        autoencoder::{Activation, Network},
        isolation_forest::{IsolationForest, average_path_length},
    },
    features::FeaturePlan,
};

/// Adds a detector, and what it sees of its plan; gives its scores (rows × 1, 64 bits).
pub(super) fn add(
    graph: &mut Graph,
    (plan, model): (&FeaturePlan, &Model),
    columns: &Inputs<'_>,
) -> Result<Value, SaveError> {
    match model {
        Model::IsolationForest(forest) => {
            let x = features::add(graph, plan, columns)?;
            self::forest(graph, forest, &x)
        }
        Model::Autoencoder(network) => {
            let x = features::add(graph, plan, columns)?;
            Ok(self::network(graph, network, &x))
        }
        Model::Nearest(nearest) => nearest::add(graph, nearest, columns),
    }
}

fn forest(graph: &mut Graph, forest: &IsolationForest, x: &Value) -> Result<Value, SaveError> {
    if forest.trees().iter().any(|tree| tree.has_planes()) {
        return Err(SaveError::Planes);
    }
    let normal = average_path_length(forest.sample_size());
    let wide = graph.cast(x, Type::Double);
    let excess = trees(graph, forest, normal, &wide);
    let all = forest.trees().len() as f64 * normal;
    let divisor = graph.doubles(&[if all == 0.0 { f64::INFINITY } else { -all }]);
    let (one, two) = (graph.doubles(&[1.0]), graph.doubles(&[2.0]));
    let power = graph.op("Div", &[&excess, &divisor], &[]);
    let power = graph.op("Sub", &[&power, &one], &[]);
    let score = graph.op("Pow", &[&two, &power], &[]);
    let Some(outside) = outside(graph, forest.fences(), x) else { return Ok(score) };
    let first = forest.first_split();
    let (first, rest, zero) = (graph.doubles(&[first]), graph.doubles(&[1.0 - first]), graph.doubles(&[0.0]));
    let lifted = graph.op("Mul", &[&rest, &outside], &[]);
    let more = graph.op("Add", &[&one, &outside], &[]);
    let lifted = graph.op("Div", &[&lifted, &more], &[]);
    let lifted = graph.op("Add", &[&first, &lifted], &[]);
    let lifted = graph.op("Max", &[&score, &lifted], &[]);
    let beyond = graph.op("Greater", &[&outside, &zero], &[]);
    Ok(graph.op("Where", &[&beyond, &lifted, &score], &[]))
}

/// The sum of the depths by which a row ends deeper than usual, over all trees.
fn trees(graph: &mut Graph, forest: &IsolationForest, normal: f64, x: &Value) -> Value {
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
            let Some((crate::detect::isolation_forest::Split::Feature(feature), threshold)) = tree.split(node) else {
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

/// How far a row is outside, in lengths of tails: added up in 32 bits in the order of the fences, then 64 bits.
fn outside(graph: &mut Graph, fences: &Fences, x: &Value) -> Option<Value> {
    let fences = fences.parts();
    let features: Vec<usize> = fences.iter().map(|fence| fence.0).collect();
    let picked = (!features.is_empty()).then(|| graph.pick(x, &features))?;
    let mut constant =
        |get: &dyn Fn(&[f32; 4]) -> f32| graph.floats(&fences.iter().map(|fence| get(&fence.1)).collect::<Vec<_>>());
    let (low, high, per_low, per_high) = (
        constant(&|fence| fence[0]),
        constant(&|fence| fence[1]),
        constant(&|fence| fence[2]),
        constant(&|fence| fence[3]),
    );
    let zero = graph.floats(&[0.0]);
    let below = graph.op("Sub", &[&low, &picked], &[]);
    let below = graph.op("Max", &[&below, &zero], &[]);
    let below = graph.op("Mul", &[&below, &per_low], &[]);
    let above = graph.op("Sub", &[&picked, &high], &[]);
    let above = graph.op("Max", &[&above, &zero], &[]);
    let above = graph.op("Mul", &[&above, &per_high], &[]);
    let each = graph.op("Add", &[&below, &above], &[]);
    let parts: Vec<Value> = (0..features.len()).map(|place| graph.pick(&each, &[place])).collect();
    let sum = graph.op("Sum", &parts.iter().collect::<Vec<_>>(), &[]);
    Some(graph.cast(&sum, Type::Double))
}

fn network(graph: &mut Graph, network: &Network, x: &Value) -> Value {
    let mut shown = x.clone();
    if let Some(calibration) = network.calibration() {
        let reach = calibration.reach();
        let (low, high) = (graph.floats(&[-reach]), graph.floats(&[reach]));
        shown = graph.op("Max", &[&shown, &low], &[]);
        shown = graph.op("Min", &[&shown, &high], &[]);
    }
    let (values, layers) = (network.values(), network.layers());
    let mut units = shown.clone();
    for (number, layer) in layers.iter().enumerate() {
        let weights = graph.matrix(&[layer.inputs, layer.outputs], &values[layer.weights..layer.bias()]);
        let bias = graph.matrix(&[layer.outputs], &values[layer.bias()..layer.end()]);
        units = graph.op("Gemm", &[&units, &weights, &bias], &[]);
        if number + 1 < layers.len() {
            let activation = if network.activation() == Activation::Relu { "Relu" } else { "Tanh" };
            units = graph.op(activation, &[&units], &[]);
        }
    }
    let error = graph.op("Sub", &[&units, &shown], &[]);
    let error = graph.op("Mul", &[&error, &error], &[]);
    let error = graph.cast(&error, Type::Double);
    let axis = graph.ints(&[1]);
    let error = graph.op("ReduceMean", &[&error, &axis], &[]);
    let Some(calibration) = network.calibration() else { return error };
    let Some(outside) = outside(graph, calibration.fences(), x) else { return error };
    let (limit, one, zero) = (graph.doubles(&[calibration.limit()]), graph.doubles(&[1.0]), graph.doubles(&[0.0]));
    let lifted = graph.op("Max", &[&error, &limit], &[]);
    let more = graph.op("Add", &[&one, &outside], &[]);
    let lifted = graph.op("Mul", &[&lifted, &more], &[]);
    let beyond = graph.op("Greater", &[&outside, &zero], &[]);
    graph.op("Where", &[&beyond, &lifted, &error], &[])
}
