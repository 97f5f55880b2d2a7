//! How small a group may be, by the size of the file.
//!
//! Of a file of more rows than are compared, 4,096 are drawn by chance. A group whose flows do not score high is among the
//! compared ones by these alone, and is found if the smallest group's rows are drawn. The table of `docs/ACCURACY.md`:
//! `make accuracy`

#![allow(clippy::print_stdout, reason = "prints its table")]

use super::{Draws, found};
use crate::{detect::groups::Params, table::row_hash};

/// Rows of a file that are drawn by chance, and that are compared besides.
const DRAWN: u64 = 4_096;
const BESIDES: usize = 4_096;
/// Rows of a group, of so many, of which 8 are drawn in 95 of 100 files: the mean of the Poisson distribution whose chance of 7
/// or fewer is one in 20.
const ENOUGH: f64 = 13.15;

/// The smallest group that is found in 95 of 100 files of so many rows, whatever its flows score.
fn smallest(rows: u64) -> usize {
    let least = Params::default().smallest;
    if rows <= DRAWN + BESIDES as u64 { least } else { (ENOUGH * rows as f64 / DRAWN as f64).ceil() as usize }
}

/// Where the rows of a group lie: the others lie between 0 and 1 along every feature, by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Distance {
    /// Beyond all others.
    Clear,
    /// Among them, but alike.
    Inside,
    /// As the others.
    None,
}

/// A file of so many rows with a group of so many: how many others are compared, where they lie, and how many of its rows are.
/// Whether it was found: the only group, of its rows and of at most a twentieth of others.
fn is_found(rows: u64, group: usize, features: usize, distance: Distance, seed: u64) -> bool {
    let all = rows <= DRAWN + BESIDES as u64;
    let cutoff = if all { u64::MAX } else { (DRAWN as f64 / rows as f64 * u64::MAX as f64) as u64 };
    // The group's are the first rows; which rows are drawn hangs on their hashes alone.
    let members = (0..group as u64).filter(|&row| row_hash(seed, row) <= cutoff).count();
    let others = if all { rows as usize - group } else { DRAWN as usize - members.min(DRAWN as usize) + BESIDES };
    let mut draws = Draws(seed ^ 0xf10, 0);
    let mut sample = draws.rows(others, features, (0.0, 1.0));
    let place = match distance {
        Distance::Clear => (1.4, 0.01),
        Distance::Inside => (0.5, 0.01),
        Distance::None => (0.0, 1.0),
    };
    sample.extend(draws.rows(members, features, place));
    let (groups, assigned) = found(&sample);
    let (beside, inside) = assigned.split_at(others);
    let missed = inside.iter().filter(|group| **group != 1).count();
    let strange = beside.iter().filter(|group| **group != 0).count();
    groups.groups.len() == 1 && 20 * missed <= members && 20 * strange <= members
}

fn share(rows: u64, group: usize, features: usize, distance: Distance, seeds: u64) -> f64 {
    let files = (0..seeds).filter(|&seed| is_found(rows, group, features, distance, seed)).count();
    files as f64 / seeds as f64
}

#[test]
fn the_smallest_group_that_is_stated_is_found_and_none_where_there_is_none() {
    assert_eq!([1_000, 8_192, 50_000, 3_577_296].map(smallest), [8, 8, 161, 11_485]);
    for rows in [1_000, 3_577_296] {
        let found = share(rows, smallest(rows), 8, Distance::Clear, 12);
        assert!(found >= 0.8, "{found} of files of {rows} rows");
    }
    assert!(
        share(3_577_296, smallest(3_577_296) / 4, 8, Distance::Clear, 8) <= 0.5,
        "what is stated is no smaller than need be"
    );
    assert_eq!(share(1_000, 50, 8, Distance::None, 12), 0.0);
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn planted_table() {
    println!("| rows | features | group | clear | inside | none |\n|--:|--:|--:|--:|--:|--:|");
    for rows in [1_000, 8_192, 50_000, 400_000, 3_577_296] {
        for features in [3, 10, 80] {
            let stated = smallest(rows);
            for group in [stated / 2, stated, 4 * stated, rows as usize / 20] {
                let [clear, inside, none] = [Distance::Clear, Distance::Inside, Distance::None]
                    .map(|distance| share(rows, group, features, distance, 20));
                println!("| {rows} | {features} | {group} | {clear:.2} | {inside:.2} | {none:.2} |");
            }
        }
    }
}

#[test]
#[ignore = "takes minutes"]
fn noise_of_a_hundred_seeds_has_no_groups() {
    for (rows, features) in [(1_000, 3), (1_000, 10), (2_000, 80)] {
        for seed in 0..100 {
            let (groups, _) = found(&Draws(seed ^ 0x5eed, 0).rows(rows, features, (0.0, 1.0)));
            assert!(groups.is_empty(), "{rows} x {features}, seed {seed}: {:?}", groups.groups);
        }
    }
}
