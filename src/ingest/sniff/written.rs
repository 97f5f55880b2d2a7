//! How often the cells of a column are quantities as people write them.

use std::collections::BTreeMap;

use crate::{
    ingest::quantity::{Form, Quantity},
    table::Unit,
};

/// Counts of cells that are numbers, but no plain ones.
#[derive(Default)]
pub(super) struct Written {
    /// By what they are counted in.
    by_unit: BTreeMap<Option<Unit>, usize>,
    /// `5G`: digits and a prefix.
    prefixed: usize,
    /// `(12.5)`.
    bracketed: usize,
    /// Hours, minutes and seconds; not among the others.
    pub clocks: usize,
}

impl Written {
    pub fn add(&mut self, quantity: Quantity) {
        *self.by_unit.entry(quantity.unit).or_default() += 1;
        self.prefixed += usize::from(quantity.form == Form::Prefixed);
        self.bracketed += usize::from(quantity.form == Form::Bracketed);
    }

    /// All of them, clocks aside.
    pub fn count(&self) -> usize {
        self.by_unit.values().sum()
    }

    /// The unit of most.
    pub fn unit(&self) -> Option<Unit> {
        let units = self.by_unit.iter().filter_map(|(unit, count)| Some((*unit.as_ref()?, *count)));
        units.rev().max_by_key(|(_, count)| *count).map(|(unit, _)| unit)
    }

    /// Those that are no numbers after all, of `filled` cells: in another unit than most; names such as `5G` where
    /// nothing is written otherwise; in brackets where few are without.
    pub fn doubtful(&self, filled: usize) -> usize {
        let of = |unit: Option<Unit>| self.by_unit.get(&unit).copied().unwrap_or(0);
        let other_units = self.count() - of(None) - self.unit().map_or(0, |unit| of(Some(unit)));
        let names = if self.prefixed == filled { filled } else { 0 };
        let bracketed = if self.bracketed * 2 >= filled { self.bracketed } else { 0 };
        (other_units + names + bracketed).min(filled)
    }
}
