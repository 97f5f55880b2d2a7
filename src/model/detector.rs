//! A detector as part of a graph: raw columns → a score a row.

use super::{
    SaveError,
    features::{self, Inputs},
    graph::{Graph, Runtimes, Type, Value},
    nearest, trees,
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
    let excess = match graph.runtimes {
        Runtimes::Current => trees::ensemble(graph, forest, normal, &wide),
        Runtimes::Older => trees::regressor(graph, forest, normal, &wide),
    };
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
    let error = graph.reduce("ReduceMean", &error);
    let Some(calibration) = network.calibration() else { return error };
    let Some(outside) = outside(graph, calibration.fences(), x) else { return error };
    let (limit, one, zero) = (graph.doubles(&[calibration.limit()]), graph.doubles(&[1.0]), graph.doubles(&[0.0]));
    let lifted = graph.op("Max", &[&error, &limit], &[]);
    let more = graph.op("Add", &[&one, &outside], &[]);
    let lifted = graph.op("Mul", &[&lifted, &more], &[]);
    let beyond = graph.op("Greater", &[&outside, &zero], &[]);
    graph.op("Where", &[&beyond, &lifted, &error], &[])
}
