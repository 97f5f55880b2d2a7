//! Sets of rows that stand out: groups of alike ones, and bursts.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    context::Bursts,
    detect::groups::Groups,
    engine::message::{Among, Compared},
    table::Block,
};

/// The sets, and which row is in which.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Crowds {
    pub groups: Arc<Groups>,
    /// The rows that these were found among.
    pub compared: Compared,
    bursts: Option<Arc<Bursts>>,
    /// The number of each set, groups before bursts. 0 where it turned out to be none.
    numbers: Vec<u8>,
}

impl Crowds {
    /// These, of the numbers that are given, groups before bursts.
    pub fn new((groups, bursts): (Arc<Groups>, Option<Arc<Bursts>>), compared: Compared, numbers: Vec<u8>) -> Self {
        Self { groups, compared, bursts, numbers }
    }

    /// Groups and bursts.
    pub fn len(&self) -> usize {
        self.groups.groups.len() + self.bursts.as_ref().map_or(0, |bursts| bursts.bursts.len())
    }

    /// The number of each row's set, 0 for none: a burst's, if it belongs to one.
    pub fn assign(&self, block: &Block) -> Vec<u8> {
        let mut places = self.groups.assign(block);
        let groups = self.groups.groups.len() as u8;
        if let Some(bursts) = &self.bursts {
            for (place, burst) in places.iter_mut().zip(bursts.assign(block)) {
                *place = burst.map_or(*place, |burst| groups + burst + 1);
            }
        }
        places.iter_mut().for_each(|place| *place = self.number(*place));
        places
    }

    fn number(&self, place: u8) -> u8 {
        usize::from(place).checked_sub(1).map_or(0, |place| self.numbers[place])
    }

    /// The number of a row's set that may be among others, of which these bursts were kept.
    pub fn number_among(&self, among: &Among, kept: &[u8]) -> u8 {
        self.number(among.place(self.groups.groups.len(), kept) as u8)
    }
}

/// Rows whose sets are not known yet: which they may be in.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Undecided {
    /// The rows that groups were found among.
    pub compared: Compared,
    /// All that there are, with their numbers from 1.
    known: BTreeMap<Among, u32>,
    /// Per row, 0 where it is in none.
    pub rows: Vec<u32>,
}

impl Undecided {
    pub fn new(compared: Compared) -> Self {
        Self { compared, ..Self::default() }
    }

    /// The number of what a row may be in.
    pub fn number(&mut self, among: Among) -> u32 {
        if among.is_none() {
            return 0;
        }
        let next = self.known.len() as u32 + 1;
        *self.known.entry(among).or_insert(next)
    }

    /// All that there are, in the order of their numbers.
    pub fn all(&self) -> Vec<Among> {
        let mut all: Vec<(u32, &Among)> = self.known.iter().map(|(among, number)| (*number, among)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, among)| among.clone()).collect()
    }
}
