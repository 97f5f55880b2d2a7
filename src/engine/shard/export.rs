//! Ranked rows → a file of results.

use std::io::Write;

use super::{
    STRIDE, Shard,
    pass::{Passing, Visitor},
};
use crate::{
    detect::{Expected, Method, Model},
    engine::{EngineError, Export, Outlet, Reply, Stage},
    explain::{self, Explanation, Explanations},
    features::FeaturePlan,
    ingest::{Layout, Record, Source},
    report::{RankedCells, Reason, ResultsWriter, RowResult, Selection, Typical},
    table::Block,
};

/// Reasons given per row.
const REASONS: usize = 3;
/// Where fewer than one row in so many is written, rows are looked up one by one.
const SPARSE: usize = 20;

impl<S: Source + 'static> Shard<S> {
    /// Writes the chosen rows with their results, in file order.
    pub(super) async fn export(
        &mut self,
        export: &Export,
        header: bool,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let layout = self.layout()?.clone();
        let both = if export.both { Some(self.both_methods()?) } else { None };
        let writer = ResultsWriter::new(&layout, export.cells, both, !export.marks.is_empty());
        if header {
            let mut out = Vec::new();
            writer.header(&mut out).map_err(unwritten)?;
            outlet.write(&out);
        }
        let run = self.run()?;
        let (plan, model) = (run.plan.clone(), run.model.clone());
        let exact = run.shard_ranks.as_ref().map_or(u64::MAX, |ranks| ranks.tops());
        if export.both {
            self.every_rank()?;
        }
        let grouped = run.crowds.as_ref().is_some_and(|crowds| crowds.len() > 0);
        let wanted = |(row, &rank): (usize, &u32)| export.wants(rank, run.group_of(row));
        let flagged = run.ranks.iter().enumerate().filter(|&row| wanted(row)).count();
        let sparse = export.selection == Selection::Anomalies && flagged * SPARSE < run.ranks.len();
        let explaining = Explaining::new(&plan, &model);
        let out = Vec::with_capacity(STRIDE + STRIDE / 8);
        let mut writing = Writing { export, layout: &layout, writer, explaining, sparse, out, outlet };
        let known = self.held || (export.anomalies <= exact && !grouped);
        if export.selection == Selection::Anomalies && known {
            self.pass_table(Stage::Writing, &mut writing, outlet).await?;
        } else {
            // Rows beyond those with exact ranks must be read and scored again.
            self.pass_all(Stage::Writing, &mut writing, outlet).await?;
        }
        Ok(Reply::Done)
    }
}

/// Writes the rows that are wanted.
struct Writing<'a, O> {
    export: &'a Export,
    layout: &'a Layout,
    writer: ResultsWriter<'a>,
    explaining: Explaining<'a>,
    sparse: bool,
    out: Vec<u8>,
    outlet: &'a O,
}

impl<O> Writing<'_, O> {
    fn cells<'a>(&self, row: Passing<'a>) -> RankedCells<'a> {
        row.cells(self.export.anomalies)
    }
}

impl<O: Outlet> Visitor for Writing<'_, O> {
    fn is_sparse(&self) -> bool {
        self.sparse
    }

    fn needs_text(&self, row: Passing<'_>) -> bool {
        self.export.wants(row.rank, row.group) && self.export.filter.passes(self.cells(row)) != Some(false)
    }

    fn visit(&mut self, row: Passing<'_>, record: Option<&Record<'_>>) -> Result<(), EngineError> {
        let Some(record) = record else { return Ok(()) };
        if !self.export.filter.passes_as_text(self.cells(row), record, self.layout) {
            return Ok(());
        }
        let anomaly = self.export.flags(row.rank);
        let reasons = if anomaly {
            self.explaining.text((row.block, row.place), record, self.layout, &self.export.typical)
        } else {
            String::new()
        };
        let both = row.both.filter(|_| self.export.both);
        let said = self.export.marks.of(row.offset(), row.group);
        let Passing { score, rank, group, .. } = row;
        let result = RowResult { anomaly, score, rank, group, reasons: &reasons, both, said };
        self.writer.row(record, result, &mut self.out).map_err(unwritten)
    }

    fn pause(&mut self) {
        self.outlet.write(&self.out);
        self.out.clear();
    }
}

/// What it takes to say why a row scored as it did.
pub(super) struct Explaining<'a> {
    plan: &'a FeaturePlan,
    method: Method,
    explanations: Explanations<'a>,
}

impl<'a> Explaining<'a> {
    pub fn new(plan: &'a FeaturePlan, model: &'a Model) -> Self {
        Self { plan, method: model.method(), explanations: Explanations::new(plan, model) }
    }

    /// What weighs most, and what the flow holds that a row is compared with.
    pub fn reasons(&self, block: &Block, place: usize) -> (Vec<Reason>, Vec<(usize, Expected)>) {
        let Explanation { contributions, expected } = self.explanations.of(block, place);
        let reason = |(number, share): (usize, f64)| {
            let feature = &self.plan.features[number];
            let expected = expected.get(number).cloned().flatten();
            Reason { column: feature.column, aspect: feature.encoding.aspect(), share, expected }
        };
        let reasons = explain::top_reasons(&contributions, REASONS).into_iter().map(reason).collect();
        let mut alike = Vec::new();
        if self.method == Method::Nearest {
            let held = self.plan.features.iter().zip(&expected);
            alike.extend(held.filter_map(|(feature, held)| Some((feature.column, held.clone()?))));
            alike.dedup_by_key(|held| held.0);
        }
        (reasons, alike)
    }

    /// `Flow.IAT.Max 41 % (118000000, usually 912); …`
    fn text(
        &self,
        (block, place): (&Block, usize),
        record: &Record<'_>,
        layout: &Layout,
        typical: &[Typical],
    ) -> String {
        let mut text = Vec::new();
        for (place, reason) in self.reasons(block, place).0.into_iter().enumerate() {
            let separator = if place > 0 { "; " } else { "" };
            let name = layout.schema.named(reason.column, reason.aspect.as_deref());
            let cell = layout.text(record, reason.column);
            let expects = if self.method == Method::Nearest { "most alike" } else { "expected" };
            let usual = match reason.expected {
                Some(Expected::Amount(amount)) => format!(", {expects} {}", short(amount)),
                Some(Expected::Text(text)) => format!(", {expects} {text}"),
                None => typical[reason.column].text().map(|usual| format!(", usually {usual}")).unwrap_or_default(),
            };
            let written = write!(text, "{separator}{name} {:.0} % ({}{usual})", reason.share * 100.0, cell.trim());
            debug_assert!(written.is_ok(), "writing to memory does not fail");
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

fn unwritten(error: std::io::Error) -> EngineError {
    EngineError::Protocol(error.to_string())
}

/// Four digits, as that is more than a network knows.
fn short(value: f64) -> String {
    if value.abs() >= 1_000.0 { format!("{value:.0}") } else { format!("{}", (value * 1_000.0).round() / 1_000.0) }
}
