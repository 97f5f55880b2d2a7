//! Names of columns.

use std::collections::{HashMap, HashSet};

use crate::ingest::{FindingKind, Findings};

/// Trimmed names, made unique as pandas does: `Name`, `Name.1`, …
pub(in crate::ingest) fn unique_names<'a>(
    cells: impl Iterator<Item = &'a [u8]>,
    findings: &mut Findings,
    byte: u64,
    line: u64,
) -> Vec<String> {
    let mut taken = HashSet::new();
    // Per name, the number tried last: a header of one name over and over must not take quadratic time.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    cells
        .enumerate()
        .map(|(column, cell)| {
            let mut note = |kind| findings.note(kind, byte, line, Some(column as u32));
            let trimmed = cell.trim_ascii();
            if trimmed.len() != cell.len() {
                note(FindingKind::PaddedName);
            }
            if trimmed.is_empty() {
                note(FindingKind::EmptyName);
            }
            let mut name = name_of(cell, column);
            if taken.contains(&name) {
                note(FindingKind::RepeatedName);
                let number = numbers.entry(name.clone()).or_insert(0);
                while taken.contains(&name) {
                    *number += 1;
                    name = format!("{}.{number}", name_of(cell, column));
                }
            }
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// A cell's trimmed text, or the column's place where there is none.
fn name_of(cell: &[u8], column: usize) -> String {
    match cell.trim_ascii() {
        b"" => format!("Column {}", column + 1),
        text => String::from_utf8_lossy(text).into_owned(),
    }
}
