//! How files are read: what the files say themselves, and what is chosen from.

use crate::{
    engine::Opened,
    ingest::{Choices, Container, Encoding, Entry, FindingKind, Format},
};

/// Something to choose: the value, its name for scripts, its name for people.
pub type Offer<T> = (T, &'static str, &'static str);

/// What stands between two cells.
pub const DELIMITERS: [Offer<u8>; 5] = [
    (b',', "comma", "comma"),
    (b'\t', "tab", "tab"),
    (b';', "semicolon", "semicolon"),
    (b'|', "pipe", "pipe"),
    (b' ', "blanks", "spaces"),
];
/// Whether the first line is a header.
pub const HEADERS: [Offer<bool>; 2] = [(true, "yes", "yes"), (false, "no", "no")];
/// How bytes stand for text.
pub const ENCODINGS: [Offer<Encoding>; 4] = [
    (Encoding::Utf8, "utf-8", "UTF-8"),
    (Encoding::Utf16Le, "utf-16le", "UTF-16 LE"),
    (Encoding::Utf16Be, "utf-16be", "UTF-16 BE"),
    (Encoding::Windows1252, "windows-1252", "Windows-1252 (Latin-1)"),
];
/// The decimal sign.
pub const DECIMALS: [Offer<u8>; 2] = [(b'.', "point", "point"), (b',', "comma", "comma")];

/// How files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Between two cells; `None` for JSON lines.
    pub delimiter: Option<u8>,
    /// The first line names the columns.
    pub header: bool,
    /// How bytes stand for text.
    pub encoding: Encoding,
    /// The decimal sign.
    pub decimal: u8,
}

impl Settings {
    /// How these files are read.
    pub fn of(opened: &Opened) -> Self {
        let dialect = opened.layout.format.dialect();
        let delimiter = match &opened.layout.format {
            Format::Delimited(dialect) => Some(dialect.delimiter),
            Format::JsonLines(_) => None,
        };
        Self { delimiter, header: opened.layout.assumed.header, encoding: opened.encoding, decimal: dialect.decimal }
    }

    /// In words: `comma, the first line is the header, UTF-8, decimal point`.
    pub fn words(&self) -> String {
        let Some(delimiter) = self.delimiter else { return format!("JSON lines, {}", self.encoding.name()) };
        let header = if self.header { "the first line is the header" } else { "no header line" };
        let decimal = name_of(&DECIMALS, self.decimal);
        format!("{}, {header}, {}, decimal {decimal}", name_of(&DELIMITERS, delimiter), self.encoding.name())
    }
}

/// The name of what is chosen, for people.
pub fn name_of<T: PartialEq>(offers: &[Offer<T>], value: T) -> &'static str {
    offers.iter().find(|offer| offer.0 == value).map_or("another sign", |offer| offer.2)
}

/// The names of what is offered: for scripts and for people.
pub fn names<T>(offers: &[Offer<T>]) -> Vec<[&'static str; 2]> {
    offers.iter().map(|offer| [offer.1, offer.2]).collect()
}

/// Where a value stands among what is offered.
pub fn place<T: PartialEq>(offers: &[Offer<T>], value: Option<T>) -> Option<usize> {
    offers.iter().position(|offer| Some(&offer.0) == value.as_ref())
}

/// The first line does not look like a header, so it is worth a look.
pub fn is_doubtful(opened: &Opened) -> bool {
    let doubts = [FindingKind::NumbersAsNames, FindingKind::EmptyName];
    doubts.iter().any(|&kind| opened.findings.count(kind) > 0)
}

/// What the files say where the visitor chose nothing; `None` for what is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Between two cells.
    pub delimiter: Option<u8>,
    /// Whether the first line is a header.
    pub header: Option<bool>,
    /// How bytes stand for text.
    pub encoding: Option<Encoding>,
    /// The decimal sign.
    pub decimal: Option<u8>,
    /// What is in the archive, if the first file is one.
    pub entries: Vec<Entry>,
}

impl Told {
    /// Takes in what was told; choices hide what would have been told in their place, so that stays as it was.
    pub fn learn(&mut self, opened: &Opened, choices: &Choices) {
        let Settings { delimiter, header, encoding, decimal } = Settings::of(opened);
        if choices.delimiter.is_none() {
            self.delimiter = delimiter;
        }
        if choices.header.is_none() {
            self.header = Some(header);
        }
        if choices.encoding.is_none() {
            self.encoding = Some(encoding);
        }
        if choices.decimal.is_none() {
            self.decimal = Some(decimal);
        }
        self.entries.clone_from(&opened.entries);
    }

    /// Takes in what the first file's bytes show by themselves, where no more could be told.
    pub fn glimpse(&mut self, seen: Option<(Container, Encoding)>, choices: &Choices) {
        let Some((container, encoding)) = seen else { return };
        match container {
            Container::Zip(entries) => self.entries = entries,
            Container::Plain | Container::Document if choices.encoding.is_none() => self.encoding = Some(encoding),
            Container::Plain | Container::Document | Container::Gzip | Container::Zstd | Container::Parquet => {}
        }
    }
}
