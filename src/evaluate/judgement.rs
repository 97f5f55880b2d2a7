//! A run judged by a label column: scores, groups and marks alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Class, Confusion, Curve, EvaluateError, Found, curve::Scores};
use crate::report::Mark;

/// A ranked row as a judge sees it.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    /// Its score.
    pub score: f64,
    /// Its rank.
    pub rank: u32,
    /// Its group, 0 for none.
    pub group: u8,
    /// It is an anomaly by the threshold.
    pub flagged: bool,
    /// Its value in the label column, as a key.
    pub class: u32,
    /// The label says that it is normal.
    pub normal: bool,
    /// What the analyst marked it as.
    pub mark: Option<Mark>,
    /// When it began, in nanoseconds, where rows say that.
    pub time: Option<i64>,
}

/// What labels say of rows. It merges over shards.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Rows by their scores.
    pub curve: Curve,
    /// What the threshold makes of them.
    pub confusion: Confusion,
    /// By the key of a label.
    pub classes: BTreeMap<u32, Class>,
    /// By the number of a group.
    pub groups: BTreeMap<u8, Found>,
    /// By mark.
    pub marks: BTreeMap<Mark, Found>,
    /// Rows without a label, which nothing here counts.
    pub unlabelled: u64,
}

/// Judges rows one by one. Of each it keeps its score, and counts all else.
#[derive(Debug, Default)]
pub struct Judging {
    scores: Scores,
    judgement: Judgement,
}

impl Judging {
    /// Judges a row.
    ///
    /// # Errors
    /// [`EvaluateError::NotANumber`] where its score is none.
    pub fn add(&mut self, row: Judged) -> Result<(), EvaluateError> {
        self.scores.add(row.score, !row.normal)?;
        let judgement = &mut self.judgement;
        let cell = match (row.flagged, row.normal) {
            (true, false) => &mut judgement.confusion.true_alarms,
            (true, true) => &mut judgement.confusion.false_alarms,
            (false, false) => &mut judgement.confusion.missed,
            (false, true) => &mut judgement.confusion.passed,
        };
        *cell += 1;
        judgement
            .classes
            .entry(row.class)
            .or_default()
            .add((row.rank, row.flagged), (row.time, row.flagged || row.group > 0));
        let found = Found { rows: 1, anomalies: u64::from(!row.normal) };
        if row.group > 0 {
            judgement.groups.entry(row.group).or_default().add(found);
        }
        if let Some(mark) = row.mark {
            judgement.marks.entry(mark).or_default().add(found);
        }
        Ok(())
    }

    /// There is a row without a label.
    pub fn pass_over(&mut self) {
        self.judgement.unlabelled += 1;
    }

    /// What labels say of all of them.
    #[must_use]
    pub fn finish(self) -> Judgement {
        Judgement { curve: self.scores.curve(), ..self.judgement }
    }
}

impl Judgement {
    /// Adds what labels say of other rows.
    pub fn merge(&mut self, other: Self) {
        self.curve.merge(other.curve);
        self.confusion.merge(&other.confusion);
        other.classes.iter().for_each(|(key, class)| self.classes.entry(*key).or_default().merge(class));
        other.groups.into_iter().for_each(|(group, found)| self.groups.entry(group).or_default().add(found));
        other.marks.into_iter().for_each(|(mark, found)| self.marks.entry(mark).or_default().add(found));
        self.unlabelled += other.unlabelled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rank: u32, class: u32, group: u8) -> Judged {
        let mark = (rank == 1).then_some(Mark::Suspicious);
        Judged {
            score: 1.0 / f64::from(rank),
            rank,
            group,
            flagged: rank <= 2,
            class,
            normal: class == 0,
            mark,
            time: None,
        }
    }

    #[test]
    fn scores_groups_and_marks_are_judged_alike_for_any_split() {
        let rows = [row(1, 7, 1), row(4, 0, 0), row(2, 0, 1), row(3, 8, 2), row(5, 0, 0)];
        let judged = |rows: &[Judged], unlabelled: usize| {
            let mut judging = Judging::default();
            rows.iter().for_each(|&row| judging.add(row).unwrap());
            (0..unlabelled).for_each(|_| judging.pass_over());
            judging.finish()
        };
        let whole = judged(&rows, 1);
        assert_eq!(whole.confusion, Confusion { true_alarms: 1, false_alarms: 1, missed: 1, passed: 2 });
        assert_eq!(whole.groups[&1], Found { rows: 2, anomalies: 1 });
        assert_eq!(whole.marks[&Mark::Suspicious], Found { rows: 1, anomalies: 1 });
        assert_eq!(whole.classes[&8], Class { rows: 1, best_rank: Some(3), ..Class::default() });
        assert_eq!(whole.curve.roc_auc(), Some(5.0 / 6.0));
        for cut in 0..=rows.len() {
            let mut merged = judged(&rows[..cut], 0);
            merged.merge(judged(&rows[cut..], 1));
            assert_eq!(merged, whole);
        }
    }
}
