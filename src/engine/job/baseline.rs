//! Flows known to be normal, in workers of their own → a detector for others that was fitted on them.

use std::sync::Arc;

use super::{Dataset, Fitted, Limits, Opened, answered, ask_first, drift::populate, fit_for, open, read};
use crate::{
    engine::{EngineError, FitRequest, Host, Reply},
    features::Binding,
    ingest::{Choices, Layout},
    model::{Baselined, Normal, Options, texts_of},
    table::{Role, Schema},
};

/// Flows known to be normal.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// As they were read.
    pub dataset: Dataset,
    /// Which of their columns are which of the other file's.
    binding: Binding,
    /// Columns of the baseline, and of the other file, that mean nothing in the other one.
    unbound: [Vec<String>; 2],
}

impl Baseline {
    /// These flows, for a file with these columns.
    pub(super) fn of(dataset: Dataset, schema: &Schema) -> Self {
        let here = &dataset.layout.schema;
        let binding = Binding::of(here, schema);
        let names = |columns: Vec<usize>, schema: &Schema| {
            columns.into_iter().map(|column| schema.fields[column].name.clone()).collect::<Vec<_>>()
        };
        let [only_here, only_there] = binding.unbound();
        let unbound = [names(only_here, here), names(only_there, schema)];
        Self { dataset, binding, unbound }
    }
}

/// Reads the file that the workers were given as a baseline for one with these columns: each column has the role that the same
/// one has there, and what means nothing there is left out.
///
/// # Errors
/// [`EngineError`] if it cannot be read, or no column means the same.
pub async fn open_baseline<H: Host>(host: &H, schema: &Schema, limits: Limits) -> Result<Baseline, EngineError> {
    /// What all rows tell of a column is known after the first time, and what follows from that after the second.
    const TIMES: usize = 3;
    let mut opened = open(host, &Choices::default(), limits).await?;
    for _ in 0..TIMES {
        assume_roles(&mut opened, schema);
        let dataset = read(host, &opened).await?;
        let here = &dataset.layout.schema;
        let binding = Binding::of(here, schema);
        if binding.unbound()[0].len() == here.width() {
            return Err(EngineError::Baseline("none of its columns is one of the file's".into()));
        }
        let left_out = |column: usize| binding.column(column).is_some() || here.fields[column].role == Role::Ignored;
        if (0..here.width()).all(left_out) {
            return Ok(Baseline::of(dataset, schema));
        }
        // Only all rows tell what a column holds: of numbers here and words there, nothing is compared.
        opened.layout = Arc::clone(&dataset.layout);
    }
    Err(EngineError::Baseline("its columns are told to be others whenever it is read".into()))
}

/// Gives the columns of a baseline the roles that the same ones have in a file with these.
fn assume_roles(opened: &mut Opened, there: &Schema) {
    let mut here = (*opened.layout.schema).clone();
    let binding = Binding::of(&here, there);
    for (column, field) in here.fields.iter_mut().enumerate() {
        field.role = binding.column(column).map_or(Role::Ignored, |column| there.fields[column].role);
    }
    opened.layout = Arc::new(Layout { schema: Arc::new(here), ..(*opened.layout).clone() });
}

/// Fits a detector on a baseline. What comes of it [scores](super::apply()) the other file, and lists the groups that are clearly rarer in the
/// baseline.
///
/// # Errors
/// As [`fit()`](super::fit()).
pub async fn fit_on<H: Host>(host: &H, baseline: &Baseline, options: &Options) -> Result<Fitted, EngineError> {
    let Baseline { dataset, binding, unbound } = baseline;
    let fitted = fit_for(host, dataset, options, true).await?;
    let told = ask_first(host, FitRequest::Reference { plan: Arc::clone(&fitted.plan) }).await?;
    let (space, reference) = answered!(told, Reply::Reference(space, reference) => (space, reference))?;
    let population = populate(host, dataset, (&fitted.plan, &fitted.model), None).await?;
    let population = Some(Arc::new(population.bound(binding)));
    let unlike = || EngineError::Baseline("its columns are not those of the file".into());
    let model = fitted.model.bound(&fitted.plan, binding).ok_or_else(unlike)?;
    let plan = Arc::new(fitted.plan.bound(binding).ok_or_else(unlike)?);
    let space = Arc::new(space.bound(binding).ok_or_else(unlike)?);
    let mut columns: Vec<usize> = plan.features.iter().map(|feature| feature.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let texts = texts_of(&dataset.layout.schema, &dataset.profile);
    let bound = |(column, texts)| Some((binding.column(column)?, texts));
    let texts = Arc::new(texts.into_iter().filter_map(bound).collect());
    let told = Baselined { rows: dataset.profile.rows, columns: columns.len(), unbound: unbound.clone() };
    let normal = Some(Normal { space, reference, told: Arc::new(told), texts });
    Ok(Fitted { plan, model, normal, population, ..fitted })
}
