//! Beyond where the tail of the scores would end.

use super::{Ranked, Reason, Threshold};
use crate::detect::fences::{QUANTILES, beyond};

/// Errors of usual rows are products of many small causes rather than sums, so their logarithms are looked at.
pub(super) fn beyond_tail(scores: &dyn Ranked) -> Threshold {
    let rows = scores.rows();
    let quantile = |share: f64| libm::log(scores.score(((1.0 - share) * (rows - 1) as f64) as u64));
    let [tail, end] = QUANTILES.map(quantile);
    let limit = if tail.is_finite() { beyond(tail, end, rows as usize, rows as f64) } else { f64::INFINITY };
    Threshold::at(libm::exp(limit), scores, Reason::BeyondTail { times: libm::exp(limit - end) })
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, tests::apply};

    /// Even quantiles of errors whose logarithms are normal, nearly (Tukey's lambda 0.14).
    fn log_normal(rows: u32, deviation: f64) -> Vec<f64> {
        let normal = |share: f64| (libm::pow(share, 0.1349) - libm::pow(1.0 - share, 0.1349)) / 0.1975;
        (0..rows).map(|row| libm::exp(deviation * normal((f64::from(row) + 0.5) / f64::from(rows)))).collect()
    }

    #[test]
    fn log_normal_errors_are_inside_whatever_their_spread() {
        for deviation in [0.1, 0.5, 2.0] {
            for rows in [100, 10_000, 1_000_000] {
                assert_eq!(apply(Rule::BeyondTail, &log_normal(rows, deviation)).1, 0, "{deviation} {rows}");
            }
        }
    }

    #[test]
    fn errors_far_beyond_are_flagged_up_to_a_fiftieth() {
        for planted in [1, 50, 200] {
            let mut scores = log_normal(10_000, 0.5);
            scores[..planted].fill(1e4);
            assert_eq!(apply(Rule::BeyondTail, &scores).1, planted as u64);
        }
    }

    #[test]
    fn no_error_at_all_has_no_tail() {
        assert_eq!(apply(Rule::BeyondTail, &[vec![1.0], vec![0.0; 50]].concat()).1, 0);
    }
}
