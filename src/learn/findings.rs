//! Findings → their order, and which one to ask about.

use serde::{Deserialize, Serialize};

use super::{
    Because, Learned, Standing,
    fit::{BASE, same_group},
    solve::{decompose, forward},
};
use crate::{features::Points, numeric::order::ordered};

/// What of the doubt about a finding counts when it is asked about one.
const DOUBT: f64 = 0.5;

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
        let rows: Vec<usize> = flows.iter().filter_map(|&offset| self.find(offset)).collect();
        let rows = ordered(rows, |&a, &b| self.rows[a].moved.total_cmp(&self.rows[b].moved));
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
    ordered(findings.iter().enumerate().map(of).collect(), |a: &Stands, b| b.value.total_cmp(&a.value))
}

/// The place of the finding to ask about: of those that are not `marked` yet, the one with the highest of value plus half a standard
/// deviation of what is not known of it, so the one that may well be the most suspicious of all. Findings are given as for [`order`]; nothing where all
/// are marked, or none of their flows is known.
///
/// An upper confidence bound (Srinivas et al., *Gaussian Process Optimization in the Bandit Setting*, 2010): what is high is worth a mark, as
/// Das et al. 2016 ask about it, but of two that are as high, the one that no mark tells teaches more. Asking by the doubt alone (which takes the most
/// variance from all findings, Cohn et al. 1996) asks about what nobody will ever look at: `docs/ACCURACY.md`.
#[must_use]
pub fn ask(learned: &Learned, findings: &[Vec<u64>], marked: &[bool], standings: &Standings) -> Option<usize> {
    let open = |stands: &Stands| !marked.get(stands.place).copied().unwrap_or(false);
    let known = |stands: Stands| Some((stands, standings.speaker(&findings[stands.place])?));
    let asked: Vec<(Stands, usize)> = order(findings, standings).into_iter().filter(open).filter_map(known).collect();
    let rows: Vec<usize> = asked.iter().map(|&(_, row)| row).collect();
    let bounds = asked.iter().zip(learned.doubts(standings, &rows));
    let bound = |((stands, _), doubt): (&(Stands, usize), f64)| (stands.place, stands.value + DOUBT * doubt);
    // Of equals, the first in the order.
    let best = bounds.map(bound).reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(place, _)| place)
}

impl Learned {
    /// How much is not known of these rows: the standard deviation of their values by all that is known (Rasmussen & Williams, equation
    /// 2.26).
    fn doubts(&self, standings: &Standings, rows: &[usize]) -> Vec<f64> {
        let known = self.points.rows();
        let mut lower = self.covariances();
        decompose(&mut lower, known);
        let doubt = |&row: &usize| {
            let (point, group) = (standings.points.point(row), standings.groups.get(row));
            let common = |other: usize| {
                let near = self.alike.at(point.distance(self.points.point(other)));
                near + same_group(group, self.groups.get(other))
            };
            let mut told: Vec<f64> = (0..known).map(common).collect();
            forward(&lower, &mut told);
            let before = 1.0 + same_group(group, group);
            (before - told.iter().map(|told| told * told).sum::<f64>()).max(0.0).sqrt()
        };
        rows.iter().map(doubt).collect()
    }
}
