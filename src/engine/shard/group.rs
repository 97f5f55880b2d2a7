//! Rows → groups of alike ones.

use std::sync::Arc;

use super::{Run, Shard, read::Stretch};
use crate::{
    detect::groups::{Groups, Reference},
    engine::{EngineError, Outlet, Reply, grouping::at, message::Compared},
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
        let Some((groups, compared)) = &run.groups else { return Ok(None) };
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

    /// Says which group each row is in, and counts what is true of each.
    pub(super) async fn assign_groups(
        &mut self,
        groups: Arc<Groups>,
        compared: Compared,
        span: [i64; 2],
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let schema = self.layout()?.schema.clone();
        let plan = Arc::clone(&self.next()?.plan);
        let counting = Counting::new(&schema, plan.features.iter().map(|feature| feature.column), span);
        let mut facts = vec![counting.none(&schema); groups.groups.len()];
        let mut assigned = Vec::new();
        let share = |rows: usize, all: usize| rows as f64 / all.max(1) as f64;
        if self.held || groups.is_empty() {
            let total = self.table.rows();
            for block in &self.table.blocks {
                outlet.tick(at(2, share(assigned.len(), total))).await?;
                let here = groups.assign(block);
                count(&counting, &mut facts, block, &here);
                assigned.extend(here);
            }
        } else {
            self.expect_all();
            let (mut from, mut rows) = (self.stretch.start, 0);
            while from < self.stretch.end {
                let Stretch { blocks, next } = self.read_stretch(from).await?;
                for block in &blocks {
                    count(&counting, &mut facts, block, &groups.assign(block));
                    rows += block.rows();
                }
                from = next;
                outlet.tick(at(2, share(rows, self.rows as usize))).await?;
            }
        }
        let run = self.next()?;
        run.table.blocks.iter().for_each(|block| assigned.extend(groups.assign(block)));
        (run.groups, run.assigned) = (Some((groups, compared)), assigned);
        Ok(Reply::Assigned(facts))
    }

    /// Gives groups other numbers.
    pub(super) fn renumber(&mut self, numbers: &[u8]) -> Result<Reply, EngineError> {
        let run = self.next()?;
        if let Some((groups, _)) = &mut run.groups {
            Arc::make_mut(groups).renumber(numbers);
        }
        for group in &mut run.assigned {
            *group = group.checked_sub(1).and_then(|place| numbers.get(place as usize)).copied().unwrap_or(0);
        }
        Ok(Reply::Done)
    }
}

fn count(counting: &Counting, facts: &mut [GroupFacts], block: &Block, assigned: &[u8]) {
    for (row, &group) in assigned.iter().enumerate() {
        if let Some(facts) = (group as usize).checked_sub(1).and_then(|group| facts.get_mut(group)) {
            counting.add(facts, block, row);
        }
    }
}
