//! Why the threshold is where it is.

use crate::{
    detect::threshold::{Reason, Threshold},
    words::format,
};

/// How a threshold came about, in a sentence.
pub fn reason(threshold: &Threshold) -> String {
    match threshold.reason {
        Reason::NoScores => "There are no scores, so there are no anomalies.".to_owned(),
        Reason::NothingIsolated { limit } => format!(
            "No flow scores above {}, the highest of flows made up at random from the values of each column: nothing stands \
             out more than by chance.",
            format::score(limit)
        ),
        Reason::Isolated { limit } => isolated(limit) + ".",
        Reason::ManyIsolated { limit, share } => {
            format!("{}. That is {} of the flows, more than rare events are.", isolated(limit), format::share(share))
        }
        Reason::FewerSplits { limit } => format!(
            "A flow that scores above {limit} takes fewer splits than average to isolate. This is scikit-learn's default, and \
             often flags many."
        ),
        Reason::Share(share) => {
            format!("The {} of the flows that score highest, as chosen, whatever they look like.", percent(share))
        }
        Reason::Number(rows) => {
            let flows = format::counted(rows, "flow that scores", "flows that score");
            format!("The {flows} highest, as chosen, whatever they look like.")
        }
        Reason::AboveMedian { deviations, deviation, median } => format!(
            "More than {} robust standard deviations (of {}) above the median score ({}).",
            format::number(deviations),
            format::score(deviation),
            format::score(median)
        ),
        Reason::BeyondNormal { limit } => format!(
            "Flows that are farther than {} from the most alike normal flow: of the normal flows themselves, one in a thousand is.",
            format::score(limit)
        ),
        Reason::BeyondTail { limit } => format!(
            "Errors above {}, where the highest tenth of them would end by chance, and flows with a value far beyond the others \
             of its column.",
            format::score(limit)
        ),
        Reason::NothingBeyondTail { limit } => format!(
            "No error is above {}, where the highest tenth of them would end by chance, and no value far beyond the others of \
             its column: nothing stands out.",
            format::score(limit)
        ),
        Reason::Exceeded { per_million } => {
            format!("The score that {} of a million flows exceed.", format::number(per_million))
        }
        Reason::Tail { per_million, start, rows } => {
            let [least, most] = poisson_95(per_million * rows as f64 / 1e6);
            format!(
                "If the tail of the scores, from {} on, continues as it begins, about {} of a million flows exceed {}: \
                 {least} to {most} of this many, in 19 files of 20.",
                format::score(start),
                format::number(per_million),
                format::score(threshold.score)
            )
        }
        Reason::FalseDiscoveryRate { share, references, flagged_references } => {
            let also = match flagged_references {
                0 => String::new(),
                rows => format!(
                    " Of these, {} as high and {} flagged as well.",
                    format::counted(rows, "scores", "score"),
                    if rows == 1 { "is" } else { "are" }
                ),
            };
            format!(
                "At most {} of the other flows that are flagged are expected to be false alarms, if the {} that you call \
                 normal are like all other normal flows.{also}",
                percent(share),
                format::count(references)
            )
        }
        Reason::NoDiscovery { share, references } => format!(
            "Judged by the {} flows that you call normal, none of the others can be flagged with at most {} false alarms \
             expected.",
            format::count(references),
            percent(share)
        ),
    }
}

fn isolated(limit: f64) -> String {
    format!(
        "A flow that scores above {} is easier to isolate than any of the flows made up at random from the values of each \
         column, or has a value far beyond the others of its column",
        format::score(limit)
    )
}

/// How many events happen in 95 % of cases where so many are expected, by the square root, whose deviation is one half
/// (Anscombe, *The Transformation of Poisson, Binomial and Negative-Binomial Data*, 1948).
fn poisson_95(expected: f64) -> [String; 2] {
    let root = expected.sqrt();
    [(root - 0.98).max(0.0), root + 0.98].map(|bound| format::count((bound * bound).round() as u64))
}

/// A share that was chosen, with all its digits but those that come of binary fractions.
fn percent(share: f64) -> String {
    format!("{} %", format::number((share * 1e8).round() / 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::threshold::Rule;

    fn said(rule: Rule, scores: &[f64], calibration: &[f64]) -> String {
        let mut sorted = scores.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        reason(&rule.apply_beside(&sorted, calibration).expect("a threshold"))
    }

    #[test]
    fn every_rule_says_what_it_did() {
        let scores: Vec<f64> = (0..2_000).map(|row| 0.4 + f64::from(row) / 1e5).collect();
        let rules = [
            (Rule::Recommended, "nothing stands out"),
            (Rule::Auto, "above 0.5 takes fewer splits"),
            (Rule::Contamination(0.07), "The 7 % of the flows"),
            (Rule::Top(1_234), "The 1,234 flows that score highest"),
            (Rule::Top(1), "The 1 flow that scores highest"),
            (Rule::Robust(3.5), "More than 3.5 robust standard deviations"),
            (Rule::PeaksOverThreshold(500.0), "about 500 of a million flows exceed"),
            (Rule::PeaksOverThreshold(500.0), "0 to 4 of this many"),
            (Rule::PeaksOverThreshold(200_000.0), "200,000 of a million flows exceed"),
        ];
        for (rule, expected) in rules {
            let said = said(rule, &scores, &[]);
            assert!(said.contains(expected) && said.ends_with('.'), "{said}");
        }
        assert_eq!(said(Rule::Recommended, &[], &[]), "There are no scores, so there are no anomalies.");
    }

    #[test]
    fn many_are_said_to_be_many() {
        let scores = [[0.7; 6].as_slice(), &[0.5; 94]].concat();
        assert!(
            said(Rule::Recommended, &scores, &[]).ends_with("That is 6 % of the flows, more than rare events are.")
        );
        assert!(said(Rule::Recommended, &[[0.7; 5].as_slice(), &[0.5; 95]].concat(), &[]).ends_with("of its column."));
    }

    #[test]
    fn flows_that_are_called_normal_and_flagged_are_told() {
        let rule =
            |calibration: &[f64]| Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: calibration.len() as u64 };
        let said =
            |calibration: &[f64], others: &[f64]| said(rule(calibration), &[calibration, others].concat(), calibration);
        let clean = [0.4; 1_200];
        assert!(said(&clean, &[0.9; 50]).contains("At most 10 % of the other flows"));
        assert!(
            said(&clean, &[0.9; 50]).ends_with("if the 1,200 that you call normal are like all other normal flows.")
        );
        let mut clean = clean;
        clean[0] = 0.95;
        assert!(said(&clean, &[0.9; 50]).ends_with("Of these, 1 scores as high and is flagged as well."));
        assert!(said(&clean, &[0.3; 50]).contains("none of the others can be flagged"));
    }
}
