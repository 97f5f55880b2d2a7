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
//! | `pairs` | which worker compares which rows |
//! | `distances` | how far the sample's rows are from their neighbours, repeats once |
//! | `spanning` | what joins them |
//! | `tree` | the hierarchy |
//! | `choose` | which of its sets are groups |
//! | `reference` | which groups are usual, by flows known to be normal |
//! | `assign` | which group another row is in |

mod assign;
mod choose;
mod distances;
mod pairs;
mod params;
mod reference;
mod spanning;
mod tree;

#[cfg(test)]
mod tests;

pub use assign::{Assigning, Group, Groups, Nearest};
pub use distances::{Comparing, Cores, Near};
pub use pairs::Share;
pub use params::{Params, ParamsError};
pub use reference::{Against, Reference, Sampled};
pub use spanning::{Edge, Joining};

use choose::{Chosen, Notable, choose, notable};
use tree::Tree;

use crate::{
    detect::{Checked, different::Different},
    features::{Points, Space},
};

/// The most groups that are told of: an analyst looks at so many findings.
pub const MOST: usize = 25;
/// Sets of which it is asked whether normal flows are like them, at most. (Of forty files, none had more than 78.)
const MOST_CANDIDATES: usize = 8 * MOST;
/// Where normal flows are known, sets are asked about that stand out so many times as much as chance does: these flows rule out chance as
/// well. (Chosen with the rule, in `docs/ACCURACY.md`.)
const NOTABLE: f64 = 0.8;
/// Along fewer features, equal values are no coincidence: there are no groups.
pub const LEAST_FEATURES: usize = 3;
/// What chance brings is taken to be so many times the distance within which nine tenths of the rows have their neighbours.
/// (Noise of six shapes, 3 to 80 features, 300 to 5,000 rows, reached at most 0.5 times that; three columns of small whole
/// numbers, whose combinations repeat, 2.4 times.)
const CHANCE: f64 = 1.0;
/// And at least so much, where most rows are repeats.
const LEAST: f64 = 0.02;

/// The groups that stand out among a sample of rows of a space, the most notable first: by the core distances and what joins
/// the rows, of all pairs. Where normal flows are known in the same space, only those of which these hold too few, the farther
/// and the larger the more notable.
#[must_use]
pub fn stand_out(
    params: Checked<Params>,
    space: Space,
    sample: &Points,
    (Cores(cores), edges): (&Cores, Vec<Edge>),
    against: Option<Against<'_>>,
) -> Groups {
    let Different { points, weights, .. } = Different::of(sample);
    if cores.len() != weights.len() || cores.is_empty() || space.features() < LEAST_FEATURES {
        return Groups::none(space);
    }
    let tree = Tree::of(&weights, cores, edges);
    let chance = chance(cores, &weights, space.features());
    let params = params.params();
    let Some(against) = against else {
        let chosen = choose(&notable(&tree, params, chance, 1.0), MOST);
        return Groups::of(space, &points, &tree, &chosen, chance);
    };
    let mut odd = notable(&tree, params, chance, NOTABLE);
    odd.truncate(MOST_CANDIDATES);
    let candidates = choose(&odd, MOST_CANDIDATES);
    // Before any is chosen: usual flows around an attack would otherwise be chosen with it, and make it usual.
    odd.retain_mut(|set| {
        set.away = against.away(sample, &points, (tree.rows_of(&set.node), set.node.apart));
        set.away.is_some()
    });
    let mut chosen = choose(&odd, MOST_CANDIDATES);
    let is_usual = |one: &&Chosen| chosen.iter().all(|odd| odd.set.node.is_apart(&one.set.node));
    let usual = candidates.iter().filter(is_usual).count();
    let unit = f64::from(against.reference.usual);
    for Chosen { set, .. } in &mut chosen {
        set.severity = set.away.map_or(0.0, f64::from) / unit * f64::from(set.node.rows).sqrt();
    }
    chosen.sort_by(|a, b| b.set.severity.total_cmp(&a.set.severity));
    chosen.truncate(MOST);
    Groups::of(space, &points, &tree, &chosen, chance).against(against.reference, usual)
}

/// The same without normal flows, by one worker that compares all pairs without a pause.
#[must_use]
pub fn find(params: Checked<Params>, space: Space, sample: &Points) -> Groups {
    let mut comparing = Comparing::new(params, sample, Share::ALL);
    while comparing.compare_some() {}
    let cores = comparing.finish().cores();
    let mut joining = Joining::new(sample, cores.clone(), Share::ALL);
    while joining.join_some() {}
    stand_out(params, space, sample, (&cores, joining.finish()), None)
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
