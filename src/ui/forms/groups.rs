//! What groups are looked for.

use super::{Field, Form};
use crate::detect::groups::Params;

/// What can be chosen.
pub const GROUPS: Form<Params> = Form::of(&[
    Field::<Params>::whole(
        "Flows of the smallest group",
        "groups-smallest",
        [3.0, 1_000.0],
        |params| params.smallest.to_string(),
        |params, value| params.smallest = value.count().unwrap_or(0),
    )
    .hint("Among the flows that are compared: all of a small file, some 6,000 of a large one."),
    Field::<Params>::whole(
        "Largest group, in per cent",
        "groups-largest",
        [1.0, 50.0],
        |params| ((params.largest * 100.0).round() as u64).to_string(),
        |params, value| params.largest = value.number().unwrap_or(0.0) / 100.0,
    )
    .hint("Of the flows that are compared; in the file, a group may have more."),
    Field::<Params>::whole(
        "Neighbour that counts",
        "groups-neighbours",
        [2.0, 50.0],
        |params| params.neighbours.to_string(),
        |params, value| params.neighbours = value.count().unwrap_or(0),
    )
    .hint("The more, the rounder groups have to be: min_samples of HDBSCAN."),
]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::form::tests::{at_bounds, can_be_typed_back};

    #[test]
    fn every_number_reaches_its_parameter_and_is_accepted() {
        let start = Params::default();
        can_be_typed_back(&GROUPS, &start, &Params { smallest: 20, largest: 0.2, neighbours: 9 });
        let bounds = at_bounds(&GROUPS, &start);
        assert!(bounds.len() == 6 && bounds.into_iter().all(|params| params.check().is_ok()));
    }
}
