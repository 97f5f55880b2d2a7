//! Counting keys, millions a second.

use super::counts::{Counts, MOST_VALUES};

/// How often each key occurred: a hash table with open addressing.
#[derive(Default)]
pub struct Tally {
    /// A power of two, at most half of them in use.
    slots: Vec<Slot>,
    used: usize,
    /// There were more keys than are told apart; none is counted any more.
    crowded: bool,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    key: u32,
    /// Zero where the slot is free.
    rows: u32,
}

const FIRST_SLOTS: usize = 64;

impl Tally {
    /// Counts one row, and says whether its key is new.
    #[inline]
    pub fn add(&mut self, key: u32) -> bool {
        if self.used * 2 >= self.slots.len() && !self.crowded {
            self.grow();
        }
        if self.crowded {
            return false;
        }
        let slot = self.slot_of(key);
        slot.key = key;
        slot.rows += 1;
        let new = slot.rows == 1;
        self.used += usize::from(new);
        new
    }

    /// The slot that the key has, or a free one for it.
    #[inline]
    fn slot_of(&mut self, key: u32) -> &mut Slot {
        let last = self.slots.len() - 1;
        let mut at = (key.wrapping_mul(0x9e37_79b9) >> 8) as usize & last;
        while self.slots[at].rows != 0 && self.slots[at].key != key {
            at = (at + 1) & last;
        }
        &mut self.slots[at]
    }

    #[cold]
    fn grow(&mut self) {
        if self.used > MOST_VALUES {
            *self = Self { crowded: true, ..Self::default() };
            return;
        }
        let more = vec![Slot::default(); (self.slots.len() * 2).max(FIRST_SLOTS)];
        let old = std::mem::replace(&mut self.slots, more);
        old.into_iter().filter(|slot| slot.rows > 0).for_each(|slot| *self.slot_of(slot.key) = slot);
    }

    /// What was counted; `text` says how a key is shown.
    pub fn counts(self, mut text: impl FnMut(u32) -> String) -> Counts {
        if self.crowded || self.used > MOST_VALUES {
            return Counts::crowd();
        }
        let used = self.slots.into_iter().filter(|slot| slot.rows > 0);
        Counts::of(used.map(|Slot { key, rows }| (key, u64::from(rows), text(key))).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_as_a_map_does(keys in prop::collection::vec(prop_oneof![0u32..20, any::<u32>()], 0..2_000)) {
            let (mut tally, mut rows) = (Tally::default(), BTreeMap::new());
            for key in keys {
                prop_assert_eq!(tally.add(key), !rows.contains_key(&key));
                *rows.entry(key).or_insert(0) += 1;
            }
            let counts = Counts::of(rows.into_iter().map(|(key, rows)| (key, rows, key.to_string())).collect());
            prop_assert_eq!(tally.counts(|key| key.to_string()), counts);
        }
    }

    #[test]
    fn a_crowd_is_noticed_at_once_or_in_the_end() {
        for keys in [MOST_VALUES - 1, MOST_VALUES, MOST_VALUES + 1, MOST_VALUES * 2, MOST_VALUES * 4] {
            let mut tally = Tally::default();
            for key in 0..keys as u32 {
                tally.add(key);
            }
            let counts = tally.counts(|_| String::new());
            assert_eq!((counts.is_crowded(), counts.len()), if keys > MOST_VALUES { (true, 0) } else { (false, keys) });
        }
    }
}
