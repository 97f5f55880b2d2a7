//! Scores that mean something by themselves: above what rows reach by chance.

use super::{Ranked, Reason, Threshold};

/// The score of a row that takes the usual number of splits.
const USUAL: f64 = 0.5;

/// A share of the rows above which they are not rare.
const RARE: f64 = 0.05;

pub(super) fn isolated(limit: f64, scores: &dyn Ranked) -> Threshold {
    let anomalies = scores.above(limit);
    let share = anomalies as f64 / scores.rows() as f64;
    let reason = match anomalies {
        0 => Reason::NothingIsolated { limit },
        _ if share > RARE => Reason::ManyIsolated { limit, share },
        _ => Reason::Isolated { limit },
    };
    Threshold { score: limit, anomalies, reason }
}

pub(super) fn beyond_tail(limit: f64, scores: &dyn Ranked) -> Threshold {
    let anomalies = scores.above(limit);
    let reason = if anomalies > 0 { Reason::BeyondTail { limit } } else { Reason::NothingBeyondTail { limit } };
    Threshold { score: limit, anomalies, reason }
}

pub(super) fn auto(scores: &dyn Ranked) -> Threshold {
    Threshold::at(USUAL, scores, Reason::FewerSplits { limit: USUAL })
}

#[cfg(test)]
mod tests {
    use super::super::{Reason, Rule, tests::apply};

    #[test]
    fn isolated_is_strictly_above_its_score_and_can_be_nobody() {
        assert_eq!(apply(Rule::Above(0.6), &[0.61, 0.6, 0.5, 0.4]), (0.6, 1));
        assert_eq!(apply(Rule::Above(0.6), &[0.55; 100]), (0.6, 0));
        assert_eq!(apply(Rule::Auto, &[0.61, 0.6, 0.5, 0.4]), (0.5, 2));
    }

    #[test]
    fn errors_are_beyond_their_tail_or_not() {
        let judged = |limit| Rule::BeyondTail(limit).apply(&vec![9.0, 2.0, 1.0]).unwrap();
        assert_eq!((judged(2.0).anomalies, judged(2.0).reason), (1, Reason::BeyondTail { limit: 2.0 }));
        assert_eq!((judged(9.0).anomalies, judged(9.0).reason), (0, Reason::NothingBeyondTail { limit: 9.0 }));
    }

    #[test]
    fn the_reason_fits_the_number() {
        let reason = |scores: &[f64]| Rule::Above(0.6).apply(&scores.to_vec()).unwrap().reason;
        let limit = 0.6;
        assert_eq!(reason(&[0.5; 100]), Reason::NothingIsolated { limit });
        let mut scores = [0.5; 100];
        scores[..5].fill(0.7);
        assert_eq!(reason(&scores), Reason::Isolated { limit });
        scores[5] = 0.7;
        assert_eq!(reason(&scores), Reason::ManyIsolated { limit, share: 0.06 });
    }
}
