//! The forest's parameters.

use super::{Field, Form, MOST_EXACT};
use crate::{detect::isolation_forest::Params, ui::format};

/// Rows of all trees together: their nodes take about 40 bytes a row, in every worker.
const MOST_ROWS: usize = 1 << 23;

/// What can be chosen.
pub const FOREST: Form<Params> = Form {
    fields: &[
        Field::<Params>::whole(
            "Trees",
            "param-trees",
            [1.0, 10_000.0],
            |params| params.trees.to_string(),
            |params, value| params.trees = value.count().unwrap_or(0),
        ),
        Field::<Params>::whole(
            "Flows per tree",
            "param-sample-size",
            [2.0, 65_536.0],
            |params| params.sample_size.to_string(),
            |params, value| params.sample_size = value.count().unwrap_or(0),
        ),
        Field::<Params>::whole(
            "Features per tree",
            "param-max-features",
            [1.0, 1_000_000.0],
            |params| text_of(params.max_features),
            |params, value| params.max_features = value.count(),
        )
        .or_empty("all"),
        Field::<Params>::whole(
            "Maximum depth",
            "param-max-depth",
            [1.0, 1_000.0],
            |params| text_of(params.max_depth),
            |params, value| params.max_depth = value.count(),
        )
        .or_empty("log₂ of the flows per tree"),
        Field::<Params>::whole(
            "Features per split",
            "param-combined",
            [1.0, 1_000.0],
            |params| (params.extension + 1).to_string(),
            |params, value| params.extension = value.count().unwrap_or(1).saturating_sub(1),
        )
        .hint("More than 1: an extended isolation forest, which splits along hyperplanes."),
        Field::<Params>::whole(
            "Seed",
            "param-seed",
            [0.0, MOST_EXACT],
            |params| params.seed.to_string(),
            |params, value| params.seed = value.number().unwrap_or(0.0) as u64,
        ),
    ],
    conflict: |params| {
        let most = MOST_ROWS / params.trees.max(1);
        (params.sample_size > most).then(|| {
            let most = format::count(most as u64);
            ("param-sample-size", format!("With so many trees, at most {most} flows each fit in memory."))
        })
    },
};

fn text_of(number: Option<usize>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// The parameters in a line.
pub fn describe(params: Params) -> String {
    let mut words =
        format!("{} trees × {} flows", format::count(params.trees as u64), format::count(params.sample_size as u64));
    if let Some(features) = params.max_features {
        words += &format!(" × {}", format::counted(features as u64, "feature", "features"));
    }
    if let Some(depth) = params.max_depth {
        words += &format!(", maximum depth {}", format::count(depth as u64));
    }
    if params.extension > 0 {
        words += &format!(", hyperplanes of {} features", format::count(params.extension as u64 + 1));
    }
    format!("{words}, seed {}", params.seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::form::tests::{at_bounds, can_be_typed_back, typed};

    #[test]
    fn every_number_reaches_its_parameter() {
        let start = Params::default();
        can_be_typed_back(&FOREST, &start, &Params { trees: 1, max_depth: Some(3), ..start });
        let params =
            Params { trees: 7, sample_size: 8, max_features: Some(9), max_depth: Some(10), extension: 2, seed: 12 };
        can_be_typed_back(&FOREST, &params, &start);
        let words = "7 trees × 8 flows × 9 features, maximum depth 10, hyperplanes of 3 features, seed 12";
        assert_eq!((describe(params).as_str(), describe(start).as_str()), (words, "100 trees × 256 flows, seed 42"));
    }

    #[test]
    fn the_forest_accepts_what_the_form_accepts() {
        let bounds = at_bounds(&FOREST, &Params { sample_size: 64, ..Params::default() });
        assert!(bounds.len() == 12 && bounds.into_iter().all(|params| params.check().is_ok()));
    }

    #[test]
    fn trees_and_flows_that_are_too_much_together_are_told_at_the_flows() {
        let read = |trees, flows| {
            FOREST.read(&typed(&[("param-trees", trees), ("param-sample-size", flows)]), &Params::default())
        };
        let errors = read("1000", "65536").unwrap_err();
        assert!(errors.len() == 1 && errors["param-sample-size"].contains(" 8,388 flows"), "{errors:?}");
        assert!(read("1000", "8388").is_ok());
        assert_eq!(read("0", "many").unwrap_err().len(), 2);
    }
}
