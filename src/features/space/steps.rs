//! How a value's place among the knots of a coordinate is found.

/// Where to begin to look for a value among knots: of many values, searching for each from the middle took most of the time.
pub(super) struct Steps {
    least: u32,
    shift: u32,
    /// Knots below each stretch of values.
    below: Vec<u16>,
}

/// Stretches that the values between the least and the greatest knot are cut into, at most.
const STRETCHES: u32 = 1_024;

/// Bits that are in the order of the numbers.
fn ordered(value: f32) -> u32 {
    const SIGN: u32 = 1 << 31;
    let bits = value.to_bits();
    if bits < SIGN { bits | SIGN } else { !bits }
}

impl Steps {
    pub fn of(knots: &[f32]) -> Self {
        let least = knots.first().map_or(0, |&knot| ordered(knot));
        let range = knots.last().map_or(0, |&knot| ordered(knot)) - least;
        let shift = (u32::BITS - range.leading_zeros()).saturating_sub(STRETCHES.trailing_zeros());
        let mut below = Vec::with_capacity(STRETCHES as usize + 1);
        let mut passed = 0;
        for stretch in 0..=range >> shift {
            while knots.get(passed).is_some_and(|&knot| (ordered(knot) - least) >> shift < stretch) {
                passed += 1;
            }
            // A space has some hundred knots an axis.
            below.push(passed as u16);
        }
        Self { least, shift, below }
    }

    /// How many knots are not above a value: what `partition_point` says.
    pub fn above(&self, knots: &[f32], value: f32) -> usize {
        let stretch = (ordered(value).saturating_sub(self.least) >> self.shift) as usize;
        let mut above = usize::from(self.below[stretch.min(self.below.len() - 1)]);
        while knots.get(above).is_some_and(|&knot| knot <= value) {
            above += 1;
        }
        above
    }
}
