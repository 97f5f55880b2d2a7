//! A sample → references, and how far such rows are from each other.

use serde::{Deserialize, Serialize};

use super::{
    Params,
    neighbours::{Near, Neighbours},
    params::MOST_NEIGHBOURS,
    values::{Values, times},
};
use crate::{
    detect::{Checked, different::Different},
    features::{Binding, FeaturePlan, Points, ROUNDED_UNIT, Space},
    numeric::tail::end_of_tail,
    table::{Profile, RowSample, Schema},
};

/// Rows of the sample that tell how far such rows are from their neighbours.
const TELLING: usize = 8_192;
/// Of these, so many between two ticks.
const SOME: usize = 512;

/// References, and what is usual among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// The neighbour that counts, from 1.
    pub(super) number: usize,
    pub(super) space: Space,
    pub(super) neighbours: Neighbours,
    /// Rows that are scored may be among the references: of those that lie at a row, one counts as the row itself.
    pub(super) own: bool,
    /// Per feature of the plan.
    pub(super) values: Vec<Values>,
    limit: f64,
}

impl Nearest {
    /// Flows that others are compared with: different ones.
    #[must_use]
    pub fn references(&self) -> usize {
        self.neighbours.len()
    }

    /// How far usual rows are: above this score, a row is an anomaly.
    #[must_use]
    pub fn usual(&self) -> Usual {
        if self.own { Usual::Tail(self.limit) } else { Usual::Normal(self.limit) }
    }

    /// The same for another file; the plan that it was fitted with must be of columns that are bound.
    #[must_use]
    pub fn bound(&self, plan: &FeaturePlan, binding: &Binding) -> Option<Self> {
        let values = self.values.iter().zip(times(plan, binding)?).map(|(values, times)| values.bound(times)).collect();
        Some(Self { space: self.space.bound(binding)?, values, ..self.clone() })
    }

    /// It is of a plan for a table of so many columns, and searching it finds what there is.
    #[must_use]
    pub fn fits(&self, plan: &FeaturePlan, columns: usize) -> bool {
        let Self { number, space, neighbours, values, limit, .. } = self;
        (1..=MOST_NEIGHBOURS).contains(number)
            && *limit >= 0.0
            && space.fits(columns, plan.features.len())
            && space.is_of(plan)
            && space.holds(neighbours.points())
            && neighbours.are_sound()
            && values.len() == plan.features.len()
            && values.iter().all(|values| values.len() == neighbours.len())
    }

    /// Where rows lie.
    pub(crate) fn space(&self) -> &Space {
        &self.space
    }

    /// References, at rounded coordinates, and how many rows each stands for.
    pub(crate) fn known(&self) -> (&Points, &[u32]) {
        (self.neighbours.points(), self.neighbours.weights())
    }

    /// The number of the neighbour that counts for a row; also for one that lies where a reference does.
    pub(crate) fn numbers(&self) -> [usize; 2] {
        [self.number, self.wanted()]
    }

    /// Neighbours that are looked for.
    pub(super) fn wanted(&self) -> usize {
        self.number + usize::from(self.own)
    }

    /// The square of the distance that counts, once a row's neighbours are found.
    pub(super) fn square(&self, near: &Near) -> u64 {
        near.square(self.number + usize::from(self.own && near.is_at_one()))
    }
}

/// How far usual rows are from others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Usual {
    /// As far as no row is expected to be by chance, of a file that may hold anomalies.
    Tail(f64),
    /// As far as one in a thousand is, of flows known to be normal.
    Normal(f64),
}

/// Of a thousand normal rows, as many are farther away than usual ones.
const PER_THOUSAND: usize = 1;

/// What is known of the rows that references are chosen from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// A sample of them.
    pub sample: &'a RowSample,
    /// What their columns are.
    pub schema: &'a Schema,
    /// All of them.
    pub profile: &'a Profile,
    /// They are known to be normal, and others are to be scored; if not, they themselves are.
    pub normal: bool,
}

/// References are being told how far they are from each other.
pub struct Fitting {
    nearest: Nearest,
    /// Rows that tell.
    points: Points,
    distances: Vec<f64>,
    rows: u64,
}

impl Fitting {
    /// References from a sample.
    #[must_use]
    pub fn new(params: Checked<Params>, plan: &FeaturePlan, known: Known<'_>) -> Self {
        let Known { sample, schema, profile, normal } = known;
        let space = Space::of(plan, sample, schema);
        let points = space.of_sample(sample, schema, usize::MAX).rounded();
        let Different { points: different, mut weights, rows } = Different::of(&points);
        if plan.treatment.deduplicate_training_rows {
            weights.fill(1);
        }
        let (number, most) = params.params().of(normal);
        let most = most.min(rows.len()).max(1);
        // They are in the order of what they hold: of each kind, the same share is kept.
        let kept: Vec<usize> = (0..most.min(rows.len())).map(|place| place * rows.len() / most).collect();
        let weights: Vec<u32> = kept.iter().map(|&row| weights[row]).collect();
        let (neighbours, from) = Neighbours::of(&different.pick(&kept), &weights);
        let shown: Vec<usize> = from.iter().map(|&place| rows[kept[place]]).collect();
        let values = Values::of(plan, &shown, sample, (schema, profile));
        let telling: Vec<usize> = (0..sample.rows).step_by(sample.rows.div_ceil(TELLING).max(1)).collect();
        let nearest = Nearest { number, space, neighbours, own: !normal, values, limit: f64::MAX };
        Self { nearest, points: points.pick(&telling), distances: Vec::new(), rows: profile.rows }
    }

    /// Compares some rows; `false` once all are.
    pub fn compare_some(&mut self) -> bool {
        // These are among the references, whoever is scored later.
        let number = self.nearest.number;
        let mut near = Near::new(number + 1);
        let from = self.distances.len();
        for row in from..(from + SOME).min(self.points.rows()) {
            self.nearest.neighbours.find(self.points.point(row), &mut near);
            self.distances.push(in_units(near.square(number + usize::from(near.is_at_one()))));
        }
        self.distances.len() < self.points.rows()
    }

    /// How much of the way is done, from 0 to 1.
    #[must_use]
    pub fn done(&self) -> f64 {
        self.distances.len() as f64 / self.points.rows().max(1) as f64
    }

    /// What is known, once all are compared.
    #[must_use]
    pub fn finish(self) -> Nearest {
        let mut usual = self.distances;
        usual.sort_unstable_by(f64::total_cmp);
        let farthest = || usual.iter().rev().nth(usual.len() * PER_THOUSAND / 1_000).copied();
        let limit = if self.nearest.own { end_of_tail(&usual, self.rows) } else { farthest() };
        Nearest { limit: limit.unwrap_or(f64::MAX), ..self.nearest }
    }
}

/// A distance whose square is given; 1 is as much as two different values of one column.
pub(super) fn in_units(square: u64) -> f64 {
    (square as f64).sqrt() / f64::from(ROUNDED_UNIT)
}
