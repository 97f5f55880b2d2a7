//! Names of columns as words, and what these say: the table `words.tsv`, read.

use std::{collections::HashMap, sync::LazyLock};

use crate::table::{Role, Unit};

/// What one word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Source,
    Destination,
    Port,
    Address,
    Hardware,
    Label,
    PerhapsLabel,
    Moment,
    Start,
    End,
    Seen,
    Span,
    Scale,
    Statistic,
    Total,
    Quantity,
    Category,
    Protocol,
    Identity,
    Nothing,
    /// The table does not have it.
    Unknown,
}

impl Says {
    const IN_TABLE: [(&'static str, Self); 20] = [
        ("source", Self::Source),
        ("destination", Self::Destination),
        ("port", Self::Port),
        ("address", Self::Address),
        ("hardware", Self::Hardware),
        ("label", Self::Label),
        ("perhaps label", Self::PerhapsLabel),
        ("moment", Self::Moment),
        ("start", Self::Start),
        ("end", Self::End),
        ("seen", Self::Seen),
        ("span", Self::Span),
        ("scale", Self::Scale),
        ("statistic", Self::Statistic),
        ("total", Self::Total),
        ("quantity", Self::Quantity),
        ("category", Self::Category),
        ("protocol", Self::Protocol),
        ("name", Self::Identity),
        ("nothing", Self::Nothing),
    ];
}

pub(super) type Word = (Says, Option<Unit>);

static WORDS: LazyLock<HashMap<&str, Word>> = LazyLock::new(|| lines().flat_map(words_of_line).collect());

pub(super) fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("words.tsv").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

pub(super) fn words_of_line(line: &'static str) -> impl Iterator<Item = (&'static str, Word)> {
    let mut cells = line.split('\t');
    let (meaning, words, unit) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""), cells.next());
    let says = Says::IN_TABLE.into_iter().find(|(name, _)| *name == meaning).map_or(Says::Unknown, |(_, says)| says);
    let unit = unit.and_then(|unit| Unit::ALL.into_iter().find(|known| known.symbol() == unit));
    words.split(' ').map(move |word| (word, (says, unit)))
}

/// Parts that a part of a name is cut into at most, and characters up to which it is cut.
const MOST_PARTS: usize = 4;
const LONGEST: usize = 40;

/// What the words of a name say, in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name(Vec<Word>);

impl Name {
    pub fn of(name: &str) -> Self {
        let parts = parts(name);
        let of_packets = parts.iter().any(|part| part.starts_with("mpls"));
        let words = parts.iter().enumerate().flat_map(|(place, part)| {
            let behind = place.checked_sub(1).map(|before| parts[before].as_str());
            let last = behind.is_some() && place + 1 == parts.len();
            match part.as_str() {
                // `bytes/s`, `start_s`.
                "s" if last => vec![(Says::Scale, Some(Unit::Seconds))],
                // `as_num` numbers something, `num_packets` counts it.
                "num" if last => vec![(Says::Identity, None)],
                // A flow's label of IPv6, and those of MPLS.
                "label" | "labels" if of_packets || behind == Some("flow") => vec![(Says::Category, None)],
                // Zeek's `id.orig_h` and `id.resp_p`.
                "h" if last && matches!(behind, Some("orig" | "resp")) => vec![(Says::Address, None)],
                "p" if last && matches!(behind, Some("orig" | "resp")) => vec![(Says::Port, None)],
                "payload" if behind == Some("json") => vec![(Says::Nothing, None)],
                "length" | "len" if matches!(behind, Some("prefix" | "mask")) => vec![(Says::Category, None)],
                part => understood(part),
            }
        });
        Self(words.collect())
    }

    /// One of the words says that.
    pub fn says(&self, what: Says) -> bool {
        self.0.iter().any(|word| word.0 == what)
    }

    /// One of the words says one of these.
    pub fn says_any(&self, what: &[Says]) -> bool {
        what.iter().any(|&what| self.says(what))
    }

    /// All words say one of these, or nothing.
    pub fn says_only(&self, what: &[Says]) -> bool {
        self.0.iter().all(|word| word.0 == Says::Nothing || what.contains(&word.0))
    }

    /// No word of it says what kind of thing the column is.
    pub fn says_nothing(&self) -> bool {
        self.says_only(&[Says::Unknown])
    }

    /// The one end of the flow that it speaks of: true for the source.
    fn source(&self) -> Option<bool> {
        match (self.says(Says::Source), self.says(Says::Destination)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    /// What a column of that name and role means, in the words of `families/columns.tsv`, where the name says that and no
    /// more: `nat_source_port` is not the source's port.
    pub fn meaning(&self, role: Role) -> Option<&'static str> {
        use Says::{Address, Destination, End, Moment, Port, Protocol, Scale, Seen, Source, Span, Start};
        let end_of_flow = |kind, names: [&'static str; 2]| {
            let source = self.source().filter(|_| self.says_only(&[Source, Destination, Protocol, kind]))?;
            Some(names[usize::from(!source)])
        };
        match role {
            Role::Ip => end_of_flow(Address, ["src_ip", "dst_ip"]),
            Role::Port => end_of_flow(Port, ["src_port", "dst_port"]),
            Role::Protocol if self.says_only(&[Protocol, Address]) => Some("protocol"),
            Role::Duration if self.says_only(&[Span, Scale, Moment]) => Some("duration"),
            Role::Time if self.says_only(&[Moment, Start, End, Seen, Scale, Source]) => {
                match (self.says(Start), self.says(End)) {
                    (true, false) => Some("start_time"),
                    (false, true) => Some("end_time"),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What numbers of that role under this name are counted in.
    pub fn unit(&self, role: Role) -> Option<Unit> {
        let units = |says| self.0.iter().filter(move |word| word.0 == says).map(|word| word.1);
        match role {
            Role::Duration => units(Says::Scale).next().flatten(),
            Role::Measure => {
                let mut quantities = units(Says::Quantity);
                let unit = quantities.next().flatten().filter(|_| quantities.next().is_none())?;
                let per_second = self.0.last() == Some(&(Says::Scale, Some(Unit::Seconds)));
                match unit {
                    _ if self.says_any(&[Says::Statistic, Says::Span, Says::Label]) => None,
                    Unit::Bytes if per_second => Some(Unit::BytesPerSecond),
                    Unit::Packets if per_second => Some(Unit::PacketsPerSecond),
                    unit => (!self.says_any(&[Says::Scale, Says::Unknown])).then_some(unit),
                }
            }
            _ => None,
        }
    }
}

/// The parts of a name between punctuation, blanks and changes of case, in lower case: `sourceIPv4Address`, `TCPFlags`.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![String::new()];
    let name = name.replace("IPv", " Ipv");
    let characters: Vec<char> = name.chars().take(LONGEST * MOST_PARTS).collect();
    for (place, &character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(place + 1);
        let begins = character.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || before.is_some_and(char::is_uppercase) && after.is_some_and(|after| after.is_lowercase()));
        // `src2dst_bytes`.
        let to = character == '2'
            && before.is_some_and(char::is_alphabetic)
            && after.is_some_and(|after| after.is_alphabetic());
        if begins || to || !character.is_alphanumeric() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| character.is_alphanumeric() && !to) {
            part.extend(character.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A part as words: itself, without a number behind it, or as a few words of the table one behind the other.
fn understood(part: &str) -> Vec<Word> {
    let stem = part.trim_end_matches(|character: char| character.is_ascii_digit());
    let word = WORDS.get(part).or_else(|| WORDS.get(stem));
    match word {
        Some(&word) => vec![word],
        None if stem.is_empty() => Vec::new(),
        None if stem.is_ascii() && stem.len() <= LONGEST => {
            cut(stem, MOST_PARTS).unwrap_or_else(|| vec![(Says::Unknown, None)])
        }
        None => vec![(Says::Unknown, None)],
    }
}

/// The fewest words that make this text. One letter is a word at the front only: `sport`.
fn cut(text: &str, most: usize) -> Option<Vec<Word>> {
    if let Some(&word) = WORDS.get(text).filter(|_| text.len() > 1) {
        return Some(vec![word]);
    }
    let ways = (1..text.len()).filter(|_| most > 1).filter_map(|at| {
        let first = *WORDS.get(&text[..at]).filter(|_| at > 1 || most == MOST_PARTS)?;
        let rest = cut(&text[at..], most - 1)?;
        // `dns` is no destination in nanoseconds.
        (at > 1 || rest[0].0 != Says::Scale).then(|| [vec![first], rest].concat())
    });
    ways.min_by_key(Vec::len)
}
