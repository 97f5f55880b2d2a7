//! A fitted detector ⇄ its file.

use std::{collections::BTreeMap, sync::Arc};

use super::{Dataset, Fitted, Outcome, answered, ask_first, sample};
use crate::{
    detect::Model,
    engine::{EngineError, ExportRequest, FitRequest, Host, Reply},
    features::{Binding, FeaturePlan},
    model::{About, Learned, Normal, Population, Saved},
    report::Suppressions,
    table::{Field, Role, Schema},
};

/// Columns that are named.
const NAMED: usize = 6;

/// What a detector makes of a file.
async fn learn<H: Host>(
    host: &H,
    dataset: &Dataset,
    (plan, model): (&Arc<FeaturePlan>, &Model),
) -> Result<Learned, EngineError> {
    sample::ensure(host, dataset).await?;
    let profile = Arc::clone(&dataset.profile);
    let learn = FitRequest::Learn { plan: Arc::clone(plan), model: model.clone(), profile };
    answered!(ask_first(host, learn).await?, Reply::Learned(learned) => *learned)
}

/// A saved detector for a file with these columns.
///
/// # Errors
/// [`EngineError::Model`] where the file lacks a column that it compares.
pub fn bind(saved: &Saved, schema: &Schema) -> Result<Fitted, EngineError> {
    let binding = Binding::of(&saved.schema, schema);
    let mut lacking: Vec<&str> = Vec::new();
    for feature in &saved.plan.features {
        let name = saved.schema.fields[feature.column].name.as_str();
        if binding.column(feature.column).is_none() && !lacking.contains(&name) {
            lacking.push(name);
        }
    }
    let lack = || {
        let named = lacking.iter().take(NAMED).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
        let more = lacking.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        EngineError::Model(format!("it compares {named}{more}, and the file has no such column"))
    };
    let plan = Arc::new(saved.plan.bound(&binding).ok_or_else(lack)?);
    let model = saved.model.bound(&saved.plan, &binding).ok_or_else(lack)?;
    let normal = match &saved.normal {
        Some(normal) => {
            let space = Arc::new(normal.space.bound(&binding).ok_or_else(lack)?);
            let bound =
                |(&column, texts): (&usize, &BTreeMap<u32, String>)| Some((binding.column(column)?, texts.clone()));
            let texts = Arc::new(normal.texts.iter().filter_map(bound).collect());
            Some(Normal { space, texts, ..normal.clone() })
        }
        None => None,
    };
    let population = Some(Arc::new(saved.population().bound(&binding)));
    Ok(Fitted { plan, model, trained: None, normal, population })
}

/// The roles that columns of a file have with a saved detector, where they are others: by name.
#[must_use]
pub fn other_roles(saved: &Saved, schema: &Schema) -> BTreeMap<String, Role> {
    let binding = Binding::of(schema, &saved.schema);
    let other = |(column, field): (usize, &Field)| {
        let role = saved.schema.fields[binding.column(column)?].role;
        (role != field.role).then(|| (field.name.clone(), role))
    };
    schema.fields.iter().enumerate().filter_map(other).collect()
}

/// What is to be kept of a run on a file; which findings are hidden, whoever keeps it adds.
///
/// # Errors
/// [`EngineError`]
pub async fn save<H: Host>(
    host: &H,
    dataset: &Dataset,
    outcome: &Outcome,
    (about, threshold): (About, f64),
) -> Result<Saved, EngineError> {
    let mut learned = learn(host, dataset, (&outcome.plan, &outcome.model)).await?;
    if let Some(population) = &outcome.population {
        learned.population = Population::clone(population);
    }
    let saved = Saved {
        about,
        schema: Arc::clone(&dataset.layout.schema),
        options: outcome.options.clone(),
        plan: Arc::clone(&outcome.plan),
        model: outcome.model.clone(),
        normal: outcome.normal.clone(),
        threshold,
        learned,
        suppressions: Suppressions::default(),
    };
    Ok(match &outcome.normal {
        Some(normal) => saved.with_texts(&normal.texts),
        None => saved,
    })
}

/// Has the first shard write a saved detector.
///
/// # Errors
/// [`EngineError::Unsaved`] where no graph computes what it does.
pub async fn write_model<H: Host>(host: &H, saved: Saved) -> Result<H::Written, EngineError> {
    Ok(ask_first(host, ExportRequest::Model(Box::new(saved))).await?.1)
}

/// Has the first shard read one.
///
/// # Errors
/// [`EngineError::Model`] if it is unsound.
pub async fn read_model<H: Host>(host: &H, bytes: Vec<u8>) -> Result<Saved, EngineError> {
    answered!(ask_first(host, FitRequest::OpenModel { bytes }).await?, Reply::Model(saved) => *saved)
}
