//! What may be claimed of a file.

use std::fmt;

use flowsift::{
    ingest::FindingKind,
    table::{Role, TimeStyle, Unit},
};

/// Something that must be so of a file as it was read. Rows are numbered from 1, as records are.
#[derive(Debug)]
pub enum Claim {
    /// Rows that are scored.
    Rows(u64),
    /// Columns.
    Columns(usize),
    /// The names of all columns.
    Names(Vec<&'static str>),
    /// The tool that wrote it.
    Family(&'static str),
    /// A column's role is one of these.
    Role(&'static str, Vec<Role>),
    /// The role of the n-th column.
    RoleAt(usize, Role),
    /// A column's unit.
    Unit(&'static str, Unit),
    /// How a column's times are written.
    Time(&'static str, TimeStyle),
    /// Cells of a column without a value.
    Missing(&'static str, u64),
    /// Cells of a number column that hold something else.
    Unreadable(&'static str, u64),
    /// The number in a cell.
    Value(u64, &'static str, f64),
    /// The text of a cell.
    Text(u64, &'static str, &'static str),
    /// Rank 1 is one of these rows.
    First(Vec<u64>),
    /// These rows, in any order, have the highest ranks.
    Top(Vec<u64>),
    /// This row is among so many of the highest ranks.
    Among(u64, usize),
    /// How often something odd is told.
    Found(FindingKind, u64),
    /// It is refused, in words with these among them.
    Refused(&'static str),
}

/// A file and all that is claimed of it.
pub struct Expected {
    /// Below `../shared/data/field`.
    pub path: &'static str,
    /// What must be so.
    pub claims: Vec<Claim>,
}

/// A table of so many rows and columns.
pub fn table(path: &'static str, rows: u64, columns: usize) -> Expected {
    Expected { path, claims: vec![Claim::Rows(rows), Claim::Columns(columns)] }
}

/// A file that is refused, in words with these among them.
pub fn refused(path: &'static str, words: &'static str) -> Expected {
    Expected { path, claims: vec![Claim::Refused(words)] }
}

impl Expected {
    fn with(mut self, claims: impl IntoIterator<Item = Claim>) -> Self {
        self.claims.extend(claims);
        self
    }

    pub fn names<const N: usize>(self, names: [&'static str; N]) -> Self {
        self.with([Claim::Names(names.to_vec())])
    }

    pub fn family(self, family: &'static str) -> Self {
        self.with([Claim::Family(family)])
    }

    /// All of these columns have the role.
    pub fn role<const N: usize>(self, role: Role, names: [&'static str; N]) -> Self {
        self.with(names.map(|name| Claim::Role(name, vec![role])))
    }

    /// All of these columns have one of the roles.
    pub fn role_among<const N: usize, const M: usize>(self, roles: [Role; M], names: [&'static str; N]) -> Self {
        self.with(names.map(|name| Claim::Role(name, roles.to_vec())))
    }

    /// The columns at these places, from 1, have the role.
    pub fn role_at<const N: usize>(self, role: Role, places: [usize; N]) -> Self {
        self.with(places.map(|place| Claim::RoleAt(place, role)))
    }

    pub fn unit<const N: usize>(self, unit: Unit, names: [&'static str; N]) -> Self {
        self.with(names.map(|name| Claim::Unit(name, unit)))
    }

    pub fn time(self, name: &'static str, style: TimeStyle) -> Self {
        self.role(Role::Time, [name]).with([Claim::Time(name, style)])
    }

    pub fn missing(self, name: &'static str, cells: u64) -> Self {
        self.with([Claim::Missing(name, cells)])
    }

    pub fn unreadable(self, name: &'static str, cells: u64) -> Self {
        self.with([Claim::Unreadable(name, cells)])
    }

    /// Numbers in a column, as pairs of row and value.
    pub fn values<const N: usize>(self, name: &'static str, values: [(u64, f64); N]) -> Self {
        self.with(values.map(|(row, value)| Claim::Value(row, name, value)))
    }

    /// Texts in a column, as pairs of row and text.
    pub fn texts<const N: usize>(self, name: &'static str, texts: [(u64, &'static str); N]) -> Self {
        self.with(texts.map(|(row, text)| Claim::Text(row, name, text)))
    }

    pub fn first(self, row: u64) -> Self {
        self.with([Claim::First(vec![row])])
    }

    /// Rank 1 is one of these rows, which tie.
    pub fn first_of(self, rows: impl IntoIterator<Item = u64>) -> Self {
        self.with([Claim::First(rows.into_iter().collect())])
    }

    /// In ascending order.
    pub fn top<const N: usize>(self, rows: [u64; N]) -> Self {
        self.with([Claim::Top(rows.to_vec())])
    }

    pub fn among(self, row: u64, most: usize) -> Self {
        self.with([Claim::Among(row, most)])
    }

    pub fn found(self, kind: FindingKind, count: u64) -> Self {
        self.with([Claim::Found(kind, count)])
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(rows) => write!(f, "{rows} rows"),
            Self::Columns(columns) => write!(f, "{columns} columns"),
            Self::Names(_) => write!(f, "names"),
            Self::Family(family) => write!(f, "written by {family}"),
            Self::Role(name, roles) => write!(f, "{name} is {roles:?}"),
            Self::RoleAt(place, role) => write!(f, "column {place} is {role:?}"),
            Self::Unit(name, unit) => write!(f, "{name} is in {unit:?}"),
            Self::Time(name, style) => write!(f, "{name} is written {style:?}"),
            Self::Missing(name, cells) => write!(f, "{name} lacks {cells}"),
            Self::Unreadable(name, cells) => write!(f, "{name} has {cells} unreadable"),
            Self::Value(row, name, value) => write!(f, "{name} of row {row} is {value}"),
            Self::Text(row, name, text) => write!(f, "{name} of row {row} reads {text}"),
            Self::First(rows) => write!(f, "first is {rows:?}"),
            Self::Top(rows) => write!(f, "top is {rows:?}"),
            Self::Among(row, most) => write!(f, "row {row} is among {most}"),
            Self::Found(kind, count) => write!(f, "{kind:?} {count} times"),
            Self::Refused(words) => write!(f, "refused with {words:?}"),
        }
    }
}
