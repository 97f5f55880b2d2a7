//! Files without a header, told by what their columns hold.

use super::{Column, Family, tools};
use crate::{
    ingest::{
        roles::{is_address, is_port_in_words},
        sniff::Evidence,
    },
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
        Role::Port if evidence.mostly(is_port_in_words) => Fit::Tells,
        Role::Measure | Role::Duration if !text => Fit::May,
        Role::Ip | Role::Port | Role::Measure | Role::Duration => Fit::No,
        _ => tells(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tools_columns_are_those_that_all_of_its_files_have_and_the_first_others() {
        let names = |tool: &str, width| {
            let family = tools().find(|family| family.name == tool).expect("known");
            first_columns(family, width).map(|columns| columns.iter().map(|column| column.name()).collect::<Vec<_>>())
        };
        let last = |tool, width| names(tool, width).and_then(|names| names.last().copied());
        assert_eq!(last("NSL-KDD", 40), None);
        assert_eq!(last("NSL-KDD", 41), Some("dst_host_srv_rerror_rate"));
        assert_eq!(last("NSL-KDD", 43), Some("difficulty"));
        assert_eq!(last("NSL-KDD", 44), None);
        assert_eq!(last("UNSW-NB15", 49), Some("Label"));
        let cicflowmeter = |width| names("CICFlowMeter", width).expect("as wide");
        assert_eq!((cicflowmeter(84)[61], cicflowmeter(84)[83]), ("Fwd Avg Bytes/Bulk", "Label"));
        assert_eq!((cicflowmeter(85)[61], cicflowmeter(85)[84]), ("Fwd Header Length.1", "Label"));
        assert_eq!(cicflowmeter(87)[85..], ["L7Protocol", "ProtocolName"]);
    }
}
