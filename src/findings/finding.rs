//! What is told of a group or a flow that stands out.

use std::sync::Arc;

use crate::{
    report::{Common, RankedRow},
    words::format,
};

/// Columns in which findings are unlike all others that are alike, where nobody knows who.
const ALIKE: usize = 2;

/// Something to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which group or flow.
    pub what: What,
    /// As a multiple of what chance does, where groups were looked for.
    pub severity: Option<f64>,
    /// Flows.
    pub size: u64,
    /// Where they come from.
    pub from: String,
    /// Where they go.
    pub to: String,
    /// To which ports, and by which protocol.
    pub ports: String,
    /// What all of its flows have in common, as rules ask for it.
    pub common: Common,
    /// The first and the last point in time, in words.
    pub times: Option<[String; 2]>,
    /// Flows over the time of the file.
    pub when: Vec<u32>,
    /// It goes on all through the file, as routine does.
    pub steady: bool,
    /// What hosts and time say of it, in words.
    pub evidence: Option<String>,
    /// What sets it apart.
    pub apart: Vec<Apart>,
    /// Of so many columns that are compared, so many have one value.
    pub alike: Option<[usize; 2]>,
    /// Amounts of all of its flows together, with what they are.
    pub sums: Vec<(String, String)>,
}

/// Which group or flow it is.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The group of this number.
    Group(u8),
    /// This flow.
    Flow(Arc<RankedRow>),
}

/// A column in which a finding is unlike other flows.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// The table's column.
    pub column: usize,
    /// Its name.
    pub name: String,
    /// What the finding's flows have there.
    pub value: String,
    /// What is usual, in words.
    pub usual: Option<String>,
    /// Of a group, the share of the other compared flows that are alike there (of a burst, of a sample of all others); of a flow, the column's share of its score.
    pub share: f64,
    /// Where that lies among the file's values, where they are amounts.
    pub spread: Option<Reach>,
}

/// Places on a column's axis, from 0 at the least value of the file to 1 at the greatest.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The finding's least and greatest.
    pub own: [f64; 2],
    /// From where to where values usually are.
    pub usual: [f64; 2],
    /// The axis in words, from end to end.
    pub axis: String,
}
impl Finding {
    /// What it is.
    pub fn title(&self) -> String {
        format::counted(self.size, "flow", "flows")
    }

    /// Who talked to whom; empty where nobody knows.
    pub fn who(&self) -> String {
        let to = if self.ports.is_empty() { self.to.clone() } else { format!("{}:{}", self.to, self.ports) };
        match (self.from.is_empty(), self.to.is_empty()) {
            (true, true) => self.ports.clone(),
            (true, false) => to,
            (false, _) => format!("{} → {to}", self.from),
        }
    }

    /// When that was.
    pub fn time(&self) -> String {
        let Some([first, last]) = &self.times else { return String::new() };
        let day = first.split(' ').next().unwrap_or_default();
        match last.strip_prefix(day).filter(|_| first.contains(' ')) {
            _ if first == last => first.clone(),
            Some(time) => format!("{first} –{time}"),
            None => format!("{first} – {last}"),
        }
    }

    /// It does so more than chance would, or nobody knows, and is no routine.
    pub fn stands_out(&self) -> bool {
        !self.steady && self.severity.is_none_or(|severity| severity >= 1.0)
    }

    /// What hosts and time say of it, and what sets it apart, in a line: `Fwd Pkts 10, usually 2; …`
    pub fn why(&self, most: usize) -> String {
        let told = |apart: &Apart| match &apart.usual {
            Some(usual) => format!("{} {} ({usual})", apart.name, apart.value),
            None => format!("{} {}", apart.name, apart.value),
        };
        self.evidence.iter().cloned().chain(self.apart.iter().take(most).map(told)).collect::<Vec<_>>().join("; ")
    }
}

/// Two findings of the same ports, and of the same source or destination; where nobody knows who, unlike in the same columns.
pub fn alike(one: &Finding, other: &Finding) -> bool {
    let same = |a: &str, b: &str| !a.is_empty() && a == b;
    if one.what == other.what || one.ports != other.ports {
        return false;
    }
    if one.from.is_empty() && one.to.is_empty() {
        let columns = |finding: &Finding| finding.apart.iter().take(ALIKE).map(|apart| apart.name.clone()).collect();
        let (columns, others): (Vec<String>, Vec<String>) = (columns(one), columns(other));
        return !columns.is_empty() && columns == others;
    }
    same(&one.from, &other.from) || same(&one.to, &other.to)
}
