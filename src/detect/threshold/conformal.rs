//! A bound on the share of false alarms, where some of the rows are known to be clean.
//!
//! The p-value of a row is how often a clean row scores as high, the row itself counted among them (conformal p-values:
//! Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World*, 2005). Benjamini and Hochberg's procedure
//! (*Controlling the False Discovery Rate*, 1995) flags the k lowest p-values, for the largest k such that the k-th is at
//! most k / rows of the share asked for; that bounds the expected share of false alarms among what is flagged (Bates
//! et al., *Testing for Outliers with Conformal p-values*, Annals of Statistics 2023, theorem 2). The detector may have
//! been fitted on clean and other rows together, if it was drawn from all of them alike, as a sample of the file is
//! (Marandon, Lei, Mary & Roquain, *Adaptive Novelty Detection with False Discovery Rate Guarantee*, Annals of Statistics
//! 2024, theorem 3.3); not on the clean rows only, which then score too low.

use super::{Ranked, Reason, RuleError, Threshold};

/// The threshold above which, in expectation, at most a share `false_alarms` of the rows that are not known to be clean is
/// clean nevertheless. `clean` are the scores of those that are, in any order; `scores` are those of all rows.
pub(super) fn conformal(false_alarms: f64, calibration: &[f64], scores: &dyn Ranked) -> Result<Threshold, RuleError> {
    let mut calibration = calibration.to_vec();
    calibration.sort_unstable_by(f64::total_cmp);
    calibration.reverse();
    let references = calibration.rows();
    if references == 0 {
        return Err(RuleError::NoReference);
    }
    let others = scores.rows().saturating_sub(references);
    if others == 0 {
        return Err(RuleError::OnlyReference);
    }
    // Rows above the clean row of rank r have at most r clean rows that score as high: p-values up to (r + 1) / (n + 1).
    // None can be flagged once that exceeds the share of false alarms itself.
    let most = (false_alarms * (references + 1) as f64) as u64;
    let accepted = |rank: &u64| {
        let score = calibration.score(*rank);
        let flagged = scores.above(score).saturating_sub(calibration.above(score));
        let p_value = (rank + 1) as f64 / (references + 1) as f64;
        p_value <= false_alarms * flagged as f64 / others as f64
    };
    let share = false_alarms;
    let (score, reason) = match (0..most.min(references)).rev().find(accepted) {
        Some(rank) => {
            let score = calibration.score(rank);
            let flagged_references = calibration.above(score);
            (score, Reason::FalseDiscoveryRate { share, references, flagged_references })
        }
        None => (scores.score(0), Reason::NoDiscovery { share, references }),
    };
    Ok(Threshold::at(score, scores, reason))
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;
    use proptest::prelude::*;

    /// Benjamini and Hochberg's procedure as it is written: how many of the scores it flags.
    fn flagged(false_alarms: f64, calibration: &[f64], scores: &[f64]) -> usize {
        let as_high = |score: f64| calibration.iter().filter(|calibration| **calibration >= score).count();
        let p_value = |score: f64| (as_high(score) + 1) as f64 / (calibration.len() + 1) as f64;
        let mut p_values: Vec<f64> = scores.iter().map(|score| p_value(*score)).collect();
        p_values.sort_by(f64::total_cmp);
        let bound = |place: usize| false_alarms * (place + 1) as f64 / scores.len() as f64;
        (0..scores.len()).rev().find(|&place| p_values[place] <= bound(place)).map_or(0, |place| place + 1)
    }

    fn judge(false_alarms: f64, calibration: &[f64], others: &[f64]) -> Result<Threshold, RuleError> {
        let mut all = [calibration, others].concat();
        all.sort_by(|a, b| b.total_cmp(a));
        Rule::FalseDiscoveryRate { share: false_alarms, calibration_rows: calibration.len() as u64 }
            .apply_beside(&all, calibration)
    }

    proptest! {
        #[test]
        fn as_many_are_flagged_as_by_the_procedure(
            calibration in prop::collection::vec((0..40_i32).prop_map(f64::from), 1..60),
            others in prop::collection::vec((0..60_i32).prop_map(f64::from), 1..60),
            false_alarms in 0.01..0.99_f64,
        ) {
            let threshold = judge(false_alarms, &calibration, &others).unwrap();
            let above = |rows: &[f64]| rows.iter().filter(|score| **score > threshold.score).count();
            prop_assert_eq!(above(&others), flagged(false_alarms, &calibration, &others));
            prop_assert_eq!(threshold.anomalies, (above(&others) + above(&calibration)) as u64);
            let expected = above(&calibration) as u64;
            let told = match threshold.reason {
                Reason::FalseDiscoveryRate { flagged_references, .. } => flagged_references,
                _ => 0,
            };
            prop_assert_eq!(told, expected, "{:?}", threshold.reason);
        }
    }

    #[test]
    fn a_share_that_is_none_and_no_reference_are_refused() {
        for share in [0.0, 1.0, f64::NAN] {
            assert!(matches!(judge(share, &[1.0], &[1.0]), Err(RuleError::FalseDiscoveryRate(_))));
        }
        assert_eq!(judge(0.1, &[], &[1.0]), Err(RuleError::NoReference));
        assert_eq!(judge(0.1, &[1.0], &[]), Err(RuleError::OnlyReference));
    }

    #[test]
    fn few_clean_rows_cannot_vouch_for_anything() {
        let others = [9.0, 8.0, 1.0, 1.0];
        // The least p-value of 9 clean rows is 0.1; of 99, 0.01.
        assert_eq!(judge(0.1, &[1.0; 9], &others).unwrap().anomalies, 0);
        assert_eq!(judge(0.1, &[1.0; 99], &others).unwrap().anomalies, 2);
    }

    /// With 1,000 clean rows, and 1,000 of which a tenth is drawn from elsewhere, over 200 draws.
    #[test]
    fn the_share_of_false_alarms_is_as_promised() {
        let mut state = 7_u64;
        let mut unit = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut shares, mut found) = (0.0, 0);
        for _ in 0..200 {
            let calibration: Vec<f64> = (0..1_000).map(|_| unit()).collect();
            let usual: Vec<f64> = (0..900).map(|_| unit()).collect();
            let strange: Vec<f64> = (0..100).map(|_| 0.99 + 0.1 * unit()).collect();
            let threshold = judge(0.1, &calibration, &[usual.as_slice(), &strange].concat()).unwrap().score;
            let above = |rows: &[f64]| rows.iter().filter(|score| **score > threshold).count();
            let (false_alarms, true_ones) = (above(&usual), above(&strange));
            shares += false_alarms as f64 / (false_alarms + true_ones).max(1) as f64 / 200.0;
            found += true_ones;
        }
        // Expected are 0.1 · 0.9, with a standard error below 0.005.
        assert!((0.06..0.105).contains(&shares), "{shares}");
        assert!(found > 200 * 80, "{found}");
    }
}
