//! Taking rows into a profile, a block of a column at a time.

use std::collections::HashMap;

use wide::f32x8;

use super::{MISSING_KEY, Profile, Schema, number_key, row_hash, tally::Tally};

/// A [`Profile`] in the making.
pub struct Profiler {
    profile: Profile,
    /// Per column, where its values are counted.
    tallies: Vec<Option<Tally>>,
    /// Per column, what the keys of its texts stand for.
    texts: Vec<HashMap<u32, String>>,
    /// Of the block at hand, per row.
    salts: Vec<u64>,
    /// Nothing is taken in.
    idle: bool,
}

impl Profiler {
    /// The profile of no rows.
    pub fn new(schema: &Schema) -> Self {
        let tally = |field: &super::Field| field.role.is_counted().then(Tally::default);
        Self {
            profile: Profile::new(schema),
            tallies: schema.fields.iter().map(tally).collect(),
            texts: schema.fields.iter().map(|_| HashMap::new()).collect(),
            salts: Vec::new(),
            idle: false,
        }
    }

    /// One that takes nothing in, for rows that were seen before.
    pub fn idle(schema: &Schema) -> Self {
        Self { idle: true, ..Self::new(schema) }
    }

    /// Begins a block with rows at these offsets; its columns are to follow.
    pub fn begin_block(&mut self, offsets: &[u64]) {
        if self.idle {
            return;
        }
        self.profile.rows += offsets.len() as u64;
        self.salts.clear();
        self.salts.extend(offsets.iter().map(|&offset| row_hash(0, offset)));
    }

    /// Takes in a number column of the block.
    pub fn add_numbers(&mut self, column: usize, values: &[f32]) {
        if self.idle {
            return;
        }
        let stats = &mut self.profile.columns[column];
        let bits: &[u32] = bytemuck::cast_slice(values);
        stats.fingerprint = stats.fingerprint.wrapping_add(fingerprint(bits, &self.salts, 1 << 32));
        let extent = Extent::of(values);
        stats.missing += extent.missing as u64;
        stats.infinite += extent.infinite as u64;
        stats.min = stats.min.min(extent.min);
        stats.max = stats.max.max(extent.max);
        if let Some(tally) = &mut self.tallies[column] {
            for &value in values.iter().filter(|value| !value.is_nan()) {
                tally.add(number_key(value));
            }
        }
    }

    /// Takes in a category column of the block. Its keys were counted by [`Profiler::count_text`].
    pub fn add_keys(&mut self, column: usize, keys: &[u32]) {
        if self.idle {
            return;
        }
        let stats = &mut self.profile.columns[column];
        stats.fingerprint = stats.fingerprint.wrapping_add(fingerprint(keys, &self.salts, 1 << 33));
        stats.missing += keys.iter().filter(|&&key| key == MISSING_KEY).count() as u64;
    }

    /// Counts one row of a category column; `text` is asked for when the key is new.
    pub fn count_text(&mut self, column: usize, key: u32, text: impl FnOnce() -> String) {
        if !self.idle && self.tallies[column].as_mut().is_some_and(|tally| tally.add(key)) {
            self.texts[column].insert(key, text());
        }
    }

    /// Counts one cell of a number column that holds something else.
    pub fn count_unreadable(&mut self, column: usize) {
        self.profile.columns[column].unreadable += 1;
    }

    /// The profile of all rows taken in.
    pub fn finish(self) -> Profile {
        let Self { mut profile, tallies, texts, .. } = self;
        for ((stats, tally), mut texts) in profile.columns.iter_mut().zip(tallies).zip(texts) {
            stats.counts = tally.map(|tally| tally.counts(|key| texts.remove(&key).unwrap_or_default()));
        }
        profile
    }
}

/// The part of a column's fingerprint that a block makes: Σ salt · (bits + `kind`), where `kind` tells numbers from keys.
fn fingerprint(bits: &[u32], salts: &[u64], kind: u64) -> u64 {
    let all = salts.iter().copied().fold(0, u64::wrapping_add);
    if let [first, rest @ ..] = bits
        && rest.iter().all(|bits| bits == first)
    {
        return all.wrapping_mul(u64::from(*first) + kind);
    }
    let cells =
        bits.iter().zip(salts).fold(0u64, |sum, (&bits, &salt)| sum.wrapping_add(salt.wrapping_mul(u64::from(bits))));
    cells.wrapping_add(all.wrapping_mul(kind))
}

/// What a block's numbers span, and how many are none.
#[derive(Debug, PartialEq)]
struct Extent {
    min: f32,
    max: f32,
    missing: usize,
    infinite: usize,
}

impl Extent {
    fn of(values: &[f32]) -> Self {
        let (low, high) = (f32x8::splat(f32::INFINITY), f32x8::splat(f32::NEG_INFINITY));
        let (mut min, mut max) = (low, high);
        let (mut missing, mut infinite) = (0, 0);
        let (chunks, rest) = values.as_chunks();
        let mut last = [f32::NAN; 8];
        last[..rest.len()].copy_from_slice(rest);
        for chunk in chunks.iter().chain([&last]) {
            let values = f32x8::new(*chunk);
            let finite = values.is_finite();
            min = min.fast_min(finite.bitselect(values, low));
            max = max.fast_max(finite.bitselect(values, high));
            if !finite.all() {
                missing += chunk.iter().filter(|value| value.is_nan()).count();
                infinite += chunk.iter().filter(|value| value.is_infinite()).count();
            }
        }
        Self {
            min: min.to_array().into_iter().fold(f32::INFINITY, f32::min),
            max: max.to_array().into_iter().fold(f32::NEG_INFINITY, f32::max),
            missing: missing - (last.len() - rest.len()),
            infinite,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn extents_are_those_of_plain_comparison(
            values in prop::collection::vec(prop_oneof![any::<f32>(), -3f32..3.0, Just(f32::NAN), Just(f32::INFINITY)], 0..50)
        ) {
            // Columns hold no −0.
            let values: Vec<f32> = values.into_iter().map(|value| value + 0.0).collect();
            let extent = Extent::of(&values);
            let finite = || values.iter().copied().filter(|value| value.is_finite());
            prop_assert_eq!(extent.min, finite().fold(f32::INFINITY, f32::min));
            prop_assert_eq!(extent.max, finite().fold(f32::NEG_INFINITY, f32::max));
            prop_assert_eq!(extent.missing, values.iter().filter(|value| value.is_nan()).count());
            prop_assert_eq!(extent.infinite, values.iter().filter(|value| value.is_infinite()).count());
        }
    }
}
