//! Names, kinds and roles of columns.

use serde::{Deserialize, Serialize};

use super::{TimeStyle, Unit};

/// What a column's cells are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Every cell seen when the file was opened is a number or missing.
    Number,
    /// Anything else.
    Text,
}

/// What a column means, which decides how a detector may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// Names a row or a flow; never a feature.
    Identifier,
    /// An address; never a magnitude.
    Ip,
    /// A transport port; a category, never a magnitude.
    Port,
    /// A protocol number or name; a category.
    Protocol,
    /// A point in time.
    Time,
    /// A length of time.
    Duration,
    /// One of few values.
    Category,
    /// A quantity.
    Measure,
    /// What somebody says the row is; used to evaluate, never to detect.
    Label,
    /// The user left it out.
    Ignored,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Identifier,
        Self::Ip,
        Self::Port,
        Self::Protocol,
        Self::Time,
        Self::Duration,
        Self::Category,
        Self::Measure,
        Self::Label,
        Self::Ignored,
    ];

    /// The role in a word, as shown to users.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Ip => "address",
            Self::Port => "port",
            Self::Protocol => "protocol",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Category => "category",
            Self::Measure => "measure",
            Self::Label => "label",
            Self::Ignored => "left out",
        }
    }

    /// Values of such a column could tell two flows apart: when a flow was and what it was called does so for any two.
    pub fn counts_for_repeats(self) -> bool {
        !matches!(self, Self::Time | Self::Identifier)
    }

    /// Values of such a column are counted one by one; addresses by the network that they are in.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Ip | Self::Port | Self::Protocol | Self::Category | Self::Label)
    }
}

/// How a column is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// As `f32`.
    Number,
    /// As 32-bit keys of its text.
    Category,
    /// As points in time, in nanoseconds.
    Time {
        /// How many make one of the column's unit; of texts, a second.
        per: i64,
    },
    /// Not at all.
    None,
}

/// Of which a second has so many.
const NANOSECONDS: i64 = 1_000_000_000;

/// One column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Unique, trimmed name.
    pub name: String,
    /// How its cells are written.
    pub kind: Kind,
    /// What kind of thing it is.
    pub role: Role,
    /// What it means, in the words that all tools' columns are told in: `src_ip`, `fwd_packets`.
    pub meaning: Option<String>,
    /// What its numbers are counted in, where that is known.
    pub unit: Option<Unit>,
    /// How its points in time are written, where it holds some.
    pub time: Option<TimeStyle>,
    /// −1 stands for no value, says the user.
    pub minus_one_is_missing: bool,
    /// 0 stands for no value: a time since 1970 that was not set.
    pub zero_is_missing: bool,
    /// Why it is taken for what it is, in words that follow the role.
    pub because: String,
}

/// Why a role holds that the user chose.
pub const CHOSEN: &str = "chosen by you";

impl Field {
    /// A column of which nothing else is known.
    pub fn new(name: impl Into<String>, kind: Kind, role: Role) -> Self {
        Self {
            name: name.into(),
            kind,
            role,
            meaning: None,
            unit: None,
            time: None,
            minus_one_is_missing: false,
            zero_is_missing: false,
            because: String::new(),
        }
    }

    /// How the column is kept in memory.
    pub fn storage(&self) -> Storage {
        let per = self.time.filter(|_| self.role == Role::Time).and_then(TimeStyle::nanoseconds);
        match (self.kind, self.role) {
            (Kind::Number, _) if let Some(per) = per => Storage::Time { per },
            (Kind::Text, Role::Time) if self.time.is_some() => Storage::Time { per: NANOSECONDS },
            (Kind::Number, _) => Storage::Number,
            (Kind::Text, role) if role.is_counted() => Storage::Category,
            (Kind::Text, _) => Storage::None,
        }
    }
}

/// The columns of a file, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// One per column.
    pub fields: Vec<Field>,
}

impl Schema {
    /// Columns.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// A column's name, and what of it is meant: `Protocol (rarity)`.
    pub fn named(&self, column: usize, aspect: Option<&str>) -> String {
        let name = &self.fields[column].name;
        aspect.map_or_else(|| name.clone(), |aspect| format!("{name} ({aspect})"))
    }

    /// The first column with this role.
    pub fn first(&self, role: Role) -> Option<usize> {
        self.fields.iter().position(|field| field.role == role)
    }

    /// Bytes of memory that a row takes at most: its stored cells, offset, score and rank.
    pub fn row_bytes(&self) -> u64 {
        let bytes = |field: &Field| match field.storage() {
            Storage::Number | Storage::Category => 4,
            Storage::Time { .. } => 8,
            Storage::None => 0,
        };
        20 + self.fields.iter().map(bytes).sum::<u64>()
    }
}
