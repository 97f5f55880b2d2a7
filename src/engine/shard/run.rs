//! What a run leaves in a shard.

use std::{ops::Range, sync::Arc};

use super::crowds::{Crowds, Undecided};
use crate::{
    context::{Ends, Sieve},
    detect::{
        Model,
        rank::Ties,
        summary::{ScoreKey, ShardRanks},
        threshold::Ranked,
    },
    features::FeaturePlan,
    report::Judged,
    table::{Block, SmallestKeys, Table},
};

/// What scored the shard's rows, and what came of it.
pub(in crate::engine) struct Run {
    pub plan: Arc<FeaturePlan>,
    pub model: Model,
    /// How many rows everybody has at most, and where rows say whose they are: until that was asked.
    pub sieve: Option<(Sieve, Ends)>,
    /// Of the rows in the table.
    pub scores: Vec<f64>,
    pub ranks: Vec<u32>,
    /// Ranks by this detector and the earlier one together, if they were compared.
    pub consensus: Vec<u32>,
    /// Where rows are not held: the highest-scoring, and where these and the others stand.
    pub tops: Option<SmallestKeys<ScoreKey>>,
    pub table: Table,
    pub shard_ranks: Option<Box<ShardRanks>>,
    /// First shard only: the scores of all rows of the file, for rules to judge. Eight bytes a row where rows are held.
    pub ranking: Option<Box<dyn Ranked>>,
    /// First shard only: which of them are equal, where rows are held.
    pub ties: Ties,
    /// Groups of alike rows, and bursts.
    pub crowds: Option<Crowds>,
    /// The number of each row's group, 0 for none; empty where no groups were looked for.
    pub assigned: Vec<u8>,
    /// Before that is known, what rows may be in.
    pub undecided: Undecided,
}

impl Run {
    /// A run whose rows are about to be scored.
    pub fn new(plan: Arc<FeaturePlan>, model: Model) -> Self {
        Self {
            plan,
            model,
            sieve: None,
            scores: Vec::new(),
            ranks: Vec::new(),
            consensus: Vec::new(),
            tops: None,
            table: Table::default(),
            shard_ranks: None,
            ranking: None,
            ties: Ties::default(),
            crowds: None,
            assigned: Vec::new(),
            undecided: Undecided::default(),
        }
    }

    /// Counts how many rows everybody has, where that is wanted.
    pub fn count(&mut self, block: &Block) {
        if let Some((sieve, ends)) = &mut self.sieve {
            sieve.count(ends, block);
        }
    }

    /// The number of a row's group, 0 for none.
    pub fn group_of(&self, row: usize) -> u8 {
        self.assigned.get(row).copied().unwrap_or(0)
    }

    /// What it says of the table's rows.
    pub fn judged(&self) -> Judged<'_> {
        Judged { scores: &self.scores, ranks: &self.ranks, groups: &self.assigned }
    }

    /// The numbers of the groups of a block's rows.
    pub fn assign(&self, block: &Block) -> Vec<u8> {
        self.crowds.as_ref().map(|crowds| crowds.assign(block)).unwrap_or_default()
    }

    /// The table's rows with these ranks, in file order.
    pub fn rows_of(&self, ranks: &Range<u32>) -> Vec<usize> {
        (0..self.ranks.len()).filter(|&row| ranks.contains(&self.ranks[row])).collect()
    }
}
