//! Nearest neighbours as part of a graph: raw columns → how far a row is from the neighbour that counts.
//!
//! Coordinates are told by the same steps in 32 bits as here. From there on all are whole numbers in 64 bits, of which the squares of all
//! distances at once are a product of two matrices, so the scores are the very same.

use super::{
    SaveError,
    features::Inputs,
    graph::{Graph, Type, Value},
};
use crate::{
    detect::nearest::Nearest,
    features::{Axis, ROUNDED, ROUNDED_UNIT},
};

/// Distances that a runtime should have in memory at once.
const DISTANCES: usize = 1 << 20;
/// Rows that it should have: there are hundreds of knots on an axis to compare each of them with.
const ROWS: usize = 512;

/// Rows that it is best to score at a time: there is a distance to each reference for each of them.
pub(super) fn batch(nearest: &Nearest) -> usize {
    (DISTANCES / nearest.known().1.len().max(1)).clamp(1, ROWS)
}

/// Adds the detector; gives its scores (rows × 1, 64 bits).
pub(super) fn add(graph: &mut Graph, nearest: &Nearest, columns: &Inputs<'_>) -> Result<Value, SaveError> {
    let axes = nearest.space().axes();
    let point = places(graph, axes, columns)?;
    let squares = squares(graph, nearest, (&point, columns))?;
    let own = graph.op("Mul", &[&point, &point], &[]);
    let own = graph.sum(&own);
    let square = counted(graph, nearest, (&squares, &own));
    let (distance, unit) = (graph.op("Sqrt", &[&square], &[]), graph.doubles(&[f64::from(ROUNDED_UNIT)]));
    Ok(graph.op("Div", &[&distance, &unit], &[]))
}

/// Where rows lie: rounded coordinates (rows × axes, 64 bits).
fn places(graph: &mut Graph, axes: &[Axis], columns: &Inputs<'_>) -> Result<Value, SaveError> {
    // Between which knots a value lies is told axis by axis; the rest is the same for all of them, by what is known of each stretch: a
    // value where it begins, how long it is, the place there, and by how much places rise.
    let (mut values, mut stretches, mut first) = (Vec::new(), Vec::new(), Vec::new());
    let mut known = [const { Vec::<f32>::new() }; 4];
    for axis in axes {
        let value = columns.unscaled(graph, &axis.feature)?;
        // Nothing is at or above a number that is none.
        let knots = graph.floats(if axis.knots.is_empty() { &[f32::NAN] } else { &axis.knots });
        let passed = graph.op("GreaterOrEqual", &[&value, &knots], &[]);
        let passed = graph.cast(&passed, Type::Float);
        stretches.push(graph.sum(&passed));
        values.push(value);
        first.push(known[0].len() as i64);
        let place = |knot: usize| axis.places.get(knot).map_or(0.0, |&place| f32::from(place));
        for above in 0..=axis.knots.len() {
            let stretch = match (above.checked_sub(1), axis.knots.get(above)) {
                (None, _) => [0.0, 1.0, place(0), 0.0],
                (Some(below), None) => [0.0, 1.0, place(below), 0.0],
                (Some(below), Some(next)) => {
                    let knot = axis.knots[below];
                    [knot, next - knot, place(below), place(above) - place(below)]
                }
            };
            known.iter_mut().zip(stretch).for_each(|(known, of_stretch)| known.push(of_stretch));
        }
    }
    let (values, stretches) = (graph.concat(&values), graph.concat(&stretches));
    let (stretches, first) = (graph.cast(&stretches, Type::Int), graph.constant(Type::Int, &[1, first.len()], &first));
    let stretches = graph.op("Add", &[&stretches, &first], &[]);
    let [knot, length, place, rise] = known.map(|known| {
        let known = graph.constant(Type::Float, &[known.len()], &known);
        graph.op("Gather", &[&known, &stretches], &[])
    });
    let share = graph.op("Sub", &[&values, &knot], &[]);
    let share = graph.op("Div", &[&share, &length], &[]);
    let raised = graph.op("Mul", &[&share, &rise], &[]);
    let raised = graph.op("Add", &[&place, &raised], &[]);
    let (infinite, none) = (graph.op("IsInf", &[&share], &[]), graph.op("IsNaN", &[&share], &[]));
    let endless = graph.op("Or", &[&infinite, &none], &[]);
    let place = graph.op("Where", &[&endless, &place, &raised], &[]);
    let missing = graph.floats(&axes.iter().map(|axis| f32::from(axis.missing)).collect::<Vec<_>>());
    let nothing = graph.op("IsNaN", &[&values], &[]);
    let place = graph.op("Where", &[&nothing, &missing, &place], &[]);
    // Rounding down twice is rounding down once.
    let part = graph.floats(&[1.0 / (1_u32 << ROUNDED) as f32]);
    let place = graph.op("Mul", &[&place, &part], &[]);
    let place = graph.op("Floor", &[&place], &[]);
    Ok(graph.cast(&place, Type::Double))
}

/// The squares of the distances to all references (rows × references, 64 bits), without the square of the row's own coordinates, which
/// is the same in all: |x − r|² = |x|² + |r|² − 2 x·r.
fn squares(graph: &mut Graph, nearest: &Nearest, (point, columns): (&Value, &Inputs<'_>)) -> Result<Value, SaveError> {
    let axes = nearest.space().axes();
    let (references, rows) = (nearest.known().0, nearest.known().1.len());
    let along = |axis: usize| (0..rows).map(move |row| references.places(row)[axis]);
    let places: Vec<i16> = (0..axes.len()).flat_map(along).collect();
    let lengths = (0..rows).map(|row| references.places(row).iter().map(|&place| f64::from(place).powi(2)).sum());
    let lengths = graph.doubles(&lengths.collect::<Vec<f64>>());
    let places = graph.constant(Type::Short, &[axes.len(), rows], &places);
    let (places, twice) = (graph.cast(&places, Type::Double), graph.doubles(&[-2.0]));
    let twice = graph.op("Mul", &[point, &twice], &[]);
    let mut squares = graph.op("Gemm", &[&twice, &places, &lengths], &[]);
    let apart = f64::from(ROUNDED_UNIT).powi(2);
    let kinds = axes.iter().filter_map(|axis| axis.frequent.as_ref().map(|keys| (&axis.feature, keys)));
    for (kind, (feature, keys)) in kinds.enumerate().filter(|(_, (_, keys))| !keys.is_empty()) {
        let code = columns.code(graph, feature, keys)?;
        // There are some thousand of them at most.
        let codes: Vec<i16> = (0..rows).map(|row| references.codes(row)[kind] as i16).collect();
        let codes = graph.constant(Type::Short, &[1, rows], &codes);
        let codes = graph.cast(&codes, Type::Float);
        let same = graph.op("Equal", &[&code, &codes], &[]);
        let (none, apart) = (graph.doubles(&[0.0]), graph.doubles(&[apart]));
        let apart = graph.op("Where", &[&same, &none, &apart], &[]);
        squares = graph.op("Add", &[&squares, &apart], &[]);
    }
    Ok(squares)
}

/// The square of the distance that counts (rows × 1): the first by which so many rows are reached, or the last.
fn counted(graph: &mut Graph, nearest: &Nearest, (squares, own): (&Value, &Value)) -> Value {
    let (weights, [number, wanted]) = (nearest.known().1, nearest.numbers());
    let some = wanted.min(weights.len());
    let [near, which] = graph.least(squares, some);
    let near = graph.op("Add", &[&near, own], &[]);
    if some == 1 {
        return near;
    }
    let weights: Vec<f64> = weights.iter().map(|&weight| f64::from(weight)).collect();
    let weights = graph.constant(Type::Double, &[weights.len()], &weights);
    let rows = graph.op("Gather", &[&weights, &which], &[]);
    let axis = graph.constant(Type::Int, &[], &[1_i64]);
    let rows = graph.op("CumSum", &[&rows, &axis], &[]);
    let mut enough = graph.doubles(&[number as f64]);
    if wanted > number {
        // A reference at no distance is the row itself.
        let (first, zero, more) = (graph.pick(&near, &[0]), graph.doubles(&[0.0]), graph.doubles(&[wanted as f64]));
        let itself = graph.op("Equal", &[&first, &zero], &[]);
        enough = graph.op("Where", &[&itself, &more, &enough], &[]);
    }
    let reached = graph.op("GreaterOrEqual", &[&rows, &enough], &[]);
    let last = graph.pick(&near, &[some - 1]);
    let near = graph.op("Where", &[&reached, &near, &last], &[]);
    graph.reduce("ReduceMin", &near)
}
