//! A fitted detector ⇄ its file.

use std::sync::Arc;

use super::{Dataset, Fitted, Opened, answered, ask_first, sample};
use crate::{
    detect::Model,
    engine::{DataRequest, EngineError, ExportRequest, FitRequest, Host, Reply},
    features::{Binding, FeaturePlan},
    ingest::Layout,
    model::{Learned, Normal, Saved},
    table::Schema,
};

/// Columns that are named.
const NAMED: usize = 6;

/// What a detector makes of the file that it was fitted on.
///
/// # Errors
/// [`EngineError`]
pub async fn learn<H: Host>(
    host: &H,
    dataset: &Dataset,
    (plan, model): (&Arc<FeaturePlan>, &Model),
) -> Result<Learned, EngineError> {
    let sampled = answered!(ask_first(host, DataRequest::CountSample).await?, Reply::Counted(rows) => rows)?;
    if sampled != dataset.sample_rows() {
        sample::gather(host, dataset.sample_rows() as usize).await?;
    }
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
            Some(Normal { space, ..normal.clone() })
        }
        None => None,
    };
    Ok(Fitted { plan, model, trained: None, normal })
}

/// Gives the columns of a file the roles that the same ones have with a saved detector, before it is read. Others keep theirs.
pub fn assume(opened: &mut Opened, saved: &Saved) {
    let mut here = (*opened.layout.schema).clone();
    let binding = Binding::of(&here, &saved.schema);
    for (column, field) in here.fields.iter_mut().enumerate() {
        if let Some(there) = binding.column(column) {
            field.role = saved.schema.fields[there].role;
        }
    }
    opened.layout = Arc::new(Layout { schema: Arc::new(here), ..(*opened.layout).clone() });
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
