//! Rows → groups of alike ones, and bursts.

use std::sync::Arc;

use super::{Crowds, Run, Shard, crowds::Undecided, read::Stretch};
use crate::{
    context::{Bursts, Clock, Ends, Frequent, Traces},
    detect::groups::{Groups, Reference},
    engine::{
        EngineError, Outlet, Progress, Reply,
        grouping::at,
        message::{Among, Compared},
    },
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
        self.each_block(|done| at(2, done), |block| traces.add(by, block), outlet).await?;
        Ok(Reply::Traced(traces))
    }

    /// Says which groups and bursts rows may be in, and counts what is true of those that are among the same.
    pub(super) async fn assign_groups(
        &mut self,
        (groups, bursts): (Arc<Groups>, Option<Arc<Bursts>>),
        compared: Compared,
        (span, clock): ([i64; 2], Option<Arc<Clock>>),
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let schema = self.layout()?.schema.clone();
        let plan = Arc::clone(&self.next()?.plan);
        let columns = plan.features.iter().map(|feature| feature.column);
        let counting = Counting::new(&schema, columns, (span, clock.map(Arc::unwrap_or_clone)));
        let mut facts: Vec<GroupFacts> = Vec::new();
        let mut undecided = Undecided::new(compared);
        // Where rows are not held, the highest-scoring are, but not with their addresses.
        let held = self.held;
        let highest = std::mem::take(&mut self.next()?.table);
        let mut numbers = vec![0; highest.rows()];
        let assign = |block: &Block| {
            for (row, among) in among(&groups, bursts.as_deref(), block).enumerate() {
                let number = undecided.number(among);
                if let Some(place) = (number as usize).checked_sub(1) {
                    if place == facts.len() {
                        facts.push(counting.none(&schema));
                    }
                    counting.add(&mut facts[place], block, row);
                }
                if held {
                    numbers.push(number);
                } else if number > 0
                    && let Some(row) = highest.find(block.offsets[row])
                {
                    numbers[row] = number;
                }
            }
        };
        let any = !groups.groups.is_empty() || bursts.as_ref().is_some_and(|bursts| !bursts.bursts.is_empty());
        let done = match held || any {
            true => self.each_block(|done| at(3, done), assign, outlet).await,
            false => Ok(()),
        };
        let run = self.next()?;
        run.table = highest;
        done?;
        let all = undecided.all();
        undecided.rows = numbers;
        run.undecided = undecided;
        Ok(Reply::Assigned(all.into_iter().zip(facts).collect()))
    }

    /// Says which group or burst each row is in.
    pub(super) fn settle(
        &mut self,
        (groups, bursts): (Arc<Groups>, Option<Arc<Bursts>>),
        kept: &[u8],
        numbers: Vec<u8>,
    ) -> Result<Reply, EngineError> {
        let run = self.next()?;
        let undecided = std::mem::take(&mut run.undecided);
        let crowds = Crowds::new((groups, bursts), undecided.compared, numbers);
        let numbers: Vec<u8> = undecided.all().iter().map(|among| crowds.number_among(among, kept)).collect();
        let number = |among: &u32| (*among as usize).checked_sub(1).map_or(0, |place| numbers[place]);
        (run.assigned, run.crowds) = (undecided.rows.iter().map(number).collect(), Some(crowds));
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

/// What the rows of a block may be in.
fn among(groups: &Groups, bursts: Option<&Bursts>, block: &Block) -> impl Iterator<Item = Among> {
    let mut rows: Vec<Among> =
        groups.assign(block).into_iter().map(|group| Among { group, bursts: Vec::new() }).collect();
    if let Some(bursts) = bursts {
        for (row, places) in rows.iter_mut().zip(bursts.of_rows(block)) {
            row.bursts.extend(places);
            row.bursts.sort_unstable();
        }
    }
    rows.into_iter()
}
