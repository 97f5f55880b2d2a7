//! Whole numbers of 64 bits in as few bytes as hold them: what 32-bit floats would round.

use super::Compact;

/// Stands for no value.
pub const MISSING_WHOLE: i64 = i64::MIN;

/// Up to 65,536 whole numbers of one column and block. What is put in comes out, bit by bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Exact(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// `least + step · above`, with the highest `above` for a missing one.
    Short { least: i64, step: i64, above: Vec<u16> },
    /// The same with 32 bits, packed.
    Near { least: i64, step: i64, above: Compact },
    /// Anything.
    Plain(Vec<i64>),
}

/// Steps that are tried: points in time are kept in nanoseconds, and most are whole seconds, milli- or microseconds.
const STEPS: [i64; 3] = [1_000_000_000, 1_000_000, 1_000];

impl Exact {
    /// Packs these numbers, [`MISSING_WHOLE`] among them.
    pub fn of(values: &[i64]) -> Self {
        let present = || values.iter().copied().filter(|&value| value != MISSING_WHOLE);
        let least = present().min().unwrap_or(0);
        let span = present().max().unwrap_or(0).abs_diff(least);
        let whole = |step: &i64| present().all(|value| value.wrapping_sub(least) % step == 0);
        let step = STEPS.into_iter().filter(|&step| span >= step as u64).find(whole).unwrap_or(1);
        let steps = span / step as u64;
        if steps >= u64::from(u32::MAX) {
            return Self(Form::Plain(values.to_vec()));
        }
        let offset = |value: i64| value.wrapping_sub(least);
        // Dividing takes far longer than all else here.
        let above: Vec<u32> = if step == 1 {
            values.iter().map(|&value| if value == MISSING_WHOLE { u32::MAX } else { offset(value) as u32 }).collect()
        } else {
            let above = |&value: &i64| if value == MISSING_WHOLE { u32::MAX } else { (offset(value) / step) as u32 };
            values.iter().map(above).collect()
        };
        let packed = Compact::keys(&above);
        if steps < u64::from(u16::MAX) && 2 * values.len() < packed.bytes() {
            let above = above.into_iter().map(|above| above as u16).collect();
            return Self(Form::Short { least, step, above });
        }
        Self(Form::Near { least, step, above: packed })
    }

    /// Bytes of memory taken on the heap.
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Form::Short { above, .. } => 2 * above.len(),
            Form::Near { above, .. } => above.bytes(),
            Form::Plain(values) => 8 * values.len(),
        }
    }

    /// Cells held.
    pub fn rows(&self) -> usize {
        match &self.0 {
            Form::Short { above, .. } => above.len(),
            Form::Near { above, .. } => above.rows(),
            Form::Plain(values) => values.len(),
        }
    }

    /// The number of row `row`, which must be one of the rows held.
    pub fn at(&self, row: usize) -> i64 {
        match &self.0 {
            Form::Short { least, step, above } => raised(*least, *step, widened(above[row])),
            Form::Near { least, step, above } => raised(*least, *step, above.at(row)),
            Form::Plain(values) => values[row],
        }
    }

    /// Appends what `of` makes of each number.
    pub fn map<T: Copy>(&self, of: impl Fn(i64) -> T, out: &mut Vec<T>) {
        match &self.0 {
            Form::Short { least, step, above } => {
                out.extend(above.iter().map(|&above| of(raised(*least, *step, widened(above)))));
            }
            Form::Near { least, step, above } => above.map(|above| of(raised(*least, *step, above)), out),
            Form::Plain(values) => out.extend(values.iter().map(|&value| of(value))),
        }
    }
}

/// The 32 bits that 16 stand for.
fn widened(above: u16) -> u32 {
    if above == u16::MAX { u32::MAX } else { above.into() }
}

fn raised(least: i64, step: i64, above: u32) -> i64 {
    if above == u32::MAX { MISSING_WHOLE } else { least.wrapping_add(step.wrapping_mul(above.into())) }
}

/// A point in time in `per` parts of a unit, in that unit; NaN where it is missing.
pub fn from_time(value: i64, per: i64) -> f64 {
    if value == MISSING_WHOLE { f64::NAN } else { value as f64 / per as f64 }
}

/// A whole number counted in `per` parts of a unit, as a 32-bit float in that unit; NaN where it is missing.
pub fn to_number(value: i64, per: i64) -> f32 {
    match value {
        MISSING_WHOLE => f32::NAN,
        // By way of 64 bits, as numbers of a file are rounded.
        value if per == 1 => value as f64 as f32,
        value if value % per == 0 => (value / per) as f64 as f32,
        value => (value as f64 / per as f64) as f32,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(values: &[i64]) -> usize {
        let exact = Exact::of(values);
        assert_eq!(exact.rows(), values.len());
        let mut all = Vec::new();
        exact.map(|value| value, &mut all);
        assert_eq!(all, values);
        assert!(values.iter().enumerate().all(|(row, &value)| exact.at(row) == value));
        exact.bytes()
    }

    proptest! {
        #[test]
        fn whole_numbers_come_back(
            base: i64, step in prop_oneof![Just(1i64), Just(1_000), Just(1_000_000_000), any::<i64>()],
            above in prop::collection::vec(prop_oneof![6 => 0i64..300, 2 => 0i64..90_000, 1 => any::<i64>(), 1 => Just(-1)], 0..200),
        ) {
            let value = |above: &i64| if *above == -1 { MISSING_WHOLE } else { base.wrapping_add(step.wrapping_mul(*above)) };
            check(&above.iter().map(value).collect::<Vec<_>>());
        }
    }

    #[test]
    fn each_form_takes_the_bytes_that_it_should() {
        let rows = 8_192;
        let of = |value: &dyn Fn(i64) -> i64| check(&(0..rows).map(value).collect::<Vec<_>>()) as i64;
        let (second, start) = (1_000_000_000, 1_700_000_000_000_000_000);
        assert_eq!(of(&|_| MISSING_WHOLE), 0);
        assert_eq!(of(&|_| start), 0);
        assert_eq!(of(&|row| start + row / 40 * second), rows + 4 * 205, "few seconds");
        assert_eq!(of(&|row| start + row * second), 2 * rows);
        assert_eq!(of(&|row| start + row * 50 * second), 4 * rows);
        assert_eq!(of(&|row| start + row * second + 1), 2 * rows, "steps count from the first");
        assert_eq!(of(&|row| start + row * row * 7_919_777), 8 * rows);
    }

    #[test]
    fn numbers_are_rounded_as_those_of_a_file() {
        assert!(to_number(MISSING_WHOLE, 1).is_nan());
        assert_eq!(to_number(16_777_217, 1), 16_777_216.0);
        assert_eq!(to_number(1_504_692_000_123_456_000, 1_000_000_000), 1_504_692_000.123_456_f32);
        assert_eq!(to_number(1_499_860_000_000_000_000, 1_000_000_000), 1_499_860_000.0);
    }
}
