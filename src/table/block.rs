//! Rows in blocks of columns.

use super::Compact;

/// Rows in a full block: large enough to keep loops busy, small enough to answer "cancel" between two of them.
pub const BLOCK_ROWS: usize = 8_192;

/// One column of one block.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers as scikit-learn would see them; NaN where the cell holds none.
    Number(Compact),
    /// [`text_key`](super::text_key)s, [`MISSING_KEY`](super::MISSING_KEY) where the cell is empty.
    Category(Compact),
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

    /// The numbers of a number column, unpacked into `scratch` where they must be; nothing of any other.
    pub fn numbers<'a>(&'a self, scratch: &'a mut Vec<u32>) -> &'a [f32] {
        match self {
            Self::Number(cells) => bytemuck::cast_slice(cells.bits(scratch)),
            Self::Category(_) | Self::Unstored => &[],
        }
    }

    /// The cells' 32 bits, whatever they mean; nothing where nothing is stored.
    pub fn cells(&self) -> Option<&Compact> {
        match self {
            Self::Number(cells) | Self::Category(cells) => Some(cells),
            Self::Unstored => None,
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
        let cells = self.columns.iter().filter_map(Column::cells).map(Compact::bytes);
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
