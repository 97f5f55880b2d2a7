//! What two detectors make of the same flows, in words.

use crate::{
    detect::Method,
    evaluate::agreement::Agreement,
    features::Mode,
    ui::{format, state::Verdict},
};

/// A detector's name within a sentence.
pub fn detector(method: Method) -> &'static str {
    match method {
        Method::IsolationForest => "Isolation Forest",
        Method::Autoencoder => "the autoencoder",
        Method::Nearest => "the nearest neighbours",
    }
}

/// The same by itself.
pub fn name(method: Method) -> &'static str {
    match method {
        Method::IsolationForest => "Isolation Forest",
        Method::Autoencoder => "Autoencoder",
        Method::Nearest => "Nearest",
    }
}

/// How columns are treated, by its name.
pub fn treatment(mode: Mode) -> &'static str {
    match mode {
        Mode::Recommended => "Recommended",
        Mode::Classic => "Classic",
    }
}

/// How a detector was run and what it flags, in a line.
pub fn ran(method: Method, mode: Mode, Verdict { score, anomalies }: Verdict) -> String {
    let (name, mode) = (name(method), treatment(mode));
    format!("{name} ({mode}) flags {} above {}", format::counted(anomalies, "flow", "flows"), format::score(score))
}

/// A figure of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name for scripts.
    pub testid: &'static str,
    /// The value for them.
    pub value: String,
    /// The value as it is read.
    pub shown: String,
    /// What it is.
    pub means: String,
}

/// What is flagged, in the order of [`shares`]; the rank correlation; what is common to the `highest`.
pub fn figures(methods: [Method; 2], correlation: Option<f64>, agreement: &Agreement, highest: u64) -> [Figure; 5] {
    let count = |testid, rows: u64, means: &str| Figure {
        testid,
        value: rows.to_string(),
        shown: format::count(rows),
        means: means.to_owned(),
    };
    let only = |method: Method| match method {
        Method::IsolationForest => "compare-only-forest",
        Method::Autoencoder => "compare-only-autoencoder",
        Method::Nearest => "compare-only-nearest",
    };
    let alone = |place: usize| {
        let method: Method = methods[place];
        count(only(method), agreement.only[place], &format!("only by {}", detector(method)))
    };
    [
        alone(0),
        count("compare-both", agreement.both, "flagged by both"),
        alone(1),
        Figure {
            testid: "compare-rank-correlation",
            value: correlation.map_or_else(String::new, |correlation| correlation.to_string()),
            shown: shown(correlation),
            means: format!("rank correlation (Spearman): {}", correlation_means(correlation)),
        },
        count(
            "compare-highest",
            agreement.highest,
            &format!("of the {} highest of each are the same", format::count(highest)),
        ),
    ]
}

/// A rank correlation, with two decimals.
fn shown(correlation: Option<f64>) -> String {
    match correlation {
        Some(correlation) => format!("{correlation:.2}").replace('-', "−"),
        None => "none".to_owned(),
    }
}

/// What a rank correlation means.
fn correlation_means(correlation: Option<f64>) -> &'static str {
    match correlation {
        None => "one of them gives all flows the same score",
        Some(correlation) if correlation >= 0.8 => "nearly the same order",
        Some(correlation) if correlation >= 0.5 => "a similar order",
        Some(correlation) if correlation >= 0.2 => "a slightly similar order",
        Some(correlation) if correlation > -0.2 => "unrelated orders",
        Some(_) => "opposite orders",
    }
}

/// The shares of all that is flagged: by the first alone, by both, by the second alone; in per cent of their sum.
pub fn shares(agreement: &Agreement) -> Option<[f64; 3]> {
    let parts = [agreement.only[0], agreement.both, agreement.only[1]];
    let all: u64 = parts.iter().sum();
    (all > 0).then(|| parts.map(|part| 100.0 * part as f64 / all as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_correlations_are_told_in_words() {
        assert_eq!(
            ran(Method::Autoencoder, Mode::Classic, Verdict { score: 0.001_25, anomalies: 1_000 }),
            "Autoencoder (Classic) flags 1,000 flows above 0.00125"
        );
        assert_eq!([Some(1.0), Some(-0.456), None].map(shown), ["1.00", "−0.46", "none"]);
        assert!(correlation_means(Some(0.9)).contains("nearly") && correlation_means(Some(-0.9)).contains("opposite"));
        assert!(correlation_means(Some(0.0)).contains("unrelated"));
    }

    #[test]
    fn shares_are_of_what_is_flagged() {
        let agreement = Agreement { both: 2, only: [5, 1], highest: 0 };
        assert_eq!(shares(&agreement), Some([62.5, 25.0, 12.5]));
        assert_eq!(shares(&Agreement::default()), None);
    }
}
