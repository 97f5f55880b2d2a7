//! What a person types → a filter.
//!
//! ```text
//! text            some cell contains it             "two words"     the same with blanks
//! name:text       a cell of that column contains it, or equals it as a number; an address or a network in a column of addresses
//! name=text       a cell of that column is just that, where it is no column of numbers
//! name>1.5k       numbers: > >= < <= =              score>0.6  rank<=100   name>2min, where the column has such a unit
//! is:anomaly      at or above the threshold         group:3         in that group
//! mark:expected   marked so; also suspicious, unsure, any, none
//! inside:"…"      inside an outline on two columns (see [`Outline`])
//! -term           not that
//! ```
//! Names are compared without case, blanks and punctuation; `src`, `dst`, `port`, `proto` find the columns that mean it.

use std::net::IpAddr;

use thiserror::Error;

use super::{Comparison, Filter, Mark, Outline, Term, Test};
use crate::{
    ingest::{parse_nanoseconds, read_quantity},
    table::{Field, Kind, Role, Schema, Storage, TimeStyle, Unit},
};

/// Why a filter cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterError {
    /// No such column.
    #[error("No column is called “{0}”.")]
    NoColumn(String),
    /// The column cannot be compared with a number.
    #[error("“{0}” is no column of numbers.")]
    NoNumbers(String),
    /// What stands behind the sign is no number.
    #[error("“{0}” is no number.")]
    NoNumber(String),
    /// Nothing stands behind the sign.
    #[error("What “{0}” is compared with is missing.")]
    Unfinished(String),
    /// What can be asked for is `is:anomaly` and `is:ordinary`.
    #[error("“is:{0}” is not known; is:anomaly and is:ordinary are.")]
    NoState(String),
    /// Groups have numbers from 1.
    #[error("Groups have numbers, as in group:3; “{0}” is none.")]
    NoGroup(String),
    /// These are all marks.
    #[error("No mark is called “{0}”; suspicious, expected, unsure, any and none are.")]
    NoMark(String),
    /// An outline is written in another way.
    #[error(
        "What is inside an outline is written as inside:\"column (linear) / column (log): 1 / 2; 3 / 4; 5 / 6\"; “signed log” is the third scale."
    )]
    NoOutline,
    /// So many corners an outline cannot have.
    #[error("An outline has {fewest} to {most} corners, not {0}.", fewest = Outline::FEWEST, most = Outline::MOST)]
    Corners(usize),
    /// A corner that cannot be drawn.
    #[error("“{0}” has no place on its axis.")]
    NoPlace(String),
    /// A quote is not closed.
    #[error("A quote is not closed.")]
    OpenQuote,
}

impl Filter {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`FilterError`], in words for that person.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, FilterError> {
        let terms = split(text)?.into_iter().map(|piece| term(piece, schema)).collect::<Result<_, _>>()?;
        Ok(Self::of(terms))
    }
}

/// A term's parts: what stands before a sign, the sign, and what stands behind it.
#[derive(Default)]
struct Piece {
    negated: bool,
    /// With the sign behind it.
    name: Option<(String, Sign)>,
    value: String,
    /// The value, or the name, was quoted.
    quoted: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Colon,
    Compare(Comparison),
}

/// Cuts at blanks that are not quoted, and each piece at its first sign.
fn split(text: &str) -> Result<Vec<Piece>, FilterError> {
    let mut pieces = Vec::new();
    let mut rest = text.chars().peekable();
    loop {
        while rest.next_if(|sign| sign.is_whitespace()).is_some() {}
        if rest.peek().is_none() {
            return Ok(pieces);
        }
        let mut piece = Piece { negated: rest.next_if_eq(&'-').is_some(), ..Piece::default() };
        while let Some(sign) = rest.next_if(|sign| !sign.is_whitespace()) {
            let found = match sign {
                '"' => {
                    piece.quoted = true;
                    loop {
                        match rest.next() {
                            Some('"') => break,
                            Some(sign) => piece.value.push(sign),
                            None => return Err(FilterError::OpenQuote),
                        }
                    }
                    continue;
                }
                ':' => Sign::Colon,
                '=' => Sign::Compare(Comparison::Equal),
                '<' if rest.next_if_eq(&'=').is_some() => Sign::Compare(Comparison::AtMost),
                '<' => Sign::Compare(Comparison::Less),
                '>' if rest.next_if_eq(&'=').is_some() => Sign::Compare(Comparison::AtLeast),
                '>' => Sign::Compare(Comparison::More),
                other => {
                    piece.value.push(other);
                    continue;
                }
            };
            if piece.name.is_none() && !piece.value.is_empty() {
                piece.name = Some((std::mem::take(&mut piece.value), found));
            } else {
                piece.value.push(sign);
            }
        }
        pieces.push(piece);
    }
}

fn group(value: &str) -> Result<u8, FilterError> {
    value.parse().ok().filter(|&number| number > 0).ok_or_else(|| FilterError::NoGroup(value.to_owned()))
}

fn term(piece: Piece, schema: &Schema) -> Result<Term, FilterError> {
    let Piece { negated, name, value, quoted } = piece;
    let Some((name, sign)) = name else {
        return Ok(Term { negated, test: Test::Anywhere(value.to_lowercase()) });
    };
    // Times and addresses have colons of their own.
    if sign == Sign::Colon && !quoted && is_written_with_colons(&name, &value) && columns(&name, schema).is_empty() {
        return Ok(Term { negated, test: Test::Anywhere(format!("{name}:{value}").to_lowercase()) });
    }
    if value.is_empty() && !quoted {
        return Err(FilterError::Unfinished(name));
    }
    let test = match (plain(&name).as_str(), sign) {
        ("is", Sign::Colon) => match value.to_lowercase().as_str() {
            "anomaly" => Test::Anomaly,
            "ordinary" => return Ok(Term { negated: !negated, test: Test::Anomaly }),
            _ => return Err(FilterError::NoState(value)),
        },
        ("group", Sign::Colon) if columns(&name, schema).is_empty() => Test::Group(group(&value)?),
        // A column may be called so as well.
        ("inside", Sign::Colon) if value.contains("):") || columns(&name, schema).is_empty() => {
            Test::Inside(Outline::read(&value, schema)?)
        }
        ("mark", Sign::Colon) if columns(&name, schema).is_empty() => match value.to_lowercase().as_str() {
            "any" => Test::Marked(None),
            "none" => return Ok(Term { negated: !negated, test: Test::Marked(None) }),
            named => {
                let mark = Mark::ALL.into_iter().find(|mark| mark.name() == named);
                Test::Marked(Some(mark.ok_or(FilterError::NoMark(value))?))
            }
        },
        ("score", Sign::Compare(comparison)) => Test::Score(comparison, number(&value)?),
        ("rank", Sign::Compare(comparison)) => Test::Rank(comparison, number(&value)?),
        (_, Sign::Colon) => {
            let columns = columns(&name, schema);
            if columns.is_empty() {
                return Err(FilterError::NoColumn(name));
            }
            cell(columns, &value, schema)
        }
        (_, Sign::Compare(comparison)) => {
            let all = columns(&name, schema);
            if all.is_empty() {
                return Err(FilterError::NoColumn(name));
            }
            if let Some((column, nanoseconds)) = all.iter().find_map(|&column| moment(&value, column, schema)) {
                return Ok(Term { negated, test: Test::Time { column, comparison, nanoseconds } });
            }
            let numeric = all.iter().copied().find(|&column| schema.fields[column].kind == Kind::Number);
            if numeric.is_none() && comparison == Comparison::Equal {
                return Ok(Term { negated, test: whole(all, &value, schema) });
            }
            let column = numeric.ok_or(FilterError::NoNumbers(name))?;
            Test::Number { column, comparison, value: amount(&value, schema.fields[column].unit)? }
        }
    };
    Ok(Term { negated, test })
}

fn cell(columns: Vec<usize>, value: &str, schema: &Schema) -> Test {
    let addresses = columns.iter().all(|&column| schema.fields[column].role == Role::Ip);
    if let Some((address, bits)) = network(value).filter(|_| addresses) {
        return Test::Network { columns, address, bits };
    }
    let numbers = columns.iter().all(|&column| schema.fields[column].kind == Kind::Number);
    let number = number(value).ok().filter(|_| numbers);
    Test::Cell { columns, text: value.to_lowercase(), number }
}

/// What a cell of text must be.
fn whole(columns: Vec<usize>, value: &str, schema: &Schema) -> Test {
    match cell(columns, value, schema) {
        Test::Cell { columns, text, number: None } => Test::Whole { columns, text: text.trim().to_owned() },
        address => address,
    }
}

/// An address, or a network as `10.0.2.0/24`.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some((address, bits))
}

/// A number in a column's unit: as it is, or with a unit of its own (`2 min`, `1.5 GiB`).
pub(super) fn amount(text: &str, unit: Option<Unit>) -> Result<f64, FilterError> {
    match unit.and_then(|_| read_quantity(text.as_bytes(), unit)) {
        Some(value) if value.is_finite() => Ok(value),
        _ => number(text),
    }
}

/// A column of points in time, and the one that is written here: as in the column, or year first.
pub(super) fn moment(text: &str, column: usize, schema: &Schema) -> Option<(usize, i64)> {
    let field = &schema.fields[column];
    let written =
        field.time.filter(|style| matches!(field.storage(), Storage::Time { .. }) && style.nanoseconds().is_none());
    let styles = [written, Some(TimeStyle::YearFirst).filter(|_| written != Some(TimeStyle::TimeOfDay))];
    let is_date = matches!(field.storage(), Storage::Time { .. }) && text.parse::<f64>().is_err();
    let read = |style| parse_nanoseconds(text.as_bytes(), style);
    let nanoseconds = styles.into_iter().flatten().filter(|_| is_date).find_map(read)?;
    Some((column, nanoseconds))
}

/// The point in time that is written here as in this column, or year first, in nanoseconds.
pub fn point_in_time(text: &str, column: usize, schema: &Schema) -> Option<i64> {
    let counted = || {
        let style = schema.fields[column].time.filter(|style| style.nanoseconds().is_some())?;
        matches!(schema.fields[column].storage(), Storage::Time { .. })
            .then(|| parse_nanoseconds(text.as_bytes(), style))
            .flatten()
    };
    moment(text, column, schema).map(|(_, nanoseconds)| nanoseconds).or_else(counted)
}

/// A number with or without a suffix for thousands: `1.5k`, `1M`, `2G`; and with commas between its thousands.
fn number(text: &str) -> Result<f64, FilterError> {
    let (digits, factor) = match text.char_indices().next_back() {
        Some((end, 'k' | 'K')) => (&text[..end], 1e3),
        Some((end, 'm' | 'M')) => (&text[..end], 1e6),
        Some((end, 'g' | 'G')) => (&text[..end], 1e9),
        _ => (text, 1.0),
    };
    let value: f64 = digits.replace(',', "").parse().map_err(|_| FilterError::NoNumber(text.to_owned()))?;
    if value.is_finite() { Ok(value * factor) } else { Err(FilterError::NoNumber(text.to_owned())) }
}

/// `12:30:05`, `00:1b:44:…`, `fe80::1`.
fn is_written_with_colons(name: &str, value: &str) -> bool {
    let sign = |sign: char| sign.is_ascii_hexdigit() || matches!(sign, ':' | '.' | '%' | '/');
    name.chars().all(|sign| sign.is_ascii_hexdigit()) && value.chars().all(sign)
}

/// The columns that a name is for: those called so; else those that mean it.
pub(super) fn columns(name: &str, schema: &Schema) -> Vec<usize> {
    let name = plain(name);
    let find = |wanted: &dyn Fn(&Field) -> bool| -> Vec<usize> {
        schema.fields.iter().enumerate().filter(|(_, field)| wanted(field)).map(|(column, _)| column).collect()
    };
    let called = find(&|field| plain(&field.name) == name);
    if !called.is_empty() {
        return called;
    }
    let means = |meanings: &[&str]| find(&|field| field.meaning.as_deref().is_some_and(|it| meanings.contains(&it)));
    let known = match name.as_str() {
        "src" | "source" | "from" => means(&["src_ip"]),
        "dst" | "dest" | "destination" | "to" => means(&["dst_ip"]),
        "ip" | "host" | "address" => find(&|field| field.role == Role::Ip),
        "port" => find(&|field| field.role == Role::Port),
        "proto" | "protocol" => find(&|field| field.role == Role::Protocol),
        "time" | "when" => find(&|field| field.role == Role::Time),
        _ => Vec::new(),
    };
    if known.is_empty() { find(&|field| field.meaning.as_deref().is_some_and(|it| plain(it) == name)) } else { known }
}

fn plain(name: &str) -> String {
    name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
