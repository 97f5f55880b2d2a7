//! A bit for each row of a block: one instruction decides for as many rows as a vector has bits.

use super::score::BLOCK;

/// What is true of which rows. Which bit is whose is told by [`transpose`].
pub(super) type Bits = [u64; BLOCK / 64];

/// No row.
pub(super) const NO_ROW: Bits = [0; BLOCK / 64];

/// All rows.
pub(super) const ALL: Bits = [u64::MAX; BLOCK / 64];

/// Changes a byte for each row into its bits: the first of `lanes` has every row's lowest bit. And back.
///
/// That is 8 × 8 bits of each byte of the lanes exchanged along their diagonal, in three steps (Warren, *Hacker's
/// Delight*, section 7–3).
pub(super) fn transpose(lanes: &mut [Bits; 8]) {
    exchange::<4>(lanes, 0x0f0f_0f0f_0f0f_0f0f);
    exchange::<2>(lanes, 0x3333_3333_3333_3333);
    exchange::<1>(lanes, 0x5555_5555_5555_5555);
}

/// Exchanges the high part of each group of bits with the low part of the lane that is so far away.
#[inline(always)]
fn exchange<const FAR: usize>(lanes: &mut [Bits; 8], low: u64) {
    for pair in lanes.chunks_exact_mut(2 * FAR) {
        let (near, far) = pair.split_at_mut(FAR);
        for (near, far) in near.as_flattened_mut().iter_mut().zip(far.as_flattened_mut()) {
            let differ = ((*near >> FAR) ^ *far) & low;
            *far ^= differ;
            *near ^= differ << FAR;
        }
    }
}

/// Writes to `found[n]` which rows have a number of at least n, for numbers below `found.len()` of which `planes` has
/// the bits.
///
/// n lies in the middle of a range, at first of all 256 numbers: at least n is what is at least the range's end, and of
/// what is at least its beginning, that with the bit by which n differs from that.
pub(super) fn at_least(planes: &[Bits; 8], found: &mut [Bits]) {
    if let Some(zero) = found.first_mut() {
        *zero = ALL;
    }
    for (bit, plane) in planes.iter().enumerate().rev() {
        let half = 1 << bit;
        for n in (half..found.len()).step_by(2 * half) {
            let (begin, end) = (found[n - half], found.get(n + half).copied().unwrap_or_default());
            for (place, found) in found[n].iter_mut().enumerate() {
                *found = end[place] | (begin[place] & plane[place]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits() -> impl Strategy<Value = [Bits; 8]> {
        prop::array::uniform8(prop::array::uniform(any::<u64>()))
    }

    /// The rows' numbers.
    fn bytes(planes: &[Bits; 8]) -> [u8; BLOCK] {
        let mut lanes = *planes;
        transpose(&mut lanes);
        bytemuck::cast(lanes)
    }

    proptest! {
        #[test]
        fn planes_have_the_bits_of_bytes(lanes in bits()) {
            let mut planes = lanes;
            transpose(&mut planes);
            for place in 0..BLOCK / 8 {
                for (lane, bit) in (0..8).flat_map(|lane| (0..8).map(move |bit| (lane, bit))) {
                    let of = |lanes: &[Bits; 8], lane: usize, bit| bytemuck::bytes_of(&lanes[lane])[place] >> bit & 1;
                    prop_assert_eq!(of(&planes, bit, lane), of(&lanes, lane, bit));
                }
            }
        }

        #[test]
        fn at_least_compares(planes in bits(), most in 0..=u8::MAX) {
            // Numbers up to the most.
            let mut lanes: [Bits; 8] = bytemuck::cast(bytes(&planes).map(|number| number.min(most)));
            transpose(&mut lanes);
            let numbers = bytes(&lanes);
            let mut found = vec![NO_ROW; usize::from(most) + 1];
            at_least(&lanes, &mut found);
            for (n, found) in found.into_iter().enumerate() {
                let mut as_bytes = [NO_ROW; 8];
                as_bytes[0] = found;
                prop_assert_eq!(bytes(&as_bytes), numbers.map(|number| u8::from(usize::from(number) >= n)), "{}", n);
            }
        }
    }
}
