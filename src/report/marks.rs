//! What an analyst says of flows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a finding turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It needs a closer look.
    Suspicious,
    /// It belongs here.
    Expected,
    /// Nobody can tell yet.
    Unsure,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Suspicious, Self::Expected, Self::Unsure];

    /// Its name in files and filters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspicious => "suspicious",
            Self::Expected => "expected",
            Self::Unsure => "unsure",
        }
    }
}

/// What is said of one flow, or of all of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// What it is.
    pub mark: Option<Mark>,
    /// What else there is to say.
    pub note: String,
}

/// What is said of one flow, taken together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said<'a> {
    /// What it is.
    pub mark: Option<Mark>,
    /// What else there is to say.
    pub note: &'a str,
}

/// What is said of a run's flows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// By the byte at which a flow's record begins.
    pub flows: BTreeMap<u64, Marked>,
    /// By the number of a group.
    pub groups: BTreeMap<u8, Marked>,
}

impl Marks {
    /// Nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty() && self.groups.is_empty()
    }

    /// What is said of the flow at this byte, in the group of this number (0 for none): of itself, else of its group; mark and note
    /// each by themselves.
    #[must_use]
    pub fn of(&self, offset: u64, group: u8) -> Said<'_> {
        let said = [self.flows.get(&offset), self.groups.get(&group)];
        let said = || said.into_iter().flatten();
        Said {
            mark: said().find_map(|marked| marked.mark),
            note: said().map(|marked| marked.note.as_str()).find(|note| !note.is_empty()).unwrap_or_default(),
        }
    }
}
