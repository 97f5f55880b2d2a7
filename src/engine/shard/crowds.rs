//! Sets of rows that stand out: groups of alike ones, and bursts.

use std::sync::Arc;

use crate::{context::Bursts, detect::groups::Groups, engine::message::Compared, table::Block};

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
    pub fn new(groups: Arc<Groups>, bursts: Option<Arc<Bursts>>, compared: Compared) -> Self {
        let mut crowds = Self { groups, compared, bursts, numbers: Vec::new() };
        crowds.numbers = (1..).take(crowds.len()).collect();
        crowds
    }

    /// Groups and bursts.
    pub fn len(&self) -> usize {
        self.groups.groups.len() + self.bursts.as_ref().map_or(0, |bursts| bursts.bursts.len())
    }

    /// Gives the sets other numbers.
    pub fn renumber(&mut self, numbers: &[u8]) {
        numbers.clone_into(&mut self.numbers);
    }

    /// The number of each row's set, 0 for none: a burst's, if it belongs to one. `shared` is told of the groups of these.
    pub fn assign(&self, block: &Block, mut shared: impl FnMut(usize)) -> Vec<u8> {
        let mut places = self.groups.assign(block);
        let groups = self.groups.groups.len() as u8;
        if let Some(bursts) = &self.bursts {
            for (place, burst) in places.iter_mut().zip(bursts.assign(block)) {
                let Some(burst) = burst else { continue };
                if let Some(group) = usize::from(*place).checked_sub(1) {
                    shared(group);
                }
                *place = groups + burst + 1;
            }
        }
        let number = |place: u8| usize::from(place).checked_sub(1).map_or(0, |place| self.numbers[place]);
        places.iter_mut().for_each(|place| *place = number(*place));
        places
    }
}
