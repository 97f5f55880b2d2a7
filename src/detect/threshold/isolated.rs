//! Scores that mean something by themselves: those of an isolation forest.

use super::{Ranked, Threshold};

/// The score from which on Liu, Ting and Zhou ("Isolation Forest", ICDM 2008, figure 3) speak of potential anomalies.
const ISOLATED: f64 = 0.6;

/// The score of a row that takes the usual number of splits.
const USUAL: f64 = 0.5;

/// A share of the rows above which they are not rare.
const RARE: f64 = 0.05;

pub(super) fn isolated(scores: &dyn Ranked) -> Threshold {
    let mut threshold = Threshold::at(ISOLATED, scores, String::new());
    let share = threshold.anomalies as f64 / scores.rows() as f64;
    threshold.explanation = if threshold.anomalies == 0 {
        format!(
            "No flow scores above {ISOLATED}, so none is set apart by less than three quarters of the usual number of \
             splits: nothing stands out."
        )
    } else if share > RARE {
        format!(
            "Above {ISOLATED} a flow takes less than three quarters of the usual number of splits to set apart; {:.0} % \
             of the flows do, which is more than rare events are.",
            100.0 * share
        )
    } else {
        format!("Above {ISOLATED} a flow takes less than three quarters of the usual number of splits to set apart.")
    };
    threshold
}

pub(super) fn auto(scores: &dyn Ranked) -> Threshold {
    let explanation = format!(
        "Above {USUAL} a flow takes fewer splits than usual to set apart, which is scikit-learn's default and often \
         flags many."
    );
    Threshold::at(USUAL, scores, explanation)
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, tests::apply};

    #[test]
    fn isolated_is_strictly_above_its_score_and_can_be_nobody() {
        assert_eq!(apply(Rule::Isolated, &[0.61, 0.6, 0.5, 0.4]), (0.6, 1));
        assert_eq!(apply(Rule::Isolated, &[0.55; 100]), (0.6, 0));
        assert_eq!(apply(Rule::Auto, &[0.61, 0.6, 0.5, 0.4]), (0.5, 2));
    }

    #[test]
    fn the_explanation_fits_the_number() {
        let text = |scores: &[f64]| Rule::Isolated.apply(&scores.to_vec()).unwrap().explanation;
        assert!(text(&[0.5; 100]).contains("nothing stands out"));
        let mut scores = [0.5; 100];
        scores[..5].fill(0.7);
        assert!(text(&scores).ends_with("set apart."));
        scores[5] = 0.7;
        assert!(text(&scores).contains("6 % of the flows"));
    }
}
