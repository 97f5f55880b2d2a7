//! What is found of the campaigns in the sample's days.

use std::collections::BTreeMap;

use flowsift::{
    findings::Standing,
    sample::{Attack, Scenario},
};

use super::{Grouped, HELD, flows};

/// What became of the campaigns of a kind.
#[derive(Default)]
struct Campaigns {
    all: usize,
    flows: usize,
    /// Those with most of their flows in groups that are mostly of their kind, and mostly attacks.
    found: [usize; 2],
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn sample_table() {
    const SEEDS: std::ops::Range<u64> = 1..21;
    let mut kinds: BTreeMap<&str, Campaigns> = BTreeMap::new();
    let (mut groups, mut attacks, mut clean, mut more) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for seed in SEEDS {
        let text = flows(50_000, seed, Scenario::all());
        let day = Grouped::of(&text.into_bytes().into(), 2, HELD);
        let (numbers, kind) = (day.numbers(), day.cells("Attack"));
        // An analyst looks at so many findings.
        let first: Vec<usize> = day.order.iter().take(25).copied().collect();
        // Rows by group and kind.
        let mut rows: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
        for (number, kind) in numbers.iter().zip(&kind) {
            *rows.entry(*number).or_default().entry(kind).or_default() += 1;
        }
        let share = |group: &BTreeMap<&str, usize>, wanted: &dyn Fn(&str) -> bool| {
            let all: usize = group.values().sum();
            let wanted: usize = group.iter().filter(|(kind, _)| wanted(kind)).map(|(_, rows)| rows).sum();
            wanted as f64 / all as f64
        };
        let mostly = |wanted: &dyn Fn(&str) -> bool| -> Vec<&BTreeMap<&str, usize>> {
            rows.iter()
                .filter(|(number, group)| first.contains(*number) && share(group, wanted) > 0.5)
                .map(|(_, rows)| rows)
                .collect()
        };
        let suspicious = mostly(&|kind| kind != "none");
        for attack in Attack::ALL.map(Attack::name) {
            let flows = kind.iter().filter(|kind| *kind == attack).count();
            if flows == 0 {
                continue;
            }
            let inside = |groups: &[&BTreeMap<&str, usize>]| {
                2 * groups.iter().filter_map(|group| group.get(attack)).sum::<usize>() > flows
            };
            let campaigns = kinds.entry(attack).or_default();
            campaigns.all += 1;
            campaigns.flows += flows;
            campaigns.found[0] += usize::from(inside(&mostly(&|kind| kind == attack)));
            campaigns.found[1] += usize::from(inside(&suspicious));
        }
        groups.push(day.listed.groups);
        attacks.push(suspicious.len());
        let text = flows(50_000, seed, Scenario::clean());
        let Standing { groups, flows, others } = Grouped::of(&text.into_bytes().into(), 2, HELD).listed;
        clean.push(groups + flows);
        more.push(others);
    }
    println!(
        "| attack | campaigns | flows of one | in groups of its kind | in groups of attacks |\n|---|---:|---:|---:|---:|"
    );
    for attack in Attack::ALL.map(Attack::name) {
        let Campaigns { all, flows, found: [own, any] } = &kinds[attack];
        println!("| {attack} | {all} | {} | {own} | {any} |", flows / all);
    }
    let counts = [
        ("groups that stand out", &groups),
        ("groups that are mostly attacks", &attacks),
        ("findings that stand out without attacks", &clean),
        ("more that come last", &more),
    ];
    for (what, counts) in counts {
        let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
        println!("{what}: {mean:.1} a day, at most {}", counts.iter().max().unwrap());
    }
}
