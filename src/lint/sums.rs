//! Quantities that are the sum of two others: z = x + y, none of them ever below zero.
//!
//! Of such three, any weighted sum over rows adds up as well. The weighted sums of all quantities are put in order, and for
//! each z those that add up to its own are found from both ends: O(n²) additions in all for n columns. Whether the rows
//! add up one by one is tested where the weighted sums do.

use super::{
    Described, Kind, Lint, Relation,
    claim::{MATTERS, SLACK, Witness, agrees, exceptions},
    quantity::Quantity,
};
use crate::table::row_hash;

/// Rows of a half of the probes where a quantity must not be zero, or too many add up by chance.
const FEWEST: usize = 8;
/// Pairs that are tried for one sum. Only thousands of columns of a few small numbers have more that come near.
const TRIED: usize = 16_384;
/// Probes that may be exceptions.
const WRONG: usize = 2;

/// The weighted sums in both halves of the probes, in order, with the quantities' places.
#[derive(Default)]
pub(super) struct Sums {
    halves: [Vec<(u64, u32)>; 2],
}

impl Sums {
    pub fn among(table: Described, quantities: &[Quantity]) -> Self {
        let mut halves: [Vec<(u64, u32)>; 2] = Default::default();
        for (half, ordered) in halves.iter_mut().enumerate() {
            for (quantity, place) in quantities.iter().zip(0..) {
                if !quantity.derived && table.profile.columns[quantity.column].negative == 0 {
                    // The bits of positive floats ascend with them.
                    ordered.extend(weighted(quantity, half).map(|sum| (sum.to_bits(), place)));
                }
            }
            ordered.sort_unstable();
        }
        Self { halves }
    }

    /// The two quantities that the one in some place is the sum of.
    pub fn look(&self, table: Described, quantities: &[Quantity], place: usize) -> Option<Lint> {
        let whole = quantities.get(place).filter(|whole| !whole.derived)?;
        let found = (0..2).find_map(|half| {
            let target = weighted(whole, half)?;
            self.add_up(half, target, &|pair| {
                let parts = pair.map(|place| &quantities[place as usize]);
                let other = !pair.contains(&(place as u32)) && probes_add_up(whole, parts);
                other.then(|| rows_add_up(table, whole, parts)).flatten()
            })
        });
        let (pair, wrong) = found?;
        let [a, b] = pair.map(|place| quantities[place as usize].column);
        let lint = Lint::of_two(Kind::Derived, whole.column, a.min(b), table.amount(wrong));
        Some(Lint { relation: Some(Relation::Sum(a.max(b))), ..lint })
    }

    /// The first pair of places whose weighted sums add up to about `target` and that stands a test, with what that says.
    fn add_up(&self, half: usize, target: f64, test: &dyn Fn([u32; 2]) -> Option<usize>) -> Option<([u32; 2], usize)> {
        let ordered = &self.halves[half];
        let sum = |place: usize| f64::from_bits(ordered[place].0);
        let slack = SLACK * target;
        let mut end = ordered.len();
        let mut tried = 0;
        for low in 0..ordered.len() {
            let rest = target - sum(low);
            // The greater the one, the smaller the other.
            while end > 0 && sum(end - 1) > rest + slack {
                end -= 1;
            }
            let mut high = end;
            while high > low + 1 && sum(high - 1) >= rest - slack {
                high -= 1;
                let pair = [ordered[low].1, ordered[high].1];
                if let Some(wrong) = test(pair) {
                    return Some((pair, wrong));
                }
                tried += 1;
                if tried == TRIED {
                    return None;
                }
            }
        }
        None
    }
}

/// The weighted sum of a quantity over a half of the probes; `None` if it is zero in most or the same in all.
fn weighted(quantity: &Quantity, half: usize) -> Option<f64> {
    let (first, second) = quantity.probes.split_at(quantity.probes.len() / 2);
    let values = if half == 0 { first } else { second };
    let (mut sum, mut known, mut varies) = (0.0, 0, false);
    for (place, &value) in values.iter().enumerate() {
        varies |= value != values[0];
        if value.is_finite() && value != 0.0 {
            known += 1;
            sum += f64::from(value) * (1.0 + (row_hash(2, place as u64) >> 40) as f64 / f64::from(1 << 24));
        }
    }
    (varies && known >= FEWEST).then_some(sum)
}

fn probes_add_up(whole: &Quantity, parts: [&Quantity; 2]) -> bool {
    let mut wrong = 0;
    for (place, &z) in whole.probes.iter().enumerate() {
        let (z, sum) = (f64::from(z), f64::from(parts[0].probes[place]) + f64::from(parts[1].probes[place]));
        wrong += usize::from((z + sum).is_finite() && !agrees(z, sum));
        if wrong > WRONG {
            return false;
        }
    }
    true
}

/// In how many rows the parts do not add up to the whole, if they do in nearly all.
fn rows_add_up(table: Described, whole: &Quantity, parts: [&Quantity; 2]) -> Option<usize> {
    let [zs, xs, ys] = [whole, parts[0], parts[1]].map(|quantity| table.numbers(quantity.column));
    exceptions(table.sample.rows, &|row| {
        let (z, x, y) = (zs[row], xs[row], ys[row]);
        let compared = (z + x + y).is_finite() && (z != 0.0 || x != 0.0 || y != 0.0);
        // Where one of the parts hardly matters, the sum is as good as the other one.
        compared.then(|| Witness { holds: agrees(z, x + y), tells: x.min(y) > MATTERS * (x + y) })
    })
}
