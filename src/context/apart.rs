//! What is true of a burst's rows, and a sample of all rows → the columns that set it apart.

use crate::{
    features::FeaturePlan,
    report::{GroupFacts, Told},
    table::Block,
};

/// Rows of the sample that are looked at, at most: shares to a hundredth.
const ROWS: usize = 8_192;
/// Values that there is one of for fewer rows tell nothing: a client's own ports are nobody else's.
const MANY: u64 = 4;

/// Per burst, the features along which the fewest other rows are where all of its rows are, and their share: one feature a column. `all`
/// are the rows of the file.
#[must_use]
pub fn apart(bursts: &[GroupFacts], plan: &FeaturePlan, sample: &Block, all: u64) -> Vec<Vec<(u32, f64)>> {
    let rows: Vec<usize> = (0..sample.rows()).step_by(sample.rows().div_ceil(ROWS).max(1)).collect();
    let mut shares = vec![Vec::new(); bursts.len()];
    let mut columns: Vec<usize> = Vec::new();
    for (feature, column) in (0..).zip(plan.features.iter().map(|feature| feature.column)) {
        if columns.contains(&column) {
            continue;
        }
        columns.push(column);
        let cells = &sample.columns[column];
        let numbers: Vec<Option<f64>> = rows.iter().map(|&row| cells.number_at(row)).collect();
        for (burst, shares) in bursts.iter().zip(&mut shares) {
            let alike = match &burst.columns[column] {
                Some(Told::Numbers { low, high, missing, .. }) => {
                    let is_alike =
                        |cell: &&Option<f64>| cell.map_or(*missing > 0, |number| (*low..=*high).contains(&number));
                    numbers.iter().filter(is_alike).count()
                }
                Some(Told::Values(tally)) if tally.different().is_some_and(|many| MANY * many as u64 <= burst.rows) => {
                    rows.iter().filter(|&&row| tally.has(cells.key_at(row))).count()
                }
                _ => continue,
            };
            // Its own rows are in the sample as well.
            let own = burst.rows as f64 / all.max(1) as f64;
            let others = (alike as f64 / rows.len().max(1) as f64 - own) / (1.0 - own);
            shares.push((feature, others.max(0.0)));
        }
    }
    for shares in &mut shares {
        shares.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    }
    shares
}
