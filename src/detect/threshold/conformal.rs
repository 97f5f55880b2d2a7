//! A bound on the share of false alarms, from scores of rows that are known to be clean.
//!
//! The p-value of a row is how often a clean row scores as high, the row itself counted among them (conformal p-values:
//! Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World*, 2005). Benjamini and Hochberg's procedure
//! (*Controlling the False Discovery Rate*, 1995) flags the k lowest p-values, for the largest k such that the k-th is at
//! most k / rows of the share asked for; that bounds the expected share of false alarms among what is flagged (Bates
//! et al., *Testing for Outliers with Conformal p-values*, Annals of Statistics 2023, theorem 2). Clean rows must not have
//! been fitted on, or they score too low.

use super::{Ranked, RuleError, Threshold, nothing};

/// The threshold above which, in expectation, at most a share `false_alarms` of the flagged rows is clean, if `clean` are
/// scores of rows drawn as the clean rows among `scores` are.
///
/// # Errors
/// [`RuleError`] when the share is not in (0, 1) or there are no clean rows.
pub fn conformal(
    false_alarms: f64,
    clean: &(impl Ranked + ?Sized),
    scores: &(impl Ranked + ?Sized),
) -> Result<Threshold, RuleError> {
    if !(false_alarms > 0.0 && false_alarms < 1.0) {
        return Err(RuleError::FalseAlarms(false_alarms));
    }
    let (references, rows) = (clean.rows(), scores.rows());
    if references == 0 {
        return Err(RuleError::NoReference);
    }
    if rows == 0 {
        return Ok(nothing());
    }
    // Rows above the clean row of rank r have at most r clean rows that score as high: p-values up to (r + 1) / (n + 1).
    // None can be flagged once that exceeds the share of false alarms itself.
    let most = (false_alarms * (references + 1) as f64) as u64;
    let accepted = |rank: &u64| {
        let flagged = scores.above(clean.score(*rank));
        let p_value = (rank + 1) as f64 / (references + 1) as f64;
        p_value <= false_alarms * flagged as f64 / rows as f64
    };
    let percent = 100.0 * false_alarms;
    Ok(match (0..most.min(references)).rev().find(accepted) {
        Some(rank) => {
            let explanation = format!(
                "At most {percent} % of what is flagged is expected to be a false alarm, judged by {references} clean \
                 flows."
            );
            Threshold::at(clean.score(rank), scores, explanation)
        }
        None => {
            let explanation = format!(
                "Beside {references} clean flows, none can be flagged with at most {percent} % false alarms expected."
            );
            Threshold::at(clean.score(0).max(scores.score(0)), scores, explanation)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Benjamini and Hochberg's procedure as it is written: how many rows it flags.
    fn flagged(false_alarms: f64, clean: &[f64], scores: &[f64]) -> usize {
        let as_high = |score: f64| clean.iter().filter(|clean| **clean >= score).count();
        let p_value = |score: f64| (as_high(score) + 1) as f64 / (clean.len() + 1) as f64;
        let mut p_values: Vec<f64> = scores.iter().map(|score| p_value(*score)).collect();
        p_values.sort_by(f64::total_cmp);
        let bound = |place: usize| false_alarms * (place + 1) as f64 / scores.len() as f64;
        (0..scores.len()).rev().find(|&place| p_values[place] <= bound(place)).map_or(0, |place| place + 1)
    }

    proptest! {
        #[test]
        fn as_many_are_flagged_as_by_the_procedure(
            mut clean in prop::collection::vec((0..40_i32).prop_map(f64::from), 1..60),
            mut scores in prop::collection::vec((0..60_i32).prop_map(f64::from), 1..60),
            false_alarms in 0.01..0.99_f64,
        ) {
            clean.sort_by(|a, b| b.total_cmp(a));
            scores.sort_by(|a, b| b.total_cmp(a));
            let threshold = conformal(false_alarms, &clean, &scores).unwrap();
            prop_assert_eq!(threshold.anomalies, flagged(false_alarms, &clean, &scores) as u64);
        }
    }

    #[test]
    fn a_share_that_is_none_and_no_reference_are_refused() {
        for share in [0.0, 1.0, f64::NAN] {
            assert!(matches!(conformal(share, [1.0].as_slice(), [1.0].as_slice()), Err(RuleError::FalseAlarms(_))));
        }
        assert_eq!(conformal(0.1, [f64::NAN].as_slice(), [1.0].as_slice()), Err(RuleError::NoReference));
        assert_eq!(conformal(0.1, [1.0].as_slice(), [].as_slice()).unwrap().anomalies, 0);
    }

    #[test]
    fn few_clean_rows_cannot_vouch_for_anything() {
        let scores = [9.0, 8.0, 1.0, 1.0];
        // The least p-value of 9 clean rows is 0.1; of 99, 0.01.
        assert_eq!(conformal(0.1, [1.0; 9].as_slice(), scores.as_slice()).unwrap().anomalies, 0);
        assert_eq!(conformal(0.1, [1.0; 99].as_slice(), scores.as_slice()).unwrap().anomalies, 2);
    }
}
