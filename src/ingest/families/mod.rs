//! How flow tools name their columns, and what these names mean: the table `columns.tsv`, read.

mod headerless;
mod repair;

use std::{collections::HashMap, sync::LazyLock};

use crate::table::{Role, Unit};

pub(super) use headerless::columns_of;
pub(super) use repair::unnamed_repeat;

/// Names of a header that must be a family's before it is taken for that family's, and how many of them no other files have.
const FEWEST_NAMES: usize = 4;
const FEWEST_OWN: usize = 2;

/// The files of one tool.
pub(super) struct Family {
    /// The tool.
    pub name: &'static str,
    /// In the order in which the tool writes them.
    columns: Vec<Column>,
    /// Places in `columns`, by [`plain`] name.
    by_name: HashMap<String, usize>,
}

/// One column of such files.
pub(super) struct Column {
    /// What it is called; the first is the name that it gets where there is no header.
    names: Vec<&'static str>,
    /// What it means, in the words that all tools' columns are told in.
    pub meaning: &'static str,
    pub role: Role,
    pub unit: Option<Unit>,
    /// Not every file has it.
    optional: bool,
}

static TABLE: LazyLock<Vec<Family>> = LazyLock::new(|| read_table(include_str!("columns.tsv")));

/// The family that most of these names are from, if at least half of them are: the first of equals. Names that mean the same
/// whatever the tool say nothing about it by themselves.
pub(super) fn recognise<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'static Family> {
    let width = names.clone().count();
    let known = |family: &Family| names.clone().filter(|name| family.column(name).is_some()).count();
    let own = |family: &Family| {
        names.clone().filter(|name| family.column(name).is_some() && column(None, name).is_none()).count()
    };
    tools()
        .map(|family| (known(family), family))
        .filter(|(known, _)| *known >= FEWEST_NAMES && known * 2 >= width)
        .filter(|(_, family)| own(family) >= FEWEST_OWN)
        .rev()
        .max_by_key(|(known, _)| *known)
        .map(|(_, family)| family)
}

/// What a column of that name means in files of `family`, or anywhere.
pub(super) fn column(family: Option<&'static Family>, name: &str) -> Option<&'static Column> {
    let any = TABLE.iter().find(|family| family.name == ANY);
    family.into_iter().chain(any).find_map(|family| family.column(name))
}

/// The section of names that mean the same whatever the tool.
const ANY: &str = "any";

fn tools() -> impl DoubleEndedIterator<Item = &'static Family> {
    TABLE.iter().filter(|family| family.name != ANY)
}

impl Column {
    /// What it is called where there is no header.
    pub fn name(&self) -> &'static str {
        self.names[0]
    }
}

impl Family {
    fn column(&self, name: &str) -> Option<&Column> {
        self.by_name.get(&plain(name)).map(|&place| &self.columns[place])
    }
}

/// A name in lower case without blanks and punctuation, in which tools and their versions differ.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn read_table(text: &'static str) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            families.push(Family { name, columns: Vec::new(), by_name: HashMap::new() });
        } else if let (Some(column), Some(family)) = (read_column(line), families.last_mut()) {
            for name in &column.names {
                family.by_name.entry(plain(name)).or_insert(family.columns.len());
            }
            family.columns.push(column);
        }
    }
    families
}

fn read_column(line: &'static str) -> Option<Column> {
    let mut cells = line.split('\t');
    let (names, meaning, role) = (cells.next()?, cells.next()?, cells.next()?);
    let unit = cells.next();
    Some(Column {
        names: names.trim_start_matches('?').split('|').collect(),
        meaning,
        role: Role::ALL.into_iter().find(|known| known.word() == role)?,
        unit: unit.and_then(|unit| Unit::ALL.into_iter().find(|known| known.symbol() == unit)),
        optional: names.starts_with('?'),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn named(name: &str) -> Option<&'static Family> {
        TABLE.iter().find(|family| family.name == name)
    }

    #[test]
    fn every_line_of_the_table_is_understood() {
        for line in include_str!("columns.tsv").lines().filter(|line| line.contains('\t') && !line.starts_with('#')) {
            let column = read_column(line).unwrap_or_else(|| panic!("{line:?}"));
            assert!(column.names.iter().all(|name| !plain(name).is_empty()), "{line:?}");
            assert!(
                column.meaning.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{line:?}"
            );
            assert_eq!(column.unit.is_some(), line.split('\t').count() == 4, "{line:?}");
        }
        assert_eq!(TABLE.len(), 17);
    }

    #[test]
    fn no_tool_gives_a_name_two_meanings() {
        for family in TABLE.iter() {
            let mut seen = HashSet::new();
            for name in family.columns.iter().flat_map(|column| &column.names) {
                assert!(seen.insert(plain(name)), "{} has {name:?} twice", family.name);
            }
        }
    }

    #[test]
    fn a_word_means_one_kind_of_thing_in_all_tools() {
        let mut roles: HashMap<&str, (Role, &str)> = HashMap::new();
        for family in TABLE.iter() {
            for column in &family.columns {
                let (role, first) = *roles.entry(column.meaning).or_insert((column.role, family.name));
                assert_eq!(role, column.role, "{} in {} and {first}", column.meaning, family.name);
            }
        }
    }

    #[test]
    fn names_of_all_generations_mean_the_same() {
        let meaning = |name| column(named("CICFlowMeter"), name).map(|column| column.meaning);
        for names in [
            ["Flow.Duration", " Flow Duration", "flow_duration", "Flow Duration"],
            ["Total.Fwd.Packets", "Tot Fwd Pkts", "tot_fwd_pkts", "Total Fwd Packet"],
            ["Init_Win_bytes_forward", "Init Fwd Win Byts", "init_fwd_win_byts", "FWD Init Win Bytes"],
            ["Source.IP", "Src IP", "src_ip", " Source IP"],
            ["Fwd.Avg.Bytes.Bulk", "Fwd Byts/b Avg", "fwd_byts_b_avg", "Fwd Bytes/Bulk Avg"],
        ] {
            assert!(meaning(names[0]).is_some(), "{names:?}");
            assert!(names.iter().all(|name| meaning(name) == meaning(names[0])), "{names:?}");
        }
        assert_eq!(meaning("nothing of the kind"), None);
    }

    #[test]
    fn tools_are_told_by_their_names_and_little_is_not_enough() {
        let tool = |header: &str| recognise(header.split(',')).map(|family| family.name);
        assert_eq!(tool("StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State"), Some("Argus"));
        assert_eq!(tool("srcip,sport,dstip,dsport,proto,state,dur,sbytes,dbytes,sttl"), Some("UNSW-NB15"));
        assert_eq!(tool("No.,Time,Source,Destination,Protocol,Length,Info"), Some("Wireshark"));
        assert_eq!(tool("IPV4_SRC_ADDR,L4_SRC_PORT,IN_BYTES,OUT_BYTES,Label"), Some("NetFlow v9"));
        assert_eq!(tool("bytes,packets,proto"), None);
        assert_eq!(tool("source port,destination port,protocol,bytes,packets,start time"), None, "anybody's");
        assert_eq!(tool("a,b,c,d,e,f,g,h,i,ts,uid,proto,service"), None);
    }
}
