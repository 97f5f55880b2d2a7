//! Findings → their order, and which one to ask about.

use serde::{Deserialize, Serialize};

use super::{
    Because, Learned, Standing,
    fit::{BASE, NOISE, same_group},
    solve::{decompose, forward},
};
use crate::features::{Point, Points};

/// Where some rows stand, and where they lie.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Standings {
    /// In the order of the file.
    pub rows: Vec<Standing>,
    /// A point per row.
    pub points: Points,
    /// The number of each row's group, 0 for none.
    pub groups: Vec<u8>,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stands {
    /// Its place by severity, from 0.
    pub place: usize,
    /// What it is ordered by.
    pub value: f64,
    /// Why it is moved: of the flow that speaks for it.
    pub because: Option<Because>,
}

impl Standings {
    /// The row at this byte.
    fn find(&self, offset: u64) -> Option<usize> {
        self.rows.binary_search_by_key(&offset, |row| row.offset).ok()
    }

    /// The flow that speaks for a finding, which is known by these: the one in the middle of those, by what they are moved by.
    fn speaker(&self, flows: &[u64]) -> Option<usize> {
        let mut rows: Vec<usize> = flows.iter().filter_map(|&offset| self.find(offset)).collect();
        rows.sort_by(|&a, &b| self.rows[a].moved.total_cmp(&self.rows[b].moved));
        rows.get(rows.len() / 2).copied()
    }
}

/// Findings in the order of what was learned. They are given in the order of their severity, each by the bytes at which the flows begin
/// that it is known by. Those that nothing moves keep their order among each other.
#[must_use]
pub fn order(findings: &[Vec<u64>], standings: &Standings) -> Vec<Stands> {
    let of = |(place, flows): (usize, &Vec<u64>)| {
        // As a row's base, it falls from 1 to 0, and weighs as much.
        let base = BASE * (1.0 - place as f64 / findings.len() as f64);
        let row = standings.speaker(flows).map(|row| &standings.rows[row]);
        let value = base + row.map_or(0.0, |row| row.moved);
        Stands { place, value, because: row.and_then(|row| row.because) }
    };
    let mut stands: Vec<Stands> = findings.iter().enumerate().map(of).collect();
    stands.sort_by(|a, b| b.value.total_cmp(&a.value));
    stands
}

/// The place of the finding to ask about: of those that are not `marked` yet, the one whose mark would leave the least doubt about all of
/// them. Findings are given as for [`order`].
///
/// The doubt about a finding is the variance that its value has by all that is known; what an answer takes from it only depends on where the
/// two lie, so it is known before the answer (Cohn, Ghahramani & Jordan, *Active Learning with Statistical Models*, 1996; for Gaussian
/// processes Seo et al. 2000): Σⱼ cov(i, j)² / (var(i) + noise). So what is asked about is what many others are like and no mark tells yet. Of
/// equals, the most severe.
#[must_use]
pub fn ask(learned: &Learned, findings: &[Vec<u64>], marked: &[bool], standings: &Standings) -> Option<usize> {
    let open = |&place: &usize| !marked.get(place).copied().unwrap_or(false);
    let speaker = |place: usize| Some((place, standings.speaker(&findings[place])?));
    let asked: Vec<(usize, usize)> = (0..findings.len()).filter(open).filter_map(speaker).collect();
    let speakers: Vec<usize> = asked.iter().map(|&(_, row)| row).collect();
    let doubts = learned.doubts(standings, &speakers);
    let n = speakers.len();
    let gain = |one: usize| {
        let squares: f64 = (0..n).map(|other| doubts[one * n + other].powi(2)).sum();
        squares / (doubts[one * n + one] + NOISE)
    };
    let gains: Vec<f64> = (0..n).map(gain).collect();
    let best = (0..n).rev().max_by(|&a, &b| gains[a].total_cmp(&gains[b]))?;
    Some(asked[best].0)
}

impl Learned {
    /// The covariances of these rows by all that is known (Rasmussen & Williams, equation 2.26), row by row.
    fn doubts(&self, standings: &Standings, rows: &[usize]) -> Vec<f64> {
        let known = self.points.rows();
        let mut lower = self.covariances();
        decompose(&mut lower, known);
        let group = |row: usize| standings.groups.get(row);
        let covariance = |one: (Point<'_>, Option<&u8>), other: (Point<'_>, Option<&u8>)| {
            self.alike.at(one.0.distance(other.0)) + same_group(one.1, other.1)
        };
        let of = |row: usize| (standings.points.point(row), group(row));
        let told = |&row: &usize| {
            let mut column: Vec<f64> = (0..known)
                .map(|other| covariance(of(row), (self.points.point(other), self.groups.get(other))))
                .collect();
            forward(&lower, &mut column);
            column
        };
        let told: Vec<Vec<f64>> = rows.iter().map(told).collect();
        let mut doubts = Vec::with_capacity(rows.len() * rows.len());
        for (one, &row) in rows.iter().enumerate() {
            for (other, &beside) in rows.iter().enumerate() {
                let sum: f64 = told[one].iter().zip(&told[other]).map(|(a, b)| a * b).sum();
                doubts.push(covariance(of(row), of(beside)) - sum);
            }
        }
        doubts
    }
}
