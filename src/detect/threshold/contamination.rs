//! As many rows as asked for.

use super::{Ranked, Reason, Threshold};

/// scikit-learn's `-offset_`: the percentile of the negated scores, with numpy's linear interpolation, formula and
/// rounding as in its `_lerp`.
pub(super) fn contamination(share: f64, scores: &dyn Ranked) -> Threshold {
    let last = scores.rows() - 1;
    let place = last as f64 * share;
    let below = (place.floor() as u64).min(last);
    let (a, b) = (-scores.score(below), -scores.score((below + 1).min(last)));
    let (t, difference) = (place - below as f64, b - a);
    let score = -if t >= 0.5 { b - difference * (1.0 - t) } else { a + difference * t };
    Threshold::at(score, scores, Reason::Share(share))
}

pub(super) fn top(rows: u64, scores: &dyn Ranked) -> Threshold {
    let anomalies = rows.min(scores.rows());
    let score =
        if anomalies < scores.rows() { scores.score(anomalies) } else { scores.score(scores.rows() - 1).next_down() };
    Threshold { score, anomalies, reason: Reason::Number(anomalies) }
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, tests::apply};

    #[test]
    fn contamination_is_scikit_learns() {
        // np.percentile([-1, ..., -10], 20) == -8.2: the rows of 9 and 10.
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(apply(Rule::Contamination(0.2), &ten), (8.2, 2));
        // np.percentile of 21 values at 5 % is the second one: only one row is strictly beyond.
        let many: Vec<f64> = (0..21).map(f64::from).collect();
        assert_eq!(apply(Rule::Contamination(0.05), &many), (19.0, 1));
        // Ties at the threshold are not anomalies.
        assert_eq!(apply(Rule::Contamination(0.2), &[1.0, 1.0, 1.0, 1.0, 0.5]), (1.0, 0));
        assert_eq!(apply(Rule::Contamination(0.5), &[0.4]), (0.4, 0));
    }

    #[test]
    fn contamination_is_rounded_as_by_numpy() {
        // -np.percentile of the negated scores (2.4.6); the other way to interpolate differs in the last digit.
        assert_eq!(apply(Rule::Contamination(0.39), &[0.354, 0.461, 0.381, 0.405]).0, 0.40092);
        assert_eq!(apply(Rule::Contamination(0.45), &[0.326, 0.438, 0.599, 0.639, 0.385]).0, 0.4702);
    }

    #[test]
    fn top_is_exact_under_ties() {
        let scores = [0.9, 0.7, 0.7, 0.7, 0.1];
        let expected = [(0, 0.9), (1, 0.7), (2, 0.7), (4, 0.1), (5, 0.1_f64.next_down())];
        for (rows, score) in expected {
            assert_eq!(apply(Rule::Top(rows), &scores), (score, rows));
        }
        assert_eq!(apply(Rule::Top(u64::MAX), &scores), (0.1_f64.next_down(), 5));
    }
}
