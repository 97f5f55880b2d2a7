//! Files without a header, told by what their columns hold.

use super::{Column, Family, tools};
use crate::{
    ingest::sniff::Evidence,
    ingest::sniff::is_address,
    table::{Kind, Role},
};

/// Columns that must hold something other than numbers, each what the tool writes there.
const FEWEST_TELLING: usize = 3;

/// The family whose columns fit these in order, and its columns.
pub(in crate::ingest) fn columns_of(evidence: &[Evidence<'_>]) -> Option<(&'static Family, Vec<&'static Column>)> {
    tools().find_map(|family| {
        let columns = first_columns(family, evidence.len())?;
        let fits: Vec<Fit> =
            columns.iter().zip(evidence).map(|(column, evidence)| fit(column.role, evidence)).collect();
        let telling = fits.iter().filter(|&&fit| fit == Fit::Tells).count();
        (telling >= FEWEST_TELLING && !fits.contains(&Fit::No)).then_some((family, columns))
    })
}

/// `width` of the family's columns: those that every file has, and as many others as are needed, the first ones.
fn first_columns(family: &'static Family, width: usize) -> Option<Vec<&'static Column>> {
    let required = family.columns.iter().filter(|column| !column.optional).count();
    let mut others = width.checked_sub(required)?;
    let mut wanted = |column: &&Column| {
        let taken = !column.optional || others > 0;
        others -= usize::from(column.optional && taken);
        taken
    };
    let columns: Vec<_> = family.columns.iter().filter(|column| wanted(column)).collect();
    (columns.len() == width).then_some(columns)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It holds what few other columns hold.
    Tells,
    /// Nothing speaks against it.
    May,
    No,
}

fn fit(role: Role, evidence: &Evidence<'_>) -> Fit {
    let text = evidence.kind(Some(role)) == Kind::Text;
    let tells = |tells| if tells { Fit::Tells } else { Fit::May };
    match role {
        _ if evidence.filled() == 0 => Fit::May,
        Role::Ip if evidence.mostly(is_address) => Fit::Tells,
        Role::Time if text => {
            if evidence.clock().is_some() {
                Fit::Tells
            } else {
                Fit::No
            }
        }
        Role::Port if !text && evidence.numbers.iter().all(|port| (0.0..65_536.0).contains(port)) => Fit::May,
        Role::Measure | Role::Duration if !text => Fit::May,
        Role::Ip | Role::Port | Role::Measure | Role::Duration => Fit::No,
        _ => tells(text),
    }
}
