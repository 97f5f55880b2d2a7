//! Rows in blocks of columns.

use super::{
    Compact, Exact, Host, Hosts, MISSING_KEY, MISSING_WHOLE,
    exact::{from_time, to_number},
    number_key,
};

/// Rows in a full block: large enough to keep loops busy, small enough to answer "cancel" between two of them.
pub const BLOCK_ROWS: usize = 8_192;

/// One column of one block.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers as scikit-learn would see them; NaN where the cell holds none.
    Number(Compact),
    /// Whole numbers, of which some would be rounded in a [`Column::Number`].
    Whole(Exact),
    /// Points in time.
    Time {
        /// Nanoseconds, since when the column counts from.
        cells: Exact,
        /// How many of these make one of the column's unit.
        per: i64,
    },
    /// [`text_key`](super::text_key)s, [`MISSING_KEY`] where the cell is empty.
    Category(Compact),
    /// Addresses, which are compared by the keys of their networks.
    Address(Hosts),
    /// Not kept: text that no detector uses, readable again at the row's offset.
    Unstored,
}

impl Column {
    /// A column of numbers.
    pub fn of_numbers(values: &[f32]) -> Self {
        Self::Number(Compact::numbers(values))
    }

    /// A column of keys.
    pub fn of_keys(keys: &[u32]) -> Self {
        Self::Category(Compact::keys(keys))
    }

    /// A column of whole numbers, missing ones among them.
    pub fn of_wholes(values: &[i64]) -> Self {
        Self::Whole(Exact::of(values))
    }

    /// A column of points in time in nanoseconds, of which `per` make one of its unit.
    pub fn of_times(nanoseconds: &[i64], per: i64) -> Self {
        Self::Time { cells: Exact::of(nanoseconds), per }
    }

    /// The exact cells of a column that has them, and how many of what they count make one of its unit.
    pub fn exact(&self) -> Option<(&Exact, i64)> {
        match self {
            Self::Whole(cells) => Some((cells, 1)),
            Self::Time { cells, per } => Some((cells, *per)),
            Self::Number(_) | Self::Category(_) | Self::Address(_) | Self::Unstored => None,
        }
    }

    /// The numbers of a number column, unpacked into `scratch` where they must be; nothing of any other.
    pub fn numbers<'a>(&'a self, scratch: &'a mut Vec<u32>) -> &'a [f32] {
        match self {
            Self::Number(cells) => bytemuck::cast_slice(cells.bits(scratch)),
            _ => {
                scratch.clear();
                if let Some((cells, per)) = self.exact() {
                    cells.map(|value| to_number(value, per).to_bits(), scratch);
                }
                bytemuck::cast_slice(scratch)
            }
        }
    }

    /// The same as 64 bits, points in time as exactly as these hold them.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        let mut values = Vec::new();
        match self {
            Self::Time { cells, per } => cells.map(|cell| from_time(cell, *per), &mut values),
            _ => values.extend(self.numbers(&mut Vec::new()).iter().copied().map(f64::from)),
        }
        values
    }

    /// The cells that are 32 bits each, whatever they mean.
    fn compact(&self) -> Option<&Compact> {
        match self {
            Self::Number(cells) | Self::Category(cells) => Some(cells),
            Self::Whole(_) | Self::Time { .. } | Self::Address(_) | Self::Unstored => None,
        }
    }

    /// A cell as a key, or as the bits of a number; `None` where nothing is stored.
    pub fn bits_at(&self, row: usize) -> Option<u32> {
        if let Self::Address(hosts) = self {
            return Some(hosts.at(row).network());
        }
        let exact = || self.exact().map(|(cells, per)| to_number(cells.at(row), per).to_bits());
        self.compact().map(|cells| cells.at(row)).or_else(exact)
    }

    /// The host that a cell of addresses names.
    #[inline]
    pub fn host_at(&self, row: usize) -> Host {
        match self {
            Self::Address(cells) => cells.at(row),
            other => other.bits_at(row).map_or(Host::Missing, Host::Name),
        }
    }

    /// The key under which a cell's value is counted.
    #[inline]
    pub fn key_at(&self, row: usize) -> u32 {
        match self {
            Self::Category(_) | Self::Address(_) | Self::Unstored => self.bits_at(row).unwrap_or(MISSING_KEY),
            _ => self.number_at(row).map_or(MISSING_KEY, |number| number_key(number as f32)),
        }
    }

    /// The finite number of a cell. Large whole numbers as 32 bits hold them: whether they are kept exactly depends on whether there
    /// are fractions in their block, and so on the shards.
    #[inline]
    pub fn number_at(&self, row: usize) -> Option<f64> {
        if let Self::Time { cells, per } = self {
            let cell = cells.at(row);
            return (cell != MISSING_WHOLE).then(|| cell as f64 / *per as f64);
        }
        self.bits_at(row).map(|bits| f64::from(f32::from_bits(bits))).filter(|number| number.is_finite())
    }

    /// Appends the same of the cells of these rows. All cells may be unpacked into `scratch` for it.
    pub fn pick(&self, rows: impl ExactSizeIterator<Item = usize>, scratch: &mut Vec<u32>, out: &mut Vec<u32>) {
        if let Some(cells) = self.compact() {
            cells.pick(rows, scratch, out);
        } else if let Some((cells, per)) = self.exact() {
            out.extend(rows.map(|row| to_number(cells.at(row), per).to_bits()));
        } else if let Self::Address(hosts) = self {
            out.extend(rows.map(|row| hosts.at(row).network()));
        }
    }

    /// Appends what `number` makes of each number, or `key` of each key. They may be asked once per different value.
    pub fn map<T: Copy>(&self, number: impl Fn(f32) -> T, key: impl Fn(u32) -> T, out: &mut Vec<T>) {
        match self {
            Self::Number(cells) => cells.map(|bits| number(f32::from_bits(bits)), out),
            Self::Category(cells) => cells.map(key, out),
            Self::Address(hosts) => hosts.map(|host| key(host.network()), out),
            Self::Whole(cells) => cells.map(|value| number(to_number(value, 1)), out),
            Self::Time { cells, per } => cells.map(|value| number(to_number(value, *per)), out),
            Self::Unstored => {}
        }
    }

    /// Bytes of memory taken on the heap.
    fn bytes(&self) -> usize {
        match self {
            Self::Number(cells) | Self::Category(cells) => cells.bytes(),
            Self::Whole(cells) | Self::Time { cells, .. } => cells.bytes(),
            Self::Address(hosts) => hosts.bytes(),
            Self::Unstored => 0,
        }
    }
}

/// Up to [`BLOCK_ROWS`] consecutive rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Byte offset of each row's record in the file, ascending.
    pub offsets: Vec<u64>,
    /// One column per field of the schema, each as long as `offsets` or unstored.
    pub columns: Vec<Column>,
}

impl Block {
    /// Rows held.
    pub fn rows(&self) -> usize {
        self.offsets.len()
    }

    /// Bytes of memory taken.
    pub fn bytes(&self) -> usize {
        let cells = self.columns.iter().map(Column::bytes);
        8 * self.rows() + size_of::<Column>() * self.columns.len() + cells.sum::<usize>()
    }
}

/// The rows of one shard, in file order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// All but the last are full.
    pub blocks: Vec<Block>,
}

impl Table {
    /// Rows held.
    pub fn rows(&self) -> usize {
        self.blocks.iter().map(Block::rows).sum()
    }

    /// Bytes of memory taken.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(Block::bytes).sum()
    }

    /// The block and the place in it of row `row`, which must be one of the table's.
    pub fn locate(&self, row: usize) -> (&Block, usize) {
        (&self.blocks[row / BLOCK_ROWS], row % BLOCK_ROWS)
    }

    /// The row whose record begins at `offset`.
    pub fn find(&self, offset: u64) -> Option<usize> {
        let block = self.blocks.partition_point(|block| block.offsets.last().is_some_and(|&last| last < offset));
        let place = self.blocks.get(block)?.offsets.binary_search(&offset).ok()?;
        Some(block * BLOCK_ROWS + place)
    }

    /// The byte offset of row `row`'s record.
    pub fn offset(&self, row: usize) -> u64 {
        let (block, place) = self.locate(row);
        block.offsets[place]
    }
}
