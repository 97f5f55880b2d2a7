//! Hierarchy → groups: small sets that are far from everything else, none inside another.

use super::{
    Params,
    tree::{Node, Tree},
};

/// A set inside another one is the group if it speaks for itself at least so many times as much: alike flows are meant, not
/// all that are far from the rest.
const TIGHTER: f64 = 0.9;

/// A set that stands out.
#[derive(Clone, Copy)]
pub(super) struct Notable {
    pub node: Node,
    /// What speaks for it, as a multiple of what chance does.
    pub severity: f64,
    /// How far it is from normal rows, where some are known; as a sum over the features.
    pub away: Option<u32>,
}

/// A set that is a group.
pub(super) struct Chosen {
    pub set: Notable,
    /// The rows of sets inside it.
    pub parts: Vec<u32>,
}

/// The sets that stand out at least so much, the most notable first.
pub(super) fn notable(tree: &Tree, params: &Params, chance: f64, least: f64) -> Vec<Notable> {
    let most = (params.largest * f64::from(tree.rows)) as u32;
    let severity = |node: &Node| f64::from(node.apart - node.within) * f64::from(node.rows).sqrt() / chance;
    let mut notable: Vec<Notable> = tree
        .nodes
        .iter()
        .filter(|node| node.rows >= params.smallest as u32 && node.rows <= most)
        .map(|node| Notable { node: *node, severity: severity(node), away: None })
        .filter(|set| set.severity >= least)
        .collect();
    // Of equals the larger, then the one of lesser rows: nothing hangs on the order of the file.
    let first = |set: &Notable| tree.rows_of(&set.node).iter().copied().min();
    notable.sort_by(|one, other| {
        let larger = other.node.rows.cmp(&one.node.rows);
        other.severity.total_cmp(&one.severity).then(larger).then_with(|| first(one).cmp(&first(other)))
    });
    notable
}

/// Those of them that are groups, so many at most, the most notable first.
pub(super) fn choose(notable: &[Notable], many: usize) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for outer in notable {
        let mut set = outer;
        // The tightest set that speaks for itself nearly as much.
        while let Some(inner) = inside(&set.node, notable).next().filter(|part| part.severity >= TIGHTER * set.severity)
        {
            set = inner;
        }
        if chosen.len() < many && chosen.iter().all(|known| known.set.node.is_apart(&set.node)) {
            chosen.push(Chosen { set: *set, parts: parts(&set.node, notable) });
        }
    }
    chosen.sort_by(|a, b| b.set.severity.total_cmp(&a.set.severity));
    chosen
}

/// The notable sets inside one, the most notable first.
fn inside<'a>(node: &Node, notable: &'a [Notable]) -> impl Iterator<Item = &'a Notable> {
    let Node { from, to, within, .. } = *node;
    notable.iter().filter(move |part| part.node.from >= from && part.node.to <= to && part.node.within < within)
}

/// Rows of the notable sets inside one that are not inside each other, the most notable first.
fn parts(node: &Node, notable: &[Notable]) -> Vec<u32> {
    let mut parts: Vec<&Node> = Vec::new();
    for part in inside(node, notable) {
        if parts.iter().all(|known| known.is_apart(&part.node)) {
            parts.push(&part.node);
        }
    }
    parts.into_iter().map(|part| part.rows).collect()
}
