//! 32-bit cells in as few bytes as hold them exactly.
//!
//! Most columns of flows say little: a block of flags is constant, of activity times mostly zero, of packet counts small
//! whole numbers. Each block stores each column in the smallest of four forms.

/// Up to 65,536 cells of 32 bits each: numbers or keys of one column and block. What is put in comes out, bit by bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Compact(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// One value in most rows.
    Usual { value: u32, rows: usize, others: Others },
    /// At most 256 different values.
    Coded { values: Vec<u32>, codes: Vec<u8> },
    /// Whole numbers that span less than 65,536.
    Whole { least: i32, above: Vec<u16> },
    /// Anything.
    Plain(Vec<u32>),
}

/// The cells that differ from the usual one; nothing at all where none does.
#[derive(Debug, Clone, PartialEq, Default)]
struct Others {
    /// A bit per row, least first.
    mask: Vec<u64>,
    /// Per word of the mask, how many bits are set in the words before it.
    before: Vec<u16>,
    /// In the order of rows.
    cells: Vec<u32>,
}

/// Rows per word of a mask.
const WORD: usize = 64;
/// Looking up one cell takes about as long as unpacking so many.
const FEW: usize = 16;
/// Cells looked at to tell which one is usual.
const LOOKED_AT: usize = 31;

impl Compact {
    /// Cells that hold numbers.
    pub fn numbers(values: &[f32]) -> Self {
        let bits: &[u32] = bytemuck::cast_slice(values);
        let usual = Usual::of(bits);
        if usual.times == bits.len() {
            return Self::pack(bits, &usual);
        }
        let Some((least, most)) = whole_range(values) else { return Self::pack(bits, &usual) };
        let span = most.wrapping_sub(least) as u32 as usize;
        let above = |value: &f32| whole_part(*value).wrapping_sub(least) as u16;
        if span < 256 && bits.len() + 4 * (span + 1) < usual.bytes(bits.len()) {
            let wholes = (least..=most).map(|whole| (whole as f32).to_bits()).collect();
            return Self(Form::Coded {
                values: wholes,
                codes: values.iter().map(|value| above(value) as u8).collect(),
            });
        }
        if span < 65_536 && 2 * bits.len() < usual.bytes(bits.len()) {
            let whole = || Self(Form::Whole { least, above: values.iter().map(above).collect() });
            return Self::coded(bits, 2 * bits.len()).unwrap_or_else(whole);
        }
        Self::pack(bits, &usual)
    }

    /// Cells that hold keys.
    pub fn keys(keys: &[u32]) -> Self {
        Self::pack(keys, &Usual::of(keys))
    }

    fn pack(bits: &[u32], usual: &Usual) -> Self {
        let bytes = usual.bytes(bits.len());
        Self::coded(bits, bytes).unwrap_or_else(|| {
            Self(if bytes < 4 * bits.len() {
                Form::Usual { value: usual.value, rows: bits.len(), others: usual.others(bits) }
            } else {
                Form::Plain(bits.to_vec())
            })
        })
    }

    /// The coded form, if it takes less than `bytes`.
    fn coded(bits: &[u32], bytes: usize) -> Option<Self> {
        let most = (bytes.checked_sub(bits.len() + 1)? / 4).min(256);
        let mut codes = Vec::with_capacity(bits.len());
        let mut values = Vec::new();
        // Open addressing; zero is a free slot, else it is a code and one.
        let mut slots = [0u16; 1_024];
        for &cell in bits {
            let mut slot = (cell.wrapping_mul(0x9e37_79b9) >> 22) as usize;
            let code = loop {
                match usize::from(slots[slot]) {
                    0 if values.len() == most => return None,
                    0 => {
                        values.push(cell);
                        slots[slot] = values.len() as u16;
                        break values.len() - 1;
                    }
                    next if values[next - 1] == cell => break next - 1,
                    _ => slot = (slot + 1) % slots.len(),
                }
            };
            codes.push(code as u8);
        }
        values.shrink_to_fit();
        Some(Self(Form::Coded { values, codes }))
    }

    /// Cells held.
    pub fn rows(&self) -> usize {
        match &self.0 {
            Form::Usual { rows, .. } => *rows,
            Form::Coded { codes, .. } => codes.len(),
            Form::Whole { above, .. } => above.len(),
            Form::Plain(bits) => bits.len(),
        }
    }

    /// Bytes of memory taken on the heap.
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Form::Usual { others, .. } => 8 * others.mask.len() + 2 * others.before.len() + 4 * others.cells.len(),
            Form::Coded { values, codes } => 4 * values.len() + codes.len(),
            Form::Whole { above, .. } => 2 * above.len(),
            Form::Plain(bits) => 4 * bits.len(),
        }
    }

    /// The cell of row `row`, which must be one of the rows held.
    #[inline]
    pub fn at(&self, row: usize) -> u32 {
        match &self.0 {
            Form::Usual { value, others, .. } => others.at(row).unwrap_or(*value),
            Form::Coded { values, codes } => values[usize::from(codes[row])],
            Form::Whole { least, above } => whole(*least, above[row]),
            Form::Plain(bits) => bits[row],
        }
    }

    /// All cells, unpacked into `scratch` if they are not at hand as they are.
    pub fn bits<'a>(&'a self, scratch: &'a mut Vec<u32>) -> &'a [u32] {
        if let Form::Plain(bits) = &self.0 {
            return bits;
        }
        scratch.clear();
        self.map(|bits| bits, scratch);
        scratch
    }

    /// Appends the cells of these rows, which must be among those held. All cells may be unpacked into `scratch` for it.
    pub fn pick(&self, rows: impl ExactSizeIterator<Item = usize>, scratch: &mut Vec<u32>, out: &mut Vec<u32>) {
        if rows.len() * FEW < self.rows() {
            out.extend(rows.map(|row| self.at(row)));
        } else {
            let all = self.bits(scratch);
            out.extend(rows.map(|row| all[row]));
        }
    }

    /// Appends what `of` makes of each cell. It is asked once per different value where that is known, so it must
    /// always make the same of the same.
    pub fn map<T: Copy>(&self, of: impl Fn(u32) -> T, out: &mut Vec<T>) {
        match &self.0 {
            Form::Usual { value, rows, others } => {
                let start = out.len();
                out.resize(start + rows, of(*value));
                let mut cells = others.cells.iter();
                for (out, &mask) in out[start..].chunks_mut(WORD).zip(&others.mask) {
                    for (place, &cell) in Places(mask).zip(&mut cells) {
                        out[place] = of(cell);
                    }
                }
            }
            Form::Coded { values, codes } => {
                let mapped: Vec<T> = values.iter().map(|&value| of(value)).collect();
                out.extend(codes.iter().map(|&code| mapped[usize::from(code)]));
            }
            Form::Whole { least, above } => out.extend(above.iter().map(|&above| of(whole(*least, above)))),
            Form::Plain(bits) => out.extend(bits.iter().map(|&bits| of(bits))),
        }
    }
}

#[inline]
fn whole(least: i32, above: u16) -> u32 {
    (least.wrapping_add(i32::from(above)) as f32).to_bits()
}

/// A value that is likely the most frequent one, and how often it occurs.
struct Usual {
    value: u32,
    times: usize,
}

impl Usual {
    fn of(bits: &[u32]) -> Self {
        let mut looked_at: Vec<u32> = bits.iter().copied().step_by((bits.len() / LOOKED_AT).max(1)).collect();
        looked_at.sort_unstable();
        let value = looked_at.chunk_by(u32::eq).max_by_key(|run| run.len()).map_or(0, |run| run[0]);
        Self { value, times: bits.iter().filter(|&&cell| cell == value).count() }
    }

    /// Bytes of the form that is made for it, or of the plain one if that is smaller.
    fn bytes(&self, rows: usize) -> usize {
        if self.times == rows { 0 } else { (rows.div_ceil(WORD) * 10 + 4 * (rows - self.times)).min(4 * rows) }
    }

    /// The cells that differ.
    fn others(&self, bits: &[u32]) -> Others {
        let others = bits.len() - self.times;
        if others == 0 {
            return Others::default();
        }
        // Every cell is written, and the next one over it if it is the usual one: there is nothing to foresee.
        let mut cells = vec![0; others + 1];
        let mut count = 0;
        for &cell in bits {
            cells[count] = cell;
            count += usize::from(cell != self.value);
        }
        cells.truncate(others);
        cells.shrink_to_fit();
        let word = |chunk: &[u32]| {
            chunk.iter().enumerate().fold(0, |word, (place, &cell)| word | u64::from(cell != self.value) << place)
        };
        let mask: Vec<u64> = bits.chunks(WORD).map(word).collect();
        let mut set = 0;
        let before = |word: &u64| {
            set += word.count_ones() as u16;
            set - word.count_ones() as u16
        };
        let before = mask.iter().map(before).collect();
        Others { before, mask, cells }
    }
}

impl Others {
    fn at(&self, row: usize) -> Option<u32> {
        let word = self.mask.get(row / WORD)?;
        let bit = 1 << (row % WORD);
        let place = || usize::from(self.before[row / WORD]) + (word & (bit - 1)).count_ones() as usize;
        (word & bit != 0).then(|| self.cells[place()])
    }
}

/// The places of the bits that are set, ascending.
struct Places(u64);

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let place = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        (place < WORD).then_some(place)
    }
}

/// Added to a small number, it leaves the whole part in the lowest bits: 1.5 · 2²³.
const ROUNDER: f32 = 12_582_912.0;
/// Up to here that works.
const LARGEST: f32 = 4_194_304.0;

/// The whole number that is equal to a small one that is whole.
fn whole_part(value: f32) -> i32 {
    (value + ROUNDER).to_bits().wrapping_sub(ROUNDER.to_bits()) as i32
}

/// The least and the greatest value if all are small whole numbers (and so neither NaN nor −0).
fn whole_range(values: &[f32]) -> Option<(i32, i32)> {
    let mut range = (i32::MAX, i32::MIN);
    for part in values.chunks(512) {
        let mut all = true;
        for &value in part {
            let rounded = (value + ROUNDER) - ROUNDER;
            all &= (rounded.to_bits() == value.to_bits()) & (value.abs() <= LARGEST);
            range = (range.0.min(whole_part(value)), range.1.max(whole_part(value)));
        }
        if !all {
            return None;
        }
    }
    (!values.is_empty()).then_some(range)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(compact: &Compact, cells: &[u32]) {
        let mut scratch = Vec::new();
        assert_eq!(compact.bits(&mut scratch), cells);
        assert_eq!(compact.rows(), cells.len());
        for (row, &cell) in cells.iter().enumerate() {
            assert_eq!(compact.at(row), cell, "row {row}");
        }
        assert!(compact.bytes() <= 4 * cells.len());
        for step in [1, 100] {
            let mut picked = Vec::new();
            let rows: Vec<usize> = (0..cells.len()).step_by(step).collect();
            compact.pick(rows.iter().copied(), &mut scratch, &mut picked);
            assert!(picked.iter().eq(rows.iter().map(|&row| &cells[row])));
        }
        let mut mapped = Vec::new();
        compact.map(|bits| !bits, &mut mapped);
        assert!(mapped.iter().eq(cells.iter().map(|cell| !cell).collect::<Vec<_>>().iter()));
    }

    fn number() -> impl Strategy<Value = f32> {
        prop_oneof![
            30 => Just(0.0f32),
            10 => (-3i32..300).prop_map(|whole| whole as f32),
            5 => any::<u16>().prop_map(f32::from),
            1 => prop_oneof![Just(f32::NAN), Just(-0.0), Just(f32::INFINITY), Just(2_147_483_648.0), any::<f32>()],
        ]
    }

    proptest! {
        #[test]
        fn numbers_come_back_bit_by_bit(
            common in prop::collection::vec(number(), 1..6), rare in number(), rows in 0usize..400, every in 1usize..400,
        ) {
            let values: Vec<f32> =
                (0..rows).map(|row| if row % every == 0 { rare } else { common[row * row % common.len()] }).collect();
            check(&Compact::numbers(&values), bytemuck::cast_slice(&values));
        }

        #[test]
        fn any_bits_come_back(cells in prop::collection::vec(prop_oneof![3 => 0u32..4, 1 => any::<u32>()], 0..700)) {
            check(&Compact::keys(&cells), &cells);
            check(&Compact::numbers(bytemuck::cast_slice(&cells)), &cells);
        }
    }

    #[test]
    fn each_form_takes_the_bytes_that_it_should() {
        let rows = 8_192;
        let of = |value: fn(usize) -> f32| {
            let values: Vec<f32> = (0..rows).map(value).collect();
            let compact = Compact::numbers(&values);
            check(&compact, bytemuck::cast_slice(&values));
            compact.bytes()
        };
        assert_eq!(of(|_| f32::NAN), 0);
        assert_eq!(of(|row| (row % 256) as f32 - 1.0), rows + 4 * 256);
        assert_eq!(of(|row| (row % 3) as f32 / 3.0), rows + 4 * 3);
        assert_eq!(of(|row| row as f32 * 7.0), 2 * rows);
        assert_eq!(of(|row| if row % 8 == 1 { row as f32 * 0.1 } else { 0.0 }), rows / 64 * 10 + 4 * rows / 8);
        assert_eq!(of(|row| row as f32 * 0.1), 4 * rows);
    }
}
