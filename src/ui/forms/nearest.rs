//! How many neighbours count.

use super::{Field, Form};
use crate::detect::nearest::Params;

/// What can be chosen.
pub const NEAREST: Form<Params> = Form::of(&[
    Field::<Params>::whole(
        "Neighbour that counts",
        "nearest-neighbours",
        [1.0, 1_000.0],
        |params| params.neighbours.map_or_else(String::new, |number| number.to_string()),
        |params, value| params.neighbours = value.count(),
    )
    .or_empty("1 of a baseline, 100 of this file")
    .hint("Attacks have neighbours of their own kind: in a file that may hold some, count a farther one."),
    Field::<Params>::whole(
        "Flows to compare with",
        "nearest-references",
        [16.0, 16_384.0],
        |params| params.references.map_or_else(String::new, |rows| rows.to_string()),
        |params, value| params.references = value.count(),
    )
    .or_empty("16,384 of a baseline, 2,048 of this file"),
]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::form::tests::{at_bounds, can_be_typed_back};

    #[test]
    fn every_number_reaches_its_parameter_and_is_accepted() {
        let start = Params::default();
        can_be_typed_back(&NEAREST, &start, &Params { neighbours: Some(5), references: Some(4_096) });
        let bounds = at_bounds(&NEAREST, &start);
        assert!(bounds.len() == 4 && bounds.into_iter().all(|params| params.check().is_ok()));
    }
}
