//! Hierarchy → groups: small sets that are far from everything else, none inside another.

use super::{
    Params,
    tree::{Node, Tree},
};

/// A set inside another one is the group if it speaks for itself at least so many times as much: alike flows are meant, not
/// all that are far from the rest.
const TIGHTER: f64 = 0.9;

/// A set that is a group.
pub(super) struct Chosen {
    pub node: Node,
    /// What speaks for it, as a multiple of what chance does.
    pub severity: f64,
    /// The same of sets inside it, with their rows.
    pub parts: Vec<u32>,
    /// How far it is from the nearest normal rows, where some are known; as a sum over the features.
    pub away: Option<u32>,
}

/// The sets that stand out, so many at most, the most notable first.
pub(super) fn choose(tree: &Tree, params: &Params, chance: f64, many: usize) -> Vec<Chosen> {
    let most = (params.largest * f64::from(tree.rows)) as u32;
    let severity = |node: &Node| f64::from(node.apart - node.within) * f64::from(node.rows).sqrt() / chance;
    let mut notable: Vec<(f64, &Node)> = tree
        .nodes
        .iter()
        .filter(|node| node.rows >= params.smallest as u32 && node.rows <= most)
        .map(|node| (severity(node), node))
        .filter(|(severity, _)| *severity >= 1.0)
        .collect();
    // Of equals the larger, then the one of lesser rows: nothing hangs on the order of the file.
    notable.sort_by(|(a, one), (b, other)| {
        b.total_cmp(a).then(other.rows.cmp(&one.rows)).then(least(tree, one).cmp(&least(tree, other)))
    });
    let mut chosen: Vec<Chosen> = Vec::new();
    for &outer in &notable {
        let (mut severity, mut node) = outer;
        // The tightest set that speaks for itself nearly as much.
        while let Some(&inner) = inside(node, &notable).next().filter(|inner| inner.0 >= TIGHTER * severity) {
            (severity, node) = inner;
        }
        if chosen.len() < many && chosen.iter().all(|known| apart(&known.node, node)) {
            chosen.push(Chosen { node: *node, severity, parts: parts(node, &notable), away: None });
        }
    }
    chosen.sort_by(|a, b| b.severity.total_cmp(&a.severity));
    chosen
}

/// The notable sets inside one, the most notable first.
fn inside<'a>(node: &'a Node, notable: &'a [(f64, &'a Node)]) -> impl Iterator<Item = &'a (f64, &'a Node)> {
    notable.iter().filter(|(_, part)| part.from >= node.from && part.to <= node.to && part.within < node.within)
}

fn least(tree: &Tree, node: &Node) -> u32 {
    tree.rows_of(node).iter().copied().min().unwrap_or(u32::MAX)
}

fn apart(one: &Node, other: &Node) -> bool {
    one.to <= other.from || other.to <= one.from
}

/// Rows of the notable sets inside one that are not inside each other, the most notable first.
fn parts(node: &Node, notable: &[(f64, &Node)]) -> Vec<u32> {
    let mut parts: Vec<&Node> = Vec::new();
    for (_, part) in inside(node, notable) {
        if parts.iter().all(|known| apart(known, part)) {
            parts.push(part);
        }
    }
    parts.into_iter().map(|part| part.rows).collect()
}
