//! Quantities that are multiples or powers of others: y = a · xᵖ.
//!
//! The logarithms of such quantities differ by a factor and a constant, so that, centred and scaled to length 1, they are the
//! same. One projection of that is sorted by, neighbours are candidates, and what is said of a candidate is tested on all
//! sampled rows: O(n log n) in the number of columns.

use super::{
    Described, Exponent, Kind, Lint, Relation,
    claim::{Witness, agrees, exceptions, is_away},
    quantity::{HALF, Quantity},
};
use crate::{numeric::quantile::interpolated_unsorted, table::row_hash};

/// Values that a sketch needs.
const FEWEST: usize = 8;
/// Steps of a sketch's position. A projection of a vector of length 1 lies within ±8, the root of [`HALF`].
const STEPS: f64 = (1 << 28) as f64;
/// Powers of one quantity are that close to each other, by far.
const NEAR: u64 = 1 << 18;
/// Neighbours that are looked at. Of columns that are all alike, not each is compared with each.
const NEIGHBOURS: usize = 64;
/// Logarithms that are less spread are all the same.
const SPREAD: f64 = 1e-6;

/// What is the same for all multiples and powers of a quantity, and what tells the power.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sketch {
    /// A hash of the rows where it is not zero, and a projection of its logarithms.
    key: u64,
    /// The length of its centred logarithms: those of its square have twice that.
    spread: f64,
}

impl Sketch {
    /// Of up to [`HALF`] rows with their values; `None` if nearly all are zero or missing.
    pub fn of(cells: &[(u32, f32)]) -> Option<Self> {
        let mut rows = 0;
        let mut logs = Vec::new();
        for &(row, value) in cells {
            if value.is_finite() && value != 0.0 {
                rows = row_hash(rows, row.into());
                logs.push(libm::log(f64::from(value).abs()));
            }
        }
        if logs.len() < FEWEST {
            return None;
        }
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let (mut squares, mut projected) = (0.0, 0.0);
        for (place, log) in logs.iter().enumerate() {
            let log = log - mean;
            squares += log * log;
            // Signs at random, the same for all quantities.
            projected += if row_hash(1, place as u64) & 1 == 0 { log } else { -log };
        }
        let spread = f64::sqrt(squares);
        let position = (if spread > SPREAD { projected / spread } else { 0.0 } + 8.0) * STEPS;
        Some(Self { key: rows & !u64::from(u32::MAX) | u64::from(position as u32), spread })
    }

    /// The power that this is of the other one's quantity, if it is one of those that are told of.
    fn exponent(&self, of: &Self) -> Option<Exponent> {
        if self.spread.max(of.spread) <= SPREAD {
            return Some(Exponent::One);
        }
        let is = |power: f64| (self.spread / of.spread - power).abs() < 0.01 * power;
        [Exponent::One, Exponent::Two, Exponent::Half].into_iter().find(|&exponent| is(exponent.power()))
    }
}

impl Exponent {
    fn power(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Two => 2.0,
            Self::Half => 0.5,
        }
    }

    fn of(self, x: f64) -> f64 {
        match self {
            Self::One => x,
            Self::Two => x * x,
            Self::Half => x.sqrt(),
        }
    }
}

/// The sketches of all quantities, each kind in order, with the quantities' places.
#[derive(Default)]
pub(super) struct Powers([Vec<(u64, u32)>; 4]);

impl Powers {
    pub fn among(quantities: &[Quantity]) -> Self {
        let mut ordered: [Vec<(u64, u32)>; 4] = Default::default();
        for (kind, ordered) in ordered.iter_mut().enumerate() {
            let key = |(quantity, place): (&Quantity, u32)| Some((quantity.sketches[kind]?.key, place));
            ordered.extend(quantities.iter().zip(0..).filter_map(key));
            ordered.sort_unstable();
        }
        Self(ordered)
    }

    /// What the quantity in some place is of the first that it is a multiple or a power of.
    pub fn look(&self, table: Described, quantities: &[Quantity], place: usize) -> Option<Lint> {
        let y = quantities.get(place)?;
        let mut tried = Vec::new();
        let mut first: Option<(usize, Relation, usize)> = None;
        for (kind, ordered) in self.0.iter().enumerate() {
            let Some(sketch) = y.sketches[kind] else { continue };
            let from = ordered.partition_point(|&(key, _)| key.saturating_add(NEAR) < sketch.key);
            for &(key, other) in ordered[from..].iter().take(NEIGHBOURS) {
                let other = other as usize;
                let before = first.as_ref().map_or(place, |first| first.0);
                if key > sketch.key.saturating_add(NEAR) || other >= before || tried.contains(&other) {
                    continue;
                }
                tried.push(other);
                let x = &quantities[other];
                let exponent = x.sketches[kind].and_then(|of| sketch.exponent(&of));
                let found = exponent.and_then(|exponent| relation(table, x, y, exponent));
                first = found.map(|(relation, wrong)| (other, relation, wrong)).or(first);
            }
        }
        let (other, relation, wrong) = first?;
        let lint = Lint::of_two(Kind::Derived, y.column, quantities[other].column, table.amount(wrong));
        Some(Lint { relation: Some(relation), ..lint })
    }
}

/// What y is of x, with the number of exceptions.
fn relation(table: Described, x: &Quantity, y: &Quantity, exponent: Exponent) -> Option<(Relation, usize)> {
    let (xs, ys) = (table.numbers(x.column), table.numbers(y.column));
    let rows = table.sample.rows;
    // Zero is zero times anything.
    let compared = |row: usize| {
        let (x, y) = (xs[row], ys[row]);
        ((x + y).is_finite() && (x != 0.0 || y != 0.0)).then_some((x, y))
    };
    if exponent == Exponent::One {
        let equal = |row| {
            compared(row).map(|(a, b)| Witness { holds: a == b, tells: is_away(a, x.middle) || is_away(b, y.middle) })
        };
        if let Some(wrong) = exceptions(rows, &equal) {
            return Some((Relation::Equal, wrong));
        }
    }
    let mut ratios = Vec::new();
    for (x, y) in (0..rows).filter_map(compared) {
        let ratio = (y / exponent.of(x)) as f32;
        if ratio.is_finite() && ratio != 0.0 && ratios.len() < HALF - 1 {
            ratios.push(ratio);
        }
    }
    // What is told is what is tested.
    let factor = six_digits(interpolated_unsorted(&mut ratios, 0.5)?.into());
    let is = |row| {
        let told = |(a, b)| Witness { holds: agrees(b, factor * exponent.of(a)), tells: is_away(b, y.usual) };
        compared(row).map(told)
    };
    Some((Relation::Power { factor, exponent }, exceptions(rows, &is)?))
}

/// A number with its first six digits.
fn six_digits(number: f64) -> f64 {
    let places = 5 - libm::floor(libm::log10(number.abs())) as i32;
    let scale = 10_f64.powi(places.abs());
    if places < 0 { libm::round(number / scale) * scale } else { libm::round(number * scale) / scale }
}
