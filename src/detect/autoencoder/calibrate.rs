//! How far rows err by chance.
//!
//! Errors have no scale of their own: a network errs as the file at hand lets it. So what is far out is told by the errors
//! themselves, as where their tail would end if it went on as it begins. And no value is shown to the network that is
//! farther out than those that it learned from, which would drown the others; what lies beyond a feature's fence is looked at
//! beside the network.

use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::Network;
use crate::{detect::fences::Fences, numeric::tail::end_of_tail};

/// Rows that are scored at a time.
const SOME: usize = 8_192;

/// What is known of a network's errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    reach: f32,
    limit: f64,
    fences: Fences,
}

impl Calibration {
    /// It can be one of a network of so many features.
    pub(super) fn fits(&self, features: usize) -> bool {
        self.fences.features() <= features && !self.limit.is_nan()
    }

    /// Values farther from zero are shown to the network as if they were this far.
    pub(crate) fn reach(&self) -> f32 {
        self.reach
    }

    /// The error that no row is expected to exceed by chance.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.limit
    }

    /// Where the usual values of features end.
    #[must_use]
    pub fn fences(&self) -> &Fences {
        &self.fences
    }

    /// The score of a row that errs by this and is so far outside, in lengths of tails: above the limit if it is outside at
    /// all, and the more so the farther.
    #[must_use]
    pub fn lifted(&self, error: f64, outside: f64) -> f64 {
        if outside > 0.0 { error.max(self.limit) * (1.0 + outside) } else { error }
    }
}

/// A network that is being calibrated.
pub struct Calibrating<'a> {
    network: Network,
    fences: Fences,
    sample: ArrayView2<'a, f32>,
    rows: u64,
    errors: Vec<f64>,
}

impl<'a> Calibrating<'a> {
    /// Of a network that learned from values up to `reach` from zero, by a sample of the rows (rows × features) that it is to
    /// score. `judged` says which features have values that can be far out, `rows` how many rows there are in all.
    #[must_use]
    pub fn new(network: Network, sample: ArrayView2<'a, f32>, judged: &[bool], rows: u64, reach: f32) -> Self {
        let fences = Fences::around(sample, judged, rows);
        let plain = Calibration { reach, limit: f64::MAX, fences: Fences::default() };
        Self { network: network.with_calibration(plain), fences, sample, rows, errors: Vec::new() }
    }

    /// Scores some rows; `false` once it was all.
    pub fn score_some(&mut self) -> bool {
        let (from, to) = (self.errors.len(), (self.errors.len() + SOME).min(self.sample.nrows()));
        self.errors.extend(self.network.score(self.sample.slice_axis(Axis(0), (from..to).into())));
        from < to
    }

    /// Rows that were scored.
    #[must_use]
    pub fn done(&self) -> usize {
        self.errors.len()
    }

    /// The network, which knows now how far rows err by chance.
    #[must_use]
    pub fn finish(self) -> Network {
        let Self { network, fences, sample, rows, errors } = self;
        let mut outside = vec![0.0; errors.len()];
        fences.outside(sample.slice_axis(Axis(0), (..errors.len()).into()), &mut outside);
        let usual = errors.iter().zip(&outside).filter(|(_, outside)| **outside == 0.0).map(|(error, _)| *error);
        let mut usual: Vec<f64> = usual.collect();
        usual.sort_unstable_by(f64::total_cmp);
        let reach = network.calibration().map_or(f32::INFINITY, Calibration::reach);
        // Not on a logarithmic scale: what is shown to the network is bounded, and so are errors. There, the sample's tail would
        // have ended at 90,000, with the greatest error at 6.
        let limit = end_of_tail(&usual, rows).unwrap_or(f64::MAX);
        network.with_calibration(Calibration { reach, limit, fences })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::detect::autoencoder::Activation;

    /// Even quantiles of the exponential distribution, ascending.
    fn errors(rows: usize) -> Vec<f64> {
        (0..rows).rev().map(|row| -libm::log((row as f64 + 0.5) / rows as f64)).collect()
    }

    #[test]
    fn a_tail_that_goes_on_as_it_begins_has_no_error_beyond_its_end() {
        for rows in [100, 1_000, 100_000] {
            let mut errors = errors(rows);
            let end = end_of_tail(&errors, rows as u64).expect("errors");
            assert!(end > errors[rows - 1] && end < 5.0 * errors[rows - 1], "{end}");
            let planted = rows / 50;
            errors[rows - planted..].fill(end * 1.01);
            assert_eq!(end_of_tail(&errors, rows as u64), Some(end), "outliers of a fiftieth do not move it");
            let milli: Vec<f64> = errors.iter().map(|error| error * 1e-3).collect();
            let ratio =
                end_of_tail(&errors, rows as u64).expect("errors") / end_of_tail(&milli, rows as u64).expect("errors");
            assert!((ratio - 1e3).abs() < 1e-6, "in the unit of the errors: {ratio}");
        }
        assert_eq!(end_of_tail(&[2.0; 50], 50), Some(2.0), "no tail");
        assert_eq!(end_of_tail(&[0.0; 3], 3), Some(0.0));
        assert_eq!(end_of_tail(&[], 0), None);
    }

    #[test]
    fn a_value_beyond_its_fence_is_above_the_limit_and_not_shown_to_the_network() {
        let sample = Array2::from_shape_fn((2_000, 3), |(row, feature)| {
            ((row * 37 + feature * 11) % 101) as f32 / 50.0 - 1.0 + feature as f32 * 0.01
        });
        let network = Network::initial(3, &[2], Activation::Tanh, 4);
        let mut calibrating = Calibrating::new(network, sample.view(), &[true, true, false], 2_000, 5.0);
        while calibrating.score_some() {}
        assert_eq!(calibrating.done(), 2_000);
        let network = calibrating.finish();
        let limit = network.calibration().expect("calibrated").limit();
        let score = |row: [f32; 3]| network.score(ArrayView2::from_shape((1, 3), &row).expect("a row"))[0];
        assert!(network.score(sample.view()).iter().all(|score| *score < limit));
        assert!(score([40.0, 0.0, 0.0]) > limit && score([80.0, 0.0, 0.0]) > score([40.0, 0.0, 0.0]));
        assert_eq!(network.reconstruct(&[40.0, 0.0, 0.5]), network.reconstruct(&[5.0, 0.0, 0.5]));
        assert_eq!(score([0.0, 0.0, 40.0]), score([0.0, 0.0, 5.0]), "what says how rare is never far out");
    }
}
