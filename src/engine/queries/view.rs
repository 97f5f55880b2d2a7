//! What the charts show.

use crate::{
    detect::summary::Bins,
    engine::{EngineError, KeptRows, Merge, Outlet, Query, Shard},
    ingest::Source,
    report::{Axis, Density, Judged, View, ViewQuery},
};

impl Merge for View {
    fn merge(&mut self, next: Self) {
        View::merge(self, next);
    }
}

impl Query for ViewQuery {
    type Answer = View;

    /// Where rows are not held, scores are known by their bins but for the highest, and the plane of the axes shows rows of
    /// the file's sample: of all rows, the first shard has it; of those that a filter leaves, each shard has its own.
    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<View, EngineError> {
        if !self.filter.is_empty() {
            shard.kept(&self.filter, self.anomalies, outlet).await?;
            return shard.view_of_kept(&self);
        }
        let layout = shard.file_layout()?;
        let run = shard.run()?;
        let mut view = View::new(&self, shard.table(run), run.judged());
        if let Some(ranks) = &run.shard_ranks {
            add_bins(&mut view, ranks.own());
            view.density = Density::default();
            let sample = shard.sample();
            if let Some([x, y]) = self.axes.as_ref().filter(|_| sample.rows > 0) {
                let numbers = |axis: &Axis| sample.values(axis.column, &layout.schema.fields[axis.column]);
                view.density.add(x, y, numbers(x).into_iter().zip(numbers(y)));
            }
        }
        Ok(view)
    }
}

impl<S: Source + 'static> Shard<S> {
    fn view_of_kept(&self, query: &ViewQuery) -> Result<View, EngineError> {
        let run = self.run()?;
        match self.last_kept().map(|kept| &kept.part) {
            Some(KeptRows::Held(rows)) => Ok(View::of_rows(query, self.table(run), run.judged(), rows)),
            Some(KeptRows::Streamed { table, scores, ranks, groups, rest, sampled }) => {
                let mut view = View::new(query, table, Judged { scores, ranks, groups });
                add_bins(&mut view, rest);
                // No score and no rank of these is drawn.
                let (scores, ranks) = (vec![0.0; sampled.rows()], vec![u32::MAX; sampled.rows()]);
                let nothing = Judged { scores: &scores, ranks: &ranks, groups: &[] };
                view.density = View::new(query, sampled, nothing).density;
                Ok(view)
            }
            None => Err(EngineError::Protocol("nothing was filtered".into())),
        }
    }
}

fn add_bins(view: &mut View, bins: &Bins) {
    bins.descending().for_each(|(bin, rows)| view.histogram.add_many(Bins::middle(bin), rows));
}
