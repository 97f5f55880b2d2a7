//! The forest's parameters.

use super::Number;
use crate::{detect::isolation_forest::Params, ui::format};

/// Rows of all trees together: their nodes take about 40 bytes a row, in every worker.
const MOST_ROWS: f64 = (1 << 23) as f64;

/// What can be chosen, in the order of [`ParamsForm`].
pub const NUMBERS: [Number; 6] = [
    number("Trees", "param-trees", "100", "", 1.0, 10_000.0),
    number("Flows per tree", "param-sample-size", "256", "", 2.0, 65_536.0),
    number("Features per tree", "param-max-features", "", "all", 1.0, 1_000_000.0),
    number("Maximum depth", "param-max-depth", "", "log₂ of the flows per tree", 1.0, 1_000.0),
    number("Features per split (more than 1: hyperplanes)", "param-combined", "1", "", 1.0, 1_000.0),
    // Above that, numbers of the browser have gaps.
    number("Seed", "param-seed", "42", "", 0.0, 9_007_199_254_740_991.0),
];

const fn number(
    name: &'static str,
    testid: &'static str,
    initial: &'static str,
    missing: &'static str,
    low: f64,
    high: f64,
) -> Number {
    Number { name, testid, initial, missing, low, high, whole: true }
}

/// The numbers as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamsForm(pub [String; 6]);

impl Default for ParamsForm {
    fn default() -> Self {
        Self(NUMBERS.map(|number| number.initial.to_owned()))
    }
}

impl ParamsForm {
    /// What is wrong with one of the numbers.
    pub fn error(&self, place: usize) -> Option<String> {
        let error = NUMBERS[place].read(&self.0[place]).err();
        error.or_else(|| (place == 1).then(|| self.too_many()).flatten())
    }

    /// The parameters, if nothing is wrong.
    pub fn params(&self) -> Option<Params> {
        if (0..NUMBERS.len()).any(|place| self.error(place).is_some()) {
            return None;
        }
        let given = |place: usize| self.read(place).map(|number| number as usize);
        Some(Params {
            trees: given(0)?,
            sample_size: given(1)?,
            max_features: given(2),
            max_depth: given(3),
            extension: given(4)? - 1,
            seed: self.read(5)? as u64,
        })
    }

    fn read(&self, place: usize) -> Option<f64> {
        NUMBERS[place].read(&self.0[place]).ok().flatten()
    }

    fn too_many(&self) -> Option<String> {
        let trees = self.read(0)?;
        (trees * self.read(1)? > MOST_ROWS).then(|| {
            format!(
                "So many trees take at most {} flows each: a page has only so much memory.",
                format::count((MOST_ROWS / trees) as u64)
            )
        })
    }
}

/// The parameters in a line.
pub fn describe(params: Params) -> String {
    let mut words =
        format!("{} trees × {} flows", format::count(params.trees as u64), format::count(params.sample_size as u64));
    if let Some(features) = params.max_features {
        words += &format!(" × {}", format::counted(features as u64, "feature", "features"));
    }
    if let Some(depth) = params.max_depth {
        words += &format!(", at most {} deep", format::counted(depth as u64, "split", "splits"));
    }
    if params.extension > 0 {
        words += &format!(", hyperplanes of {} features", params.extension + 1);
    }
    format!("{words}, seed {}", params.seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(changes: &[(usize, &str)]) -> ParamsForm {
        let mut form = ParamsForm::default();
        changes.iter().for_each(|&(place, text)| form.0[place] = text.to_owned());
        form
    }

    #[test]
    fn it_begins_with_the_defaults() {
        assert_eq!(form(&[]).params(), Some(Params::default()));
        assert_eq!(describe(Params::default()), "100 trees × 256 flows, seed 42");
    }

    #[test]
    fn every_number_reaches_its_parameter() {
        let params = form(&[(0, "7"), (1, "8"), (2, "9"), (3, "10"), (4, "3"), (5, "12")]).params().unwrap();
        let expected =
            Params { trees: 7, sample_size: 8, max_features: Some(9), max_depth: Some(10), extension: 2, seed: 12 };
        assert_eq!(params, expected);
        assert!(params.check().is_ok());
        let words = "7 trees × 8 flows × 9 features, at most 10 splits deep, hyperplanes of 3 features, seed 12";
        assert_eq!(describe(params), words);
    }

    #[test]
    fn what_is_wrong_stands_at_the_number() {
        let wrong = form(&[(0, "0"), (3, "many")]);
        let errors: Vec<bool> = (0..6).map(|place| wrong.error(place).is_some()).collect();
        assert_eq!(errors, [true, false, false, true, false, false]);
        assert_eq!(wrong.params(), None);
        // Each within its bounds, but too much together.
        let large = form(&[(0, "1000"), (1, "65536")]);
        assert!(large.error(1).unwrap().contains(" 8,388 flows"), "{:?}", large.error(1));
        assert_eq!((large.error(0), large.params()), (None, None));
        assert!(form(&[(0, "1000"), (1, "8388")]).params().is_some());
    }
}
