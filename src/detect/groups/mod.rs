//! Groups: sets of flows that are alike and that nothing else is like.
//!
//! Attacks are rarely lone oddities: a scan, a flood, a brute force are many flows alike, dense and therefore usual to a detector
//! that judges flows one by one. So: a sample of rows as points of a [`Space`]; the single-linkage hierarchy of their mutual
//! reachability distances; of its sets those that are small, and farther from all other rows than their own rows are from each
//! other. What speaks for a set is `(apart − within) · √rows`: *within* is the distance at which it holds together, *apart* the
//! one at which others join it, both as the mean over the features. It is told as a multiple of what chance does, its
//! [severity](Group::severity). All rows of the file are then assigned by their distance to representatives.
//!
//! | module | holds |
//! |---|---|
//! | `params` | what a group may be |
//! | `distances` | all distances of the sample, repeats once |
//! | `landmarks` | which rows need not be compared |
//! | `tree` | the hierarchy |
//! | `choose` | which of its sets are groups |
//! | `assign` | which group another row is in |

mod assign;
mod choose;
mod distances;
mod landmarks;
mod params;
mod tree;

#[cfg(test)]
mod tests;

pub use assign::{Assigning, Group, Groups, Nearest};
pub use params::{Params, ParamsError};

use choose::{Chosen, choose};
use distances::Distances;
use tree::{Spanning, Tree};

use crate::{
    detect::Checked,
    features::{Points, Space},
};

/// The most groups that are told of: an analyst looks at so many findings.
pub const MOST: usize = 25;
/// Along fewer features, equal values are no coincidence.
const LEAST_FEATURES: usize = 3;
/// What chance brings is taken to be so many times the distance within which nine tenths of the rows have their neighbours.
/// (Noise of six shapes, 3 to 80 features, 300 to 5,000 rows, reached at most 0.5 times that; three columns of small whole
/// numbers, whose combinations repeat, 2.4 times.)
const CHANCE: f64 = 1.0;
/// And at least so much, where most rows are repeats.
const LEAST: f64 = 0.02;

/// Groups that are being looked for, step by step.
pub struct Growing {
    params: Params,
    space: Space,
    distances: Distances,
    spanning: Option<Spanning>,
}

impl Growing {
    /// Begins with a sample of rows of a space.
    #[must_use]
    pub fn new(params: Checked<Params>, space: Space, sample: &Points) -> Self {
        let params = *params.params();
        Self { params, space, distances: Distances::of(sample, params.neighbours), spanning: None }
    }

    /// Compares some more rows; false once all are.
    pub fn compare_some(&mut self) -> bool {
        if self.space.features() < LEAST_FEATURES || self.distances.compare_some() {
            return self.space.features() >= LEAST_FEATURES;
        }
        let Distances { points, landmarks, .. } = &self.distances;
        if self.spanning.is_none() {
            self.spanning = Spanning::new(&self.distances.cores(), landmarks);
        }
        self.spanning.as_mut().is_some_and(|spanning| spanning.join_some(points, landmarks))
    }

    /// How much of the way is done, from 0 to 1.
    #[must_use]
    pub fn done(&self) -> f64 {
        0.5 * (self.distances.done() + self.spanning.as_ref().map_or(0.0, Spanning::done))
    }

    /// The groups that stand out, the most notable first. All rows must have been compared.
    #[must_use]
    pub fn finish(self) -> Groups {
        let Self { params, space, distances, spanning } = self;
        let Some(spanning) = spanning else { return Groups::none(space) };
        let cores = distances.cores();
        let chance = chance(&cores, &distances.weights, space.features());
        let tree = Tree::of(&distances.weights, &cores, spanning.finish());
        let chosen = choose(&tree, &params, chance);
        Groups::of(space, &distances.points, &tree, &chosen, chance)
    }
}

/// What `(apart − within) · √rows` reaches by chance, as a sum over the features.
fn chance(cores: &[u32], weights: &[u32], features: usize) -> f64 {
    let mut rows: Vec<(u32, u32)> = cores.iter().copied().zip(weights.iter().copied()).collect();
    rows.sort_unstable();
    let all: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    let mut below = 0;
    let far = rows.iter().find(|(_, weight)| {
        below += u64::from(*weight);
        below * 10 >= all * 9
    });
    let least = LEAST * features as f64 * f64::from(crate::features::UNIT);
    (CHANCE * f64::from(far.map_or(0, |row| row.0))).max(least)
}
