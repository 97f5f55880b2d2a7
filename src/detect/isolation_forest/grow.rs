//! Growing one tree: scikit-learn's `ExtraTreeRegressor(max_features=1, splitter="random")`, which is what its
//! `IsolationForest` is made of, or hyperplanes in place of its splits.

use ndarray::ArrayView2;
use rand_chacha::ChaCha8Rng;

use super::parts::TreeParts;
use super::tree::{Term, Tree, project};
use crate::detect::draw::{below, normal, threshold_between};

/// A feature whose values in a node span no more than this is constant there (scikit-learn's `FEATURE_THRESHOLD`).
const CONSTANT: f32 = 1e-7;

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    /// Most splits from the root to a leaf.
    pub depth_limit: usize,
    /// Features of a split beyond the first.
    pub extension: usize,
}

/// Grows a tree on these rows of `x` and these of its features, depth first, left before right.
pub(super) fn grow(
    x: ArrayView2<'_, f32>,
    rows: Vec<usize>,
    features: Vec<usize>,
    growth: Growth,
    rng: ChaCha8Rng,
) -> Tree {
    let values = vec![0.0; rows.len()];
    Grower { x, rows, values, features, growth, rng, parts: TreeParts::default() }.grow()
}

struct Grower<'a> {
    x: ArrayView2<'a, f32>,
    /// Rows of the sample, partitioned as the tree grows.
    rows: Vec<usize>,
    /// What the node in hand compares, by place in `rows`.
    values: Vec<f32>,
    /// Features, those that a node found constant moved behind its others. The nodes below a node reorder only what it
    /// left in front, so a waiting sibling still finds its own features in front.
    features: Vec<usize>,
    growth: Growth,
    rng: ChaCha8Rng,
    parts: TreeParts,
}

/// A node that waits to be split.
struct Pending {
    node: usize,
    /// Its rows: a range of `Grower::rows`.
    start: usize,
    end: usize,
    depth: usize,
    /// How many of `Grower::features`, from the front, are not known to be constant in it.
    varying: usize,
}

/// What a node compares, and how its values lie.
struct Drawn {
    feature: usize,
    /// Of a plane, in place of the feature.
    terms: Vec<Term>,
    spread: Spread,
}

/// How the values of a node lie.
#[derive(Clone, Copy)]
struct Spread {
    min: f32,
    max: f32,
    missing: usize,
}

impl Spread {
    fn of(values: &[f32]) -> Self {
        let start = Self { min: f32::INFINITY, max: f32::NEG_INFINITY, missing: 0 };
        values.iter().fold(start, |spread, &value| Self {
            min: spread.min.min(value),
            max: spread.max.max(value),
            missing: spread.missing + usize::from(value.is_nan()),
        })
    }

    fn has_range(&self) -> bool {
        self.max > self.min + CONSTANT
    }
}

impl Grower<'_> {
    fn grow(mut self) -> Tree {
        let root = self.add_leaf(self.rows.len());
        let mut pending =
            vec![Pending { node: root, start: 0, end: self.rows.len(), depth: 0, varying: self.features.len() }];
        while let Some(Pending { node, start, end, depth, mut varying }) = pending.pop() {
            if end - start < 2 || depth == self.growth.depth_limit {
                continue;
            }
            let drawn = if self.growth.extension == 0 {
                self.draw_feature(start, end, &mut varying)
            } else {
                self.draw_plane(start, end, &mut varying)
            };
            let Some(Drawn { feature, terms, spread: Spread { min, max, missing } }) = drawn else { continue };
            let threshold = threshold_between(min, max, &mut self.rng);
            // Where none is missing, a missing value goes with most rows: scikit-learn's rules.
            let missing_left = (missing > 0).then(|| below(2, &mut self.rng) == 1);
            let middle = start + self.partition(start, end, threshold, missing_left.unwrap_or(false));
            if middle == end {
                // All that is not missing is one value, and what is missing went the same way.
                continue;
            }
            let (lefts, rights) = (middle - start, end - middle);
            let left = self.add_leaf(lefts);
            let right = self.add_leaf(rights);
            self.parts.left[node] = left as u32;
            self.parts.feature[node] = feature as u32;
            self.parts.threshold[node] = threshold;
            self.parts.missing_left[node] = missing_left.unwrap_or(lefts > rights);
            if let Some(plane) = self.parts.planes.get_mut(node) {
                *plane = terms;
            }
            let child = |node, start, end| Pending { node, start, end, depth: depth + 1, varying };
            pending.push(child(right, middle, end));
            pending.push(child(left, start, middle));
        }
        Tree::assemble(self.parts)
    }

    fn add_leaf(&mut self, samples: usize) -> usize {
        self.parts.left.push(0);
        self.parts.feature.push(0);
        self.parts.threshold.push(0.0);
        self.parts.missing_left.push(false);
        self.parts.samples.push(samples as u32);
        if self.growth.extension > 0 {
            self.parts.planes.push(Vec::new());
        }
        self.parts.left.len() - 1
    }

    /// Draws features until one varies among the node's rows; its values are then in hand.
    fn draw_feature(&mut self, start: usize, end: usize, varying: &mut usize) -> Option<Drawn> {
        while *varying > 0 {
            let drawn = below(*varying as u64, &mut self.rng) as usize;
            let feature = self.features[drawn];
            let spread = self.read(feature, start, end);
            if spread.missing < end - start && (spread.missing > 0 || spread.has_range()) {
                return Some(Drawn { feature, terms: Vec::new(), spread });
            }
            *varying -= 1;
            self.features.swap(drawn, *varying);
        }
        None
    }

    /// Draws features until enough of them vary among the node's rows or none is left, and a plane through them; the
    /// rows' places across it are then in hand.
    fn draw_plane(&mut self, start: usize, end: usize, varying: &mut usize) -> Option<Drawn> {
        let mut terms = Vec::new();
        while terms.len() < *varying && terms.len() <= self.growth.extension {
            let drawn = terms.len() + below((*varying - terms.len()) as u64, &mut self.rng) as usize;
            let feature = self.features[drawn];
            let spread = self.read(feature, start, end);
            if spread.has_range() {
                self.features.swap(drawn, terms.len());
                let (min, max) = (f64::from(spread.min), f64::from(spread.max));
                let weight = (normal(&mut self.rng) / (max - min)) as f32;
                terms.push(Term { feature: feature as u32, origin: (0.5 * (min + max)) as f32, weight });
            } else {
                *varying -= 1;
                self.features.swap(drawn, *varying);
            }
        }
        for at in start..end {
            let row = self.x.row(self.rows[at]);
            self.values[at] = project(&terms, |feature| row[feature]);
        }
        let spread = Spread::of(&self.values[start..end]);
        (spread.min < spread.max).then_some(Drawn { feature: 0, terms, spread })
    }

    /// Takes the values of the node's rows in hand.
    fn read(&mut self, feature: usize, start: usize, end: usize) -> Spread {
        let column = self.x.column(feature);
        let values = &mut self.values[start..end];
        for (value, &row) in values.iter_mut().zip(&self.rows[start..end]) {
            *value = column[row];
        }
        Spread::of(values)
    }

    /// Moves the rows that go left to the front, and returns how many they are.
    fn partition(&mut self, start: usize, end: usize, threshold: f32, missing_left: bool) -> usize {
        let (values, rows) = (&self.values[start..end], &mut self.rows[start..end]);
        let mut left = 0;
        for (at, value) in values.iter().enumerate() {
            if *value <= threshold || (missing_left && value.is_nan()) {
                rows.swap(left, at);
                left += 1;
            }
        }
        left
    }
}
