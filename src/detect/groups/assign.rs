//! Which group a row is in.

use serde::{Deserialize, Serialize};

use super::{Chosen, Notable, Reference, Tree};
use crate::{
    features::{Points, Space, UNIT},
    table::Block,
};

/// Rows of a group that stand for it.
const REPRESENTATIVES: usize = 24;
/// Features by which most rows are told not to be in a group.
const TELLING: usize = 12;

/// Rows that are looked at together.
const STRETCH: usize = 512;
/// Bits of a distance that are left out of a first look, so that 16 hold it.
const COARSE: u32 = 3;

/// Groups of a file, the most notable first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    space: Space,
    /// Coordinates that are looked at first.
    telling: Vec<u32>,
    /// What chance does, as a sum over the features.
    chance: f64,
    /// The rows that single ones are compared with: those that were compared, each once, or normal ones.
    compared: Points,
    /// These are normal ones.
    against: bool,
    /// Sets of alike rows that are about as common among normal rows, and no groups therefore.
    pub usual: usize,
    /// The groups.
    pub groups: Vec<Group>,
}

/// A set of flows that are alike and that nothing else is like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// How far its rows are from all others, beyond how far they are from each other, times the root of their number: as a
    /// multiple of what chance does. At least 1. Where normal rows are known, how far it is from these, as a multiple of how far
    /// four in five of them are from each other, times the same root.
    pub severity: f64,
    /// The distance at which it holds together, as the mean over the features.
    pub within: f64,
    /// The distance at which others join it.
    pub apart: f64,
    /// Its rows among those that were compared.
    pub sampled: u32,
    /// The same of the groups inside it.
    pub parts: Vec<u32>,
    /// How far it is from normal rows, as the mean over the features, where some are known: up to there, such rows are rarer
    /// among these than in the file.
    pub away: Option<f64>,
    /// The plan's features, and the share of the other rows that are like it there, the least first: what sets it apart.
    pub distinct: Vec<(u32, f64)>,
    /// The nearest row in none of these groups, of those that were compared. (A group that turns out to be too large for one
    /// later counts here all the same: its rows are not among these.)
    pub nearest: Option<Nearest>,
    representatives: Points,
    /// A row that is no farther from one of these is in the group.
    reach: u32,
    /// Where its rows lie along the telling features.
    low: Vec<i16>,
    high: Vec<i16>,
}

/// A row in no group, beside a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// Where it lies.
    pub point: Points,
    /// How far it is from the nearest row that stands for the group, as the mean over the features.
    pub away: f64,
    /// The plan's features in which they differ, and their shares of that, the most first.
    pub differs: Vec<(u32, f64)>,
}

impl Groups {
    /// Nothing stands out.
    pub(super) fn none(space: Space) -> Self {
        let compared = space.empty();
        Self { space, telling: Vec::new(), chance: 1.0, compared, against: false, usual: 0, groups: Vec::new() }
    }

    /// What was chosen, so that other rows can be assigned.
    pub(super) fn of(space: Space, points: &Points, tree: &Tree, chosen: &[Chosen], chance: f64) -> Self {
        let features = space.features();
        let scale = features as f64 * f64::from(UNIT);
        let columns: Vec<Vec<i16>> = (0..features)
            .map(|feature| {
                let mut places: Vec<i16> = (0..points.rows()).map(|row| points.places(row)[feature]).collect();
                places.sort_unstable();
                places
            })
            .collect();
        let mut telling = Vec::new();
        let mut groups: Vec<Group> = Vec::with_capacity(chosen.len());
        for Chosen { set: Notable { node, severity, away }, parts } in chosen {
            let mut rows: Vec<u32> = tree.rows_of(node).to_vec();
            rows.sort_unstable();
            let distinct = distinct(&columns, points, &rows);
            telling.extend(distinct.iter().take(TELLING).map(|&(axis, _)| axis));
            let (representatives, farthest) = representatives(points, &rows);
            groups.push(Group {
                severity: *severity,
                within: f64::from(node.within) / scale,
                apart: f64::from(node.apart) / scale,
                sampled: node.rows,
                parts: parts.clone(),
                away: away.map(|away| f64::from(away) / scale),
                distinct: distinct.into_iter().map(|(axis, share)| (space.feature(axis as usize), share)).collect(),
                nearest: None,
                representatives,
                reach: farthest.max(node.within) + (node.apart - node.within) / 4,
                low: Vec::new(),
                high: Vec::new(),
            });
        }
        telling.sort_unstable();
        telling.dedup();
        for group in &mut groups {
            let along = |&axis: &u32| (0..group.representatives.rows()).map(move |row| (row, axis as usize));
            let place = |(row, axis): (usize, usize)| group.representatives.places(row)[axis];
            let ends: Vec<(i16, i16)> = telling
                .iter()
                .map(|axis| along(axis).map(place).fold((i16::MAX, 0), |(low, high), at| (low.min(at), high.max(at))))
                .collect();
            (group.low, group.high) = ends.into_iter().unzip();
        }
        for (place, nearest) in nearest(&space, points, &groups).into_iter().enumerate() {
            groups[place].nearest = nearest;
        }
        Self { space, telling, chance, compared: points.clone(), against: false, usual: 0, groups }
    }

    /// The same, by normal rows: so many sets are about as common among them.
    pub(super) fn against(self, reference: &Reference, usual: usize) -> Self {
        Self { compared: reference.points.clone(), against: true, chance: f64::from(reference.usual), usual, ..self }
    }

    /// None stands out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The number of each row's group, the first group's being 1; 0 for none.
    #[must_use]
    pub fn assign(&self, block: &Block) -> Vec<u8> {
        let telling = |group: &Group| group.representatives.by(&self.telling);
        let places = vec![Vec::new(); self.telling.len()];
        let mut assigned = Assigning { groups: self, places, telling: self.groups.iter().map(telling).collect() };
        assigned.block(block)
    }

    /// A row of a block lies at this point.
    #[must_use]
    pub fn lies_at(&self, block: &Block, row: usize, point: &Points) -> bool {
        let mut here = self.space.empty();
        self.space.push(&mut here, block, row);
        here == *point
    }

    /// How far a row is from the nearest one that was compared, but for `itself` rows that are it, or from the nearest normal one:
    /// as a multiple of what chance does, and so what its severity would be as a group of one.
    #[must_use]
    pub fn severity_alone(&self, block: &Block, row: usize, itself: usize) -> f64 {
        let mut point = self.space.empty();
        self.space.push(&mut point, block, row);
        let mut distances: Vec<u32> =
            (0..self.compared.rows()).map(|other| point.point(0).distance(self.compared.point(other))).collect();
        distances.sort_unstable();
        let itself = if self.against { 0 } else { itself };
        distances.get(itself).map_or(0.0, |&distance| f64::from(distance) / self.chance)
    }
}

/// Assigns the rows of blocks.
pub struct Assigning<'a> {
    groups: &'a Groups,
    /// Per telling feature, where the rows lie.
    places: Vec<Vec<i16>>,
    /// Per group, the rows that stand for it, by these features.
    telling: Vec<Points>,
}

impl Assigning<'_> {
    fn block(&mut self, block: &Block) -> Vec<u8> {
        let Groups { space, telling, groups, .. } = self.groups;
        if groups.is_empty() {
            return vec![0; block.rows()];
        }
        for (places, &axis) in self.places.iter_mut().zip(telling) {
            space.along(axis as usize, block, places);
        }
        let near: Vec<Vec<u32>> = groups.iter().map(|group| self.near(group, block.rows())).collect();
        let mut groups: Vec<_> = near.iter().map(|rows| rows.iter().copied().peekable()).collect();
        let row = |row: usize| {
            let near = groups.iter_mut().enumerate();
            let near = near.filter_map(|(group, rows)| rows.next_if_eq(&(row as u32)).map(|_| group));
            self.row(block, row, near)
        };
        (0..block.rows()).map(row).collect()
    }

    /// Rows that are not too far from where the group's lie along the telling features, ascending.
    fn near(&self, group: &Group, rows: usize) -> Vec<u32> {
        let mut near = Vec::new();
        let most = u16::try_from(group.reach >> COARSE).unwrap_or(u16::MAX);
        for from in (0..rows).step_by(STRETCH) {
            let mut outside = [0u16; STRETCH];
            for (places, (&low, &high)) in self.places.iter().zip(group.low.iter().zip(&group.high)) {
                let places = &places[from..rows.min(from + STRETCH)];
                for (outside, &place) in outside.iter_mut().zip(places) {
                    let here = (low - place).max(place - high).max(0) as u16;
                    *outside = outside.saturating_add(here >> COARSE);
                }
            }
            let rows = outside.iter().take(rows - from).zip(from as u32..);
            near.extend(rows.filter(|(outside, _)| **outside <= most).map(|(_, row)| row));
        }
        near
    }

    /// The group of a row that may be near these.
    fn row(&self, block: &Block, row: usize, near: impl Iterator<Item = usize>) -> u8 {
        let Groups { space, groups, .. } = self.groups;
        let mut near = near.peekable();
        if near.peek().is_none() {
            return 0;
        }
        let telling = Points::one(self.places.iter().map(|places| places[row]));
        let mut point: Option<Points> = None;
        let mut nearest = (u32::MAX, 0);
        for place in near {
            let group = &groups[place];
            let within = |other| telling.point(0).nearer(self.telling[place].point(other), group.reach + 1).is_some();
            if !(0..group.representatives.rows()).any(within) {
                continue;
            }
            let point = point.get_or_insert_with(|| {
                let mut point = space.empty();
                space.push(&mut point, block, row);
                point
            });
            for other in 0..group.representatives.rows() {
                let than = nearest.0.min(group.reach + 1);
                if let Some(distance) = point.point(0).nearer(group.representatives.point(other), than) {
                    nearest = (distance, place as u8 + 1);
                }
            }
        }
        nearest.1
    }
}

/// Rows that stand for others of theirs, and how far the farthest is from all of them: each next one is the farthest so far.
fn representatives(points: &Points, rows: &[u32]) -> (Points, u32) {
    let mut taken = vec![rows[0] as usize];
    let mut distances: Vec<u32> = vec![u32::MAX; rows.len()];
    loop {
        let newest = *taken.last().unwrap_or(&0);
        for (distance, &row) in distances.iter_mut().zip(rows) {
            *distance = (*distance).min(points.point(row as usize).distance(points.point(newest)));
        }
        let farthest = distances.iter().copied().max().unwrap_or(0);
        if farthest == 0 || taken.len() == REPRESENTATIVES {
            return (points.pick(&taken), farthest);
        }
        let place = distances.iter().position(|&distance| distance == farthest).unwrap_or(0);
        taken.push(rows[place] as usize);
    }
}

/// Of each group, the nearest row that is in none.
fn nearest(space: &Space, points: &Points, groups: &[Group]) -> Vec<Option<Nearest>> {
    // How far it is, which it is, and the representative that it is nearest to.
    let mut nearest: Vec<(u32, Option<[usize; 2]>)> = vec![(u32::MAX, None); groups.len()];
    for row in 0..points.rows() {
        let point = points.point(row);
        let beside = |(group, known): (&Group, &(u32, Option<[usize; 2]>))| {
            let mut here = (known.0.max(group.reach + 1), None);
            for other in 0..group.representatives.rows() {
                if let Some(distance) = point.nearer(group.representatives.point(other), here.0) {
                    here = (distance, Some([row, other]));
                }
            }
            here
        };
        let beside: Vec<_> = groups.iter().zip(&nearest).map(beside).collect();
        if beside.iter().zip(groups).all(|(here, group)| here.0 > group.reach) {
            let nearer = nearest.iter_mut().zip(beside).filter(|(known, here)| here.0 < known.0);
            nearer.for_each(|(known, here)| *known = here);
        }
    }
    let told = |((distance, pair), group): ((u32, Option<[usize; 2]>), &Group)| {
        let [row, other] = pair?;
        let apart = space.apart((points, row), (&group.representatives, other)).into_iter().enumerate();
        let share = |(axis, apart): (usize, u32)| (space.feature(axis), f64::from(apart) / f64::from(distance));
        let mut differs: Vec<(u32, f64)> = apart.filter(|(_, apart)| *apart > 0).map(share).collect();
        differs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let away = f64::from(distance) / (space.features() as f64 * f64::from(UNIT));
        Some(Nearest { point: points.pick(&[row]), away, differs })
    };
    nearest.into_iter().zip(groups).map(told).collect()
}

/// The coordinates along which the fewest other rows lie where the group's do, and their share. `columns` has the places of
/// all rows along each, ascending.
fn distinct(columns: &[Vec<i16>], points: &Points, rows: &[u32]) -> Vec<(u32, f64)> {
    let others = (points.rows() - rows.len()).max(1) as f64;
    let mut shares: Vec<(u32, f64)> = columns
        .iter()
        .enumerate()
        .map(|(axis, places)| {
            let mut own: Vec<i16> = rows.iter().map(|&row| points.places(row as usize)[axis]).collect();
            own.sort_unstable();
            // The middle nine tenths of the group's: one that is elsewhere does not make it alike to all between.
            let cut = own.len() / 20;
            let (low, high) = (own[cut], own[own.len() - 1 - cut]);
            let all = places.partition_point(|&place| place <= high) - places.partition_point(|&place| place < low);
            let mine = own.partition_point(|&place| place <= high) - own.partition_point(|&place| place < low);
            (axis as u32, (all - mine) as f64 / others)
        })
        .collect();
    shares.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    shares
}
