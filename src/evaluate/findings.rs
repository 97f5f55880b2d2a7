//! How many of the labelled anomalies whoever reads a list of findings has seen, finding by finding.

use serde::{Deserialize, Serialize};

use super::confusion::First;

/// One finding of a list: a set of rows that no other finding has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its rows.
    pub rows: u64,
    /// Those that are labelled anomalies.
    pub anomalies: u64,
}

impl Found {
    /// With the rows of another one.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.anomalies += other.anomalies;
    }
}

/// What the first 1, 2, .. findings of a list hold together, of so many anomalies in all: their rows, and how many of them
/// are anomalies. An item per finding.
#[must_use]
pub fn coverage(findings: &[Found], anomalies: u64) -> Vec<First> {
    let sum = |seen: &mut Found, finding: &Found| {
        seen.add(*finding);
        Some(First { rows: seen.rows, anomalies: seen.anomalies as f64, of: anomalies })
    };
    findings.iter().scan(Found { rows: 0, anomalies: 0 }, sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_add_up_in_their_order() {
        let found = |rows, anomalies| Found { rows, anomalies };
        let covered = coverage(&[found(10, 10), found(30, 0), found(40, 30)], 80);
        assert_eq!(covered.iter().map(|first| first.rows).collect::<Vec<_>>(), [10, 40, 80]);
        assert_eq!(covered.iter().map(First::recall).collect::<Vec<_>>(), [Some(0.125), Some(0.125), Some(0.5)]);
        assert_eq!(covered.iter().map(First::precision).collect::<Vec<_>>(), [Some(1.0), Some(0.25), Some(0.5)]);
    }

    #[test]
    fn without_findings_or_anomalies_there_is_nothing_to_cover() {
        assert!(coverage(&[], 5).is_empty());
        assert_eq!(coverage(&[Found { rows: 3, anomalies: 0 }], 0)[0].recall(), None);
    }
}
