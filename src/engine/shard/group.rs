//! Rows → groups of alike ones, and bursts.

use std::sync::Arc;

use super::{Crowds, Run, Shard, read::Stretch};
use crate::{
    context::{Bursts, Clock, Ends, Frequent, Overlaps, Traces},
    detect::groups::Reference,
    engine::{EngineError, Outlet, Progress, Reply, grouping::at, message::Compared},
    features::{FeaturePlan, Points, Space},
    ingest::Source,
    report::{Counting, GroupFacts},
    table::{Block, row_hash},
};

impl<S: Source + 'static> Shard<S> {
    pub(super) fn space(&self, plan: &FeaturePlan) -> Result<Reply, EngineError> {
        Ok(Reply::Space(Arc::new(Space::of(plan, &self.sample, &self.layout()?.schema))))
    }

    /// The sample as flows known to be normal.
    pub(super) fn reference(&self, plan: &FeaturePlan) -> Result<Reply, EngineError> {
        /// Rows of a reference: comparing with more takes longer, and tells little more.
        const ROWS: usize = 8_192;
        let schema = &self.layout()?.schema;
        let space = Space::of(plan, &self.sample, schema);
        let points = space.of_sample(&self.sample, schema, ROWS);
        let reference = Reference::of(points, space.features());
        Ok(Reply::Reference(Arc::new(space), Arc::new(reference)))
    }

    /// Where the rows lie that are to be compared.
    pub(super) fn points(&self, space: &Space, compared: Compared) -> Result<Reply, EngineError> {
        let run = self.next.as_ref().ok_or_else(|| EngineError::Protocol("nothing is being scored".into()))?;
        let (mut drawn, mut highest) = (space.empty(), space.empty());
        self.each_compared(run, compared, &mut |block, row, by_chance| {
            space.push(if by_chance { &mut drawn } else { &mut highest }, block, row);
        })?;
        Ok(Reply::Points { drawn, highest })
    }

    /// The first row of those that were compared that lies at a point, by its place in the file.
    pub(in crate::engine) fn compared_at(&self, point: &Points) -> Result<Option<u64>, EngineError> {
        let run = self.run()?;
        let Some(Crowds { groups, compared, .. }) = &run.crowds else { return Ok(None) };
        let mut found: Option<u64> = None;
        self.each_compared(run, *compared, &mut |block, row, _| {
            let offset = block.offsets[row];
            if found.is_none_or(|first| offset < first) && groups.lies_at(block, row, point) {
                found = Some(offset);
            }
        })?;
        Ok(found)
    }

    /// Visits the rows of a run that are compared, and says of each whether it was drawn by chance.
    fn each_compared(
        &self,
        run: &Run,
        compared: Compared,
        visit: &mut dyn FnMut(&Block, usize, bool),
    ) -> Result<(), EngineError> {
        let schema = self.layout()?.schema.clone();
        let drawn = |offset: u64| row_hash(self.sampling.1, offset) <= compared.cutoff;
        if !self.held
            && let Some(sample) = &self.drawn
        {
            for block in &sample.table(&schema).blocks {
                (0..block.rows()).filter(|&row| drawn(block.offsets[row])).for_each(|row| visit(block, row, true));
            }
        }
        let mut ranks = run.ranks.iter();
        for block in &self.table(run).blocks {
            for (row, (&offset, &rank)) in block.offsets.iter().zip(ranks.by_ref()).enumerate() {
                let by_chance = drawn(offset);
                let visited = !self.held && by_chance;
                if !visited && (rank <= compared.highest || by_chance) {
                    visit(block, row, by_chance);
                }
            }
        }
        Ok(())
    }

    /// How many rows everybody has at most, as counted while they were scored.
    pub(super) fn sifted(&mut self) -> Result<Reply, EngineError> {
        let (sieve, _) = self.next()?.sieve.take().ok_or_else(|| EngineError::Protocol("nobody was counted".into()))?;
        Ok(Reply::Sifted(sieve))
    }

    /// Says when the rows were of those who have many.
    pub(super) async fn trace(
        &mut self,
        by: (&Ends, &Clock, &Frequent),
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let mut traces = Traces::default();
        self.each_block(|done| at(2, done / 2.0), |block| traces.add(by, block), outlet).await?;
        Ok(Reply::Traced(traces))
    }

    /// Counts how many rows are of several bursts.
    pub(super) async fn overlap(&mut self, bursts: &Bursts, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let mut overlaps = Overlaps::default();
        self.each_block(|done| at(2, (1.0 + done) / 2.0), |block| overlaps.add(bursts, block), outlet).await?;
        Ok(Reply::Overlaps(overlaps))
    }

    /// Says which group or burst each row is in, and counts what is true of each.
    pub(super) async fn assign_groups(
        &mut self,
        crowds: Crowds,
        (span, clock): ([i64; 2], Option<Arc<Clock>>),
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let schema = self.layout()?.schema.clone();
        let plan = Arc::clone(&self.next()?.plan);
        let compared = plan.features.iter().map(|feature| feature.column);
        let counting = Counting::new(&schema, compared, (span, clock.map(Arc::unwrap_or_clone)));
        let mut facts = vec![counting.none(&schema); crowds.len()];
        let mut shared = vec![0; crowds.groups.groups.len()];
        // Where rows are not held, the highest-scoring are, but not with their addresses.
        let held = self.held;
        let highest = std::mem::take(&mut self.next()?.table);
        let mut assigned = vec![0; highest.rows()];
        let assign = |block: &Block| {
            let here = crowds.assign(block, |group| shared[group] += 1);
            count(&counting, &mut facts, block, &here);
            if held {
                assigned.extend(here);
                return;
            }
            for (offset, number) in block.offsets.iter().zip(here).filter(|(_, number)| *number > 0) {
                if let Some(row) = highest.find(*offset) {
                    assigned[row] = number;
                }
            }
        };
        let done = match held || crowds.len() > 0 {
            true => self.each_block(|done| at(3, done), assign, outlet).await,
            false => Ok(()),
        };
        let run = self.next()?;
        run.table = highest;
        done?;
        (run.crowds, run.assigned) = (Some(crowds), assigned);
        Ok(Reply::Assigned(facts, shared))
    }

    /// Gives groups and bursts other numbers.
    pub(super) fn renumber(&mut self, numbers: &[u8]) -> Result<Reply, EngineError> {
        let run = self.next()?;
        if let Some(crowds) = &mut run.crowds {
            crowds.renumber(numbers);
        }
        for group in &mut run.assigned {
            *group = group.checked_sub(1).and_then(|place| numbers.get(place as usize)).copied().unwrap_or(0);
        }
        Ok(Reply::Done)
    }

    /// Visits all rows, and reads them again where they are not held.
    async fn each_block(
        &mut self,
        progress: impl Fn(f64) -> Progress,
        mut visit: impl FnMut(&Block),
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let share = |rows: usize, all: usize| rows as f64 / all.max(1) as f64;
        let mut rows = 0;
        if self.held {
            let total = self.table.rows();
            for block in &self.table.blocks {
                outlet.tick(progress(share(rows, total))).await?;
                visit(block);
                rows += block.rows();
            }
            return Ok(());
        }
        self.expect_all();
        let mut from = self.stretch.start;
        while from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            blocks.iter().for_each(&mut visit);
            rows += blocks.iter().map(Block::rows).sum::<usize>();
            from = next;
            outlet.tick(progress(share(rows, self.rows as usize))).await?;
        }
        Ok(())
    }
}

fn count(counting: &Counting, facts: &mut [GroupFacts], block: &Block, assigned: &[u8]) {
    for (row, &group) in assigned.iter().enumerate() {
        if let Some(facts) = (group as usize).checked_sub(1).and_then(|group| facts.get_mut(group)) {
            counting.add(facts, block, row);
        }
    }
}
