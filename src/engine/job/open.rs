//! The first part of every job: files as they were given → one plain text whose layout is known.

use std::sync::Arc;

use futures_util::future::try_join_all;

use super::{answered, ask_first};
use crate::{
    engine::{DataRequest, EngineError, Host, Piece, Reply},
    ingest::{Choices, Container, Encoding, Entry, Findings, Layout},
};

/// What may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory that the rows of all shards together may take.
    pub rows: u64,
    /// Bytes that may come out of one packed file.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 2 << 30, unpacked: 8 << 30 }
    }
}

/// Bytes of memory that the rows of one shard may take, whatever the limits say: what 32-bit memory holds, less room to
/// work in.
const MOST_SHARD: u64 = 3 << 30;
/// Bytes that the first shard needs per row of the whole file while it ranks: scores as sent and as sorted, keys, ranks.
const RANKING: u64 = 48;
/// Bytes that a row takes beside its cells: its score, its rank by either detector, and that by both.
const SCORED: f64 = 20.0;

impl Limits {
    /// Bytes of memory that the rows of one of `shards` shards may take.
    pub fn shard(&self, shards: usize) -> u64 {
        (self.rows / shards.max(1) as u64).min(MOST_SHARD)
    }
}

/// What is to come, before it comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// About how many rows there are.
    pub rows: u64,
    /// Bytes of memory that they would take.
    pub bytes: u64,
    /// They fit, and stay in memory; if not, the file is read again for every run and every download.
    pub held: bool,
}

/// Files whose layout is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What kind of file it is.
    pub layout: Arc<Layout>,
    /// What is odd about the header.
    pub findings: Findings,
    /// The first rows.
    pub preview: Vec<Vec<String>>,
    /// How the first file's text was encoded.
    pub encoding: Encoding,
    /// What is in the archive, if it is one, and the names of what is read of it.
    pub entries: Vec<Entry>,
    /// Those of them that are read.
    pub chosen: Vec<String>,
    /// What is to come.
    pub outlook: Outlook,
    /// What may be used.
    pub limits: Limits,
}

/// Unpacks and decodes what needs it, joins the files and tells their layout.
///
/// # Errors
/// [`EngineError`] if a file cannot be read or used, or somebody cancels.
pub async fn open<H: Host>(host: &H, choices: &Choices, limits: Limits) -> Result<Opened, EngineError> {
    let inputs = host.inputs();
    // Each file is one shard's; a few files are unpacked at a time.
    let shard = |input: usize| input % host.shards();
    let plain = |input: usize| make_plain(host, shard(input), input, choices, limits);
    let mut sources = try_join_all((0..inputs.len()).map(plain)).await?;
    let mut choices = choices.clone();
    if sources.iter().all(|source| source.is_table) {
        choices.delimiter = choices.delimiter.or(Some(b','));
        choices.header = choices.header.or(Some(true));
        choices.decimal = choices.decimal.or(Some(b'.'));
    }

    let names: Vec<String> = if sources.len() == 1 && sources[0].chosen.len() > 1 {
        sources[0].chosen.clone()
    } else {
        sources.iter().zip(inputs).flat_map(|(source, name)| vec![name; source.pieces.len()]).collect()
    };
    host.join(sources.iter_mut().flat_map(|source| source.pieces.drain(..)).collect());
    let sniffed = ask_first(host, DataRequest::Sniff { choices, names }).await?;
    let (layout, findings, preview, row_bytes) = answered!(sniffed,
        Reply::Sniffed { layout, findings, preview, row_bytes } => (layout, findings, preview, row_bytes))?;
    let outlook = outlook(&layout, row_bytes, host.shards(), limits);
    let first = sources.swap_remove(0);
    let Plain { encoding, entries, chosen, .. } = first;
    Ok(Opened { layout, findings, preview, encoding, entries, chosen, outlook, limits })
}

fn outlook(layout: &Layout, row_bytes: f64, shards: usize, limits: Limits) -> Outlook {
    let rows = layout.estimated_rows();
    let held = (rows as f64 * row_bytes) as u64;
    let fits = held / shards as u64 <= limits.shard(shards) && rows * RANKING <= MOST_SHARD;
    Outlook { rows, bytes: held + (rows as f64 * SCORED) as u64, held: fits }
}

/// One file's plain text.
struct Plain<W> {
    pieces: Vec<Piece<W>>,
    encoding: Encoding,
    entries: Vec<Entry>,
    chosen: Vec<String>,
    /// It was written from a table, so that nothing of how it is written is to be told.
    is_table: bool,
}

async fn make_plain<H: Host>(
    host: &H,
    shard: usize,
    input: usize,
    choices: &Choices,
    limits: Limits,
) -> Result<Plain<H::Written>, EngineError> {
    let examined = host.ask(shard, DataRequest::Examine { input }.into()).await?;
    let (container, told) = answered!(examined, Reply::Examined(container, encoding) => (container, encoding))?;
    let encoding = choices.encoding.unwrap_or(told);
    if container == Container::Plain && encoding == Encoding::Utf8 {
        let pieces = vec![Piece::Input(input)];
        return Ok(Plain { pieces, encoding, entries: Vec::new(), chosen: Vec::new(), is_table: false });
    }
    let entries = match &container {
        Container::Zip(entries) => entries.clone(),
        Container::Plain | Container::Document | Container::Gzip | Container::Zstd | Container::Parquet => Vec::new(),
    };
    let wanted = wanted(&entries, &choices.entries);
    let numbers = if entries.is_empty() { vec![0] } else { wanted.iter().map(|entry| entry.number).collect() };
    let mut plain = Plain {
        pieces: Vec::new(),
        encoding,
        chosen: wanted.into_iter().map(|entry| entry.name.clone()).collect(),
        entries: entries.clone(),
        is_table: container == Container::Parquet,
    };
    for entry in numbers {
        let encoding = choices.encoding;
        let unpack =
            DataRequest::Unpack { input, container: container.clone(), entry, encoding, budget: limits.unpacked };
        let (reply, written) = host.ask(shard, unpack.into()).await?;
        plain.encoding = answered!((reply, ()), Reply::Unpacked(encoding) => encoding)?;
        plain.pieces.push(Piece::Written(written));
    }
    Ok(plain)
}

/// The entries that the user chose; else the largest.
fn wanted<'a>(entries: &'a [Entry], chosen: &[String]) -> Vec<&'a Entry> {
    let named: Vec<&Entry> = entries.iter().filter(|entry| chosen.contains(&entry.name)).collect();
    // Of equals, the first.
    if named.is_empty() { entries.iter().rev().max_by_key(|entry| entry.bytes).into_iter().collect() } else { named }
}
