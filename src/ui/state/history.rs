//! The last runs on a file: what they were, what came of them, and how far they agree.

use std::{collections::BTreeMap, sync::Arc};

use super::{Finished, Settings, Verdict};
use crate::{
    engine::Highest,
    ingest::Choices,
    table::{Role, Schema},
};

/// Runs that are remembered.
pub const REMEMBERED: usize = 8;
/// Rows of each by which runs are compared: the highest.
pub const COMPARED: u32 = 1_000;

/// How the file was read for a run.
#[derive(Clone, PartialEq)]
pub struct ReadAs {
    /// What was chosen.
    pub choices: Choices,
    /// What the columns meant by that: one for all runs between which it stayed the same.
    pub schema: Arc<Schema>,
}

impl ReadAs {
    /// What it takes to have the file read so again, where it was read by these choices and columns mean this.
    pub fn differs(&self, choices: &Choices, schema: &Schema) -> Differs {
        if !self.choices.have_the_rows_of(choices) || self.choices.minus_one_is_missing != choices.minus_one_is_missing
        {
            return Differs::Choices;
        }
        let columns = self.schema.fields.iter().zip(&schema.fields);
        let other = columns.filter(|(then, now)| then.role != now.role);
        Differs::Roles(other.map(|(then, _)| (then.name.clone(), then.role)).collect())
    }
}

/// In what a file is read otherwise than it was.
#[derive(Debug, PartialEq)]
pub enum Differs {
    /// In what was chosen besides roles.
    Choices,
    /// In the roles of these columns at most; with those that they had.
    Roles(BTreeMap<String, Role>),
}

/// A run that is remembered.
#[derive(Clone, PartialEq)]
pub struct Past {
    /// Its number.
    pub number: u64,
    /// What was chosen for it.
    pub settings: Settings,
    /// How its file was read.
    pub read: ReadAs,
    /// The detector as it ran, in words.
    pub ran: String,
    /// Features that were compared.
    pub features: usize,
    /// The threshold that it ended with.
    pub verdict: Verdict,
    /// Groups that stood out.
    pub groups: usize,
    /// Milliseconds that it took.
    pub took: f64,
    /// Ranks of its highest rows and where these begin, in the order of the file.
    pub highest: Vec<(u32, u64)>,
    /// By what the same results are known again.
    pub sum: u64,
}

impl Past {
    /// This run, which was made with these settings on a file that was read so.
    pub fn of(run: &Finished, (settings, read): (Settings, ReadAs), ran: String, highest: Highest) -> Self {
        let outcome = &run.outcome;
        let verdict = Verdict { score: outcome.threshold.score, anomalies: outcome.threshold.anomalies };
        Self {
            number: run.number,
            settings,
            read,
            ran,
            features: outcome.plan.compared().count(),
            verdict,
            groups: outcome.groups.iter().filter(|found| found.stands_out()).count(),
            took: run.took,
            highest: highest.flows,
            sum: highest.sum,
        }
    }

    /// Where the flagged rows begin that are compared (of more, the highest), in the order of the file.
    fn flagged(&self) -> impl Iterator<Item = u64> {
        self.highest.iter().filter(|(rank, _)| u64::from(*rank) <= self.verdict.anomalies).map(|(_, offset)| *offset)
    }

    /// How many of the rows that it flags another run flags as well, and of how many; of more than [`COMPARED`], of the highest.
    pub fn agreement(&self, other: &Self) -> [u64; 2] {
        let (mut both, mut own) = (0, 0);
        let mut others = other.flagged().peekable();
        for row in self.flagged() {
            while others.next_if(|other| *other < row).is_some() {}
            both += u64::from(others.peek() == Some(&row));
            own += 1;
        }
        [both, own]
    }
}

/// Remembers one more; of more than [`REMEMBERED`], the oldest is forgotten.
pub fn remember(all: &mut Vec<Past>, run: Past) {
    if all.len() >= REMEMBERED {
        all.remove(0);
    }
    all.push(run);
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::{
        features::Mode,
        table::{Field, Kind},
    };

    /// A run whose highest rows begin at these bytes, the highest first, and which flags so many.
    pub fn past(number: u64, by_rank: &[u64], anomalies: u64) -> Past {
        let mut highest: Vec<(u32, u64)> = (1..).zip(by_rank.iter().copied()).collect();
        highest.sort_by_key(|row| row.1);
        Past {
            number,
            settings: Settings::usual(Mode::Recommended),
            read: ReadAs { choices: Choices::default(), schema: Arc::default() },
            ran: "100 trees × 256 flows, seed 42".into(),
            features: 12,
            verdict: Verdict { score: 0.6, anomalies },
            groups: 3,
            took: 1_500.0,
            highest,
            sum: 0xff,
        }
    }

    #[test]
    fn what_both_flag_is_counted_among_what_one_flags() {
        let (now, then) = (past(2, &[10, 40, 20, 30], 3), past(1, &[30, 40, 10, 20], 2));
        assert_eq!(now.agreement(&then), [1, 3]);
        assert_eq!(then.agreement(&now), [1, 2]);
        assert_eq!(now.agreement(&now), [3, 3]);
        assert_eq!(past(1, &[10, 20], 0).agreement(&now), [0, 0]);
        assert_eq!(now.agreement(&past(1, &[10, 20], 0)), [0, 3]);
        // Of more than are known, the highest.
        assert_eq!(past(3, &[40, 10], 5_000_000_000).agreement(&then), [1, 2]);
    }

    #[test]
    fn a_file_is_read_again_only_where_it_was_read_otherwise() {
        let schema = |role| Schema {
            fields: vec![
                Field::new("bytes", Kind::Number, role),
                Field::new("bytes.2", Kind::Number, Role::Measure),
                Field::new("proto", Kind::Number, Role::Protocol),
            ],
        };
        // Told from the file, nothing was chosen.
        let read = ReadAs { choices: Choices::default(), schema: Arc::new(schema(Role::Measure)) };
        let none = BTreeMap::new();
        assert_eq!(read.differs(&Choices::default(), &schema(Role::Measure)), Differs::Roles(none));
        let chosen = Choices { roles: [("bytes".to_owned(), Role::Ignored)].into(), ..Choices::default() };
        let back = [("bytes".to_owned(), Role::Measure)].into();
        assert_eq!(read.differs(&chosen, &schema(Role::Ignored)), Differs::Roles(back));
        let missing = Choices { minus_one_is_missing: ["bytes".to_owned()].into(), ..chosen.clone() };
        assert_eq!(read.differs(&missing, &schema(Role::Ignored)), Differs::Choices);
        assert!(read.choices.have_the_rows_of(&missing), "only what columns mean was chosen");
        let comma = Choices { delimiter: Some(b','), ..chosen };
        assert_eq!(read.differs(&comma, &schema(Role::Measure)), Differs::Choices);
        assert!(!read.choices.have_the_rows_of(&comma), "its rows may begin elsewhere");
    }

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut all = Vec::new();
        (1..=11).for_each(|number| remember(&mut all, past(number, &[], 0)));
        assert_eq!(all.iter().map(|run| run.number).collect::<Vec<_>>(), (4..=11).collect::<Vec<_>>());
    }
}
