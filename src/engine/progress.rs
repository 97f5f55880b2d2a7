//! How far a job is. Level-triggered: every report says where a shard stands, not what it did since the last one.

use serde::{Deserialize, Serialize};

/// What is happening.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Making a sample file.
    Generating,
    /// Unpacking or decoding a file.
    Unpacking,
    /// Reading the file.
    #[default]
    Reading,
    /// Fitting the detector.
    Fitting,
    /// Training the autoencoder.
    Training,
    /// Scoring rows.
    Scoring,
    /// Ordering scores.
    Ranking,
    /// Looking for groups of alike rows.
    Grouping,
    /// Fitting the detector again, with other seeds.
    Refitting,
    /// Describing columns.
    Describing,
    /// Telling why rows stand out.
    Explaining,
    /// Looking for what a filter leaves.
    Filtering,
    /// Putting flows in order.
    Sorting,
    /// Comparing both detectors.
    Comparing,
    /// Writing results.
    Writing,
}

impl Stage {
    /// What is happening, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Generating => "Making sample flows",
            Self::Unpacking => "Unpacking",
            Self::Reading => "Reading flows",
            Self::Fitting => "Fitting the detector",
            Self::Training => "Training the autoencoder",
            Self::Scoring => "Scoring flows",
            Self::Ranking => "Ranking flows",
            Self::Grouping => "Looking for groups",
            Self::Refitting => "Fitting with other seeds",
            Self::Describing => "Describing columns",
            Self::Explaining => "Explaining flows",
            Self::Filtering => "Filtering flows",
            Self::Sorting => "Sorting flows",
            Self::Comparing => "Comparing both detectors",
            Self::Writing => "Writing results",
        }
    }
}

/// Where one shard, or a whole job, stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is happening.
    pub stage: Stage,
    /// Units done: bytes when reading or generating, rows otherwise.
    pub done: u64,
    /// Units to do.
    pub total: u64,
    /// Rows done.
    pub rows: u64,
}

impl Progress {
    /// So many of so many rows are done.
    pub fn of(stage: Stage, done: usize, total: usize) -> Self {
        Self { stage, done: done as u64, total: total as u64, rows: done as u64 }
    }
}

/// Adds up where the shards stand.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    shards: Vec<Progress>,
}

impl Meter {
    /// Takes a shard's report in and says where the job stands: the sum over all shards that are in the same stage.
    pub fn report(&mut self, shard: usize, progress: Progress) -> Progress {
        if self.shards.len() <= shard {
            self.shards.resize(shard + 1, Progress::default());
        }
        if self.shards.iter().any(|other| other.stage != progress.stage) {
            self.shards.fill(Progress { stage: progress.stage, ..Progress::default() });
        }
        self.shards[shard] = progress;
        self.shards.iter().fold(Progress { stage: progress.stage, ..Progress::default() }, |sum, shard| Progress {
            done: sum.done + shard.done,
            total: sum.total + shard.total,
            rows: sum.rows + shard.rows,
            ..sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_adds_shards_and_starts_anew_with_each_stage() {
        let mut meter = Meter::default();
        let at = |stage, done| Progress { stage, done, total: 100, rows: done };
        meter.report(1, at(Stage::Reading, 40));
        let sum = meter.report(0, at(Stage::Reading, 10));
        assert_eq!((sum.done, sum.total), (50, 200));
        assert_eq!(meter.report(0, at(Stage::Reading, 20)).done, 60);
        assert_eq!(meter.report(1, at(Stage::Scoring, 5)), at(Stage::Scoring, 5));
    }
}
