//! Taking rows into a profile, a block of a column at a time.

use std::collections::HashMap;

use wide::f32x8;

use super::{
    Field, MISSING_KEY, Profile, Schema, Storage, TimeStyle, exact::to_number, number_key, repeats::Repeating,
    row_hash, tally::Tally,
};

/// A [`Profile`] in the making.
pub struct Profiler {
    profile: Profile,
    /// Per column, where its values are counted.
    tallies: Vec<Option<Tally>>,
    /// Per column, what the keys of its texts stand for.
    texts: Vec<HashMap<u32, String>>,
    /// Per column, a random factor, or zero where it could not tell rows apart.
    factors: Vec<u64>,
    /// Of the block at hand, per row.
    salts: Vec<u64>,
    /// Of the block at hand, per row, what it holds as a sum of `factor · bits` (multilinear hashing: two different rows
    /// are given the same with a chance of 2⁻³² at most: Dietzfelbinger, 1996); and what all rows have in common.
    contents: Vec<u64>,
    common: u64,
    repeating: Repeating,
    /// Nothing is taken in.
    idle: bool,
}

impl Profiler {
    /// The profile of no rows.
    pub fn new(schema: &Schema) -> Self {
        let tally = |field: &Field| field.role.is_counted().then(Tally::default);
        Self {
            profile: Profile::new(schema),
            tallies: schema.fields.iter().map(tally).collect(),
            texts: schema.fields.iter().map(|_| HashMap::new()).collect(),
            factors: factors(schema),
            salts: Vec::new(),
            contents: Vec::new(),
            common: 0,
            repeating: Repeating::default(),
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
        self.end_block();
        self.profile.rows += offsets.len() as u64;
        self.salts.clear();
        self.salts.extend(offsets.iter().map(|&offset| row_hash(0, offset)));
        self.contents.resize(offsets.len(), 0);
    }

    fn end_block(&mut self) {
        if self.telling() {
            let common = std::mem::take(&mut self.common);
            self.repeating.add(self.contents.drain(..).map(|content| row_hash(0, content.wrapping_add(common))));
        }
        self.contents.clear();
    }

    /// Rows that are alike in one or two columns are nothing special.
    fn telling(&self) -> bool {
        self.factors.iter().filter(|&&factor| factor != 0).count() >= FEWEST_TELLING
    }

    /// Takes in a number column of the block.
    pub fn add_numbers(&mut self, column: usize, numbers: Numbers<'_>) {
        if self.idle {
            return;
        }
        let Numbers { values, exact, .. } = numbers;
        self.add_bits(column, bytemuck::cast_slice(values), 1 << 32);
        self.add_exact(column, numbers);
        let stats = &mut self.profile.columns[column];
        let extent = Extent::of(values);
        if extent.min < 0.0 {
            stats.negative += values.iter().filter(|&&value| value < 0.0).count() as u64;
            stats.minus_ones += values.iter().filter(|&&value| value == -1.0).count() as u64;
        }
        stats.missing += extent.missing as u64;
        stats.infinite += extent.infinite as u64;
        let [least, greatest] = exact
            .iter()
            .fold([i64::MAX, i64::MIN], |[least, greatest], &(_, value)| [least.min(value), greatest.max(value)]);
        stats.exact = [stats.exact[0].min(least), stats.exact[1].max(greatest)];
        let [min, max] = numbers.extremes(&extent, [least, greatest]);
        stats.min = stats.min.min(min);
        stats.max = stats.max.max(max);
        if let Some(tally) = &mut self.tallies[column] {
            for &value in values.iter().filter(|value| !value.is_nan()) {
                tally.add(number_key(value));
            }
        }
    }

    /// Adds what the 32 bits of a number leave out, in the same way.
    fn add_exact(&mut self, column: usize, numbers: Numbers<'_>) {
        let factor = self.factors[column];
        let mut sum = 0u64;
        for &(row, value) in numbers.exact {
            // Whether a cell is exact as it is must not depend on the others of its block.
            if numbers.per == 1 && to_number(value, 1) as i64 == value {
                continue;
            }
            // With the 32 bits, which grow with it, it is a number of its own for every value.
            let (row, rest) = (row as usize, value as u64);
            sum = sum.wrapping_add(self.salts[row].wrapping_mul(rest));
            self.contents[row] = self.contents[row].wrapping_add(factor.wrapping_mul(rest));
        }
        let fingerprint = &mut self.profile.columns[column].fingerprint;
        *fingerprint = fingerprint.wrapping_add(sum);
    }

    /// Takes in a category column of the block. Its keys were counted by [`Profiler::count_text`].
    pub fn add_keys(&mut self, column: usize, keys: &[u32]) {
        if self.idle {
            return;
        }
        self.add_bits(column, keys, 1 << 33);
        let stats = &mut self.profile.columns[column];
        stats.missing += keys.iter().filter(|&&key| key == MISSING_KEY).count() as u64;
    }

    /// Adds a column of the block to its fingerprint, Σ salt · (bits + `kind`), where `kind` tells numbers from keys, and to
    /// what the rows hold.
    fn add_bits(&mut self, column: usize, bits: &[u32], kind: u64) {
        let all = self.salts.iter().copied().fold(0, u64::wrapping_add);
        let factor = self.factors[column];
        let cells = if let [first, rest @ ..] = bits
            && rest.iter().all(|bits| bits == first)
        {
            self.common = self.common.wrapping_add(factor.wrapping_mul(u64::from(*first)));
            all.wrapping_mul(u64::from(*first))
        } else {
            let mut sum = 0u64;
            for ((&bits, &salt), content) in bits.iter().zip(&self.salts).zip(&mut self.contents) {
                let bits = u64::from(bits);
                sum = sum.wrapping_add(salt.wrapping_mul(bits));
                *content = content.wrapping_add(factor.wrapping_mul(bits));
            }
            sum
        };
        let fingerprint = &mut self.profile.columns[column].fingerprint;
        *fingerprint = fingerprint.wrapping_add(cells).wrapping_add(all.wrapping_mul(kind));
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

    /// Counts one date that makes sense in one order of days and months only.
    pub fn count_day_order(&mut self, column: usize, order: TimeStyle) {
        let stats = &mut self.profile.columns[column];
        match order {
            TimeStyle::DayFirst => stats.day_first += 1,
            TimeStyle::MonthFirst => stats.month_first += 1,
            _ => {}
        }
    }

    /// The profile of all rows taken in.
    pub fn finish(mut self) -> Profile {
        self.end_block();
        let Self { mut profile, tallies, texts, repeating, .. } = self;
        profile.repeats = repeating.finish();
        for ((stats, tally), mut texts) in profile.columns.iter_mut().zip(tallies).zip(texts) {
            stats.counts = tally.map(|tally| tally.counts(|key| texts.remove(&key).unwrap_or_default()));
        }
        profile
    }
}

/// Columns that rows must be alike in, at least, to be called repeated.
const FEWEST_TELLING: usize = 3;

fn factors(schema: &Schema) -> Vec<u64> {
    let factor = |(column, field): (usize, &Field)| {
        let telling = field.storage() != Storage::None && field.role.counts_for_repeats();
        // Odd, so that no difference is multiplied away.
        if telling { row_hash(1, column as u64) | 1 } else { 0 }
    };
    schema.fields.iter().enumerate().map(factor).collect()
}

/// A number column of a block.
#[derive(Debug, Clone, Copy)]
pub struct Numbers<'a> {
    /// As 32-bit floats; NaN where there is none.
    pub values: &'a [f32],
    /// The rows, ascending, of the values that are known exactly, and those values in parts of the column's unit.
    pub exact: &'a [(u32, i64)],
    /// How many parts make one unit.
    pub per: i64,
}

/// Of which none is known more exactly.
impl<'a> From<&'a [f32]> for Numbers<'a> {
    fn from(values: &'a [f32]) -> Self {
        Self { values, exact: &[], per: 1 }
    }
}

impl Numbers<'_> {
    /// The least and the greatest finite value, where `extent` is what the floats span and `exact` what the exact ones do.
    fn extremes(self, extent: &Extent, exact: [i64; 2]) -> [f64; 2] {
        let known = exact.map(|value| value as f64 / self.per as f64);
        let floats = [extent.min, extent.max];
        if self.exact.len() + extent.missing == self.values.len() && !self.exact.is_empty() {
            return known;
        }
        // Rounding keeps the order, so where all large numbers are known, so are the least and the greatest of them.
        let is_large = |value: f32| value.is_finite() && value.abs() >= LARGE;
        let large = || self.values.iter().filter(|value| is_large(**value)).count();
        if self.exact.is_empty() || large() == self.exact.len() {
            return [0, 1].map(|end| {
                if is_large(floats[end]) && !self.exact.is_empty() { known[end] } else { floats[end].into() }
            });
        }
        let mut exact = self.exact.iter().peekable();
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        for (row, &value) in self.values.iter().enumerate() {
            let known = exact.next_if(|(place, _)| *place as usize == row);
            let value = known.map_or(f64::from(value), |&(_, value)| value as f64 / self.per as f64);
            if value.is_finite() {
                (min, max) = (min.min(value), max.max(value));
            }
        }
        [min, max]
    }
}

/// From here on, 32-bit floats do not hold every whole number.
const LARGE: f32 = 16_777_216.0;

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
        fn extremes_are_those_of_the_exact_values(
            cells in prop::collection::vec(prop_oneof![
                3 => (-3i64..90_000_000).prop_map(Some), 1 => (-60_000_000i64..60_000_000).prop_map(Some), 1 => Just(None),
            ], 1..40),
            fraction in prop_oneof![Just(None), (0usize..40).prop_map(Some)],
        ) {
            let mut values: Vec<f32> = cells.iter().map(|cell| cell.map_or(f32::NAN, |cell| cell as f32)).collect();
            let is_exact = |cell: &i64| (*cell as f32).abs() >= LARGE;
            let mut exact: Vec<(u32, i64)> =
                (0..).zip(&cells).filter_map(|(row, cell)| Some((row, cell.filter(is_exact)?))).collect();
            let mut wanted: Vec<f64> = cells.iter().flatten().map(|&cell| cell as f64).collect();
            // One that is large and not known exactly.
            if let Some(row) = fraction.filter(|row| *row < cells.len()) {
                exact.retain(|(place, _)| *place as usize != row);
                values[row] = 33_554_432.0;
                wanted = (0..).zip(&cells).filter(|(place, _)| *place != row).filter_map(|(_, cell)| Some((*cell)? as f64)).collect();
                wanted.push(33_554_432.0);
            }
            let span = exact.iter().fold([i64::MAX, i64::MIN], |[a, b], &(_, value)| [a.min(value), b.max(value)]);
            let numbers = Numbers { values: &values, exact: &exact, per: 1 };
            let found = numbers.extremes(&Extent::of(&values), span);
            prop_assert_eq!(found[0], wanted.iter().copied().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(found[1], wanted.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        }
    }

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
