//! A fitted detector ⇄ its file.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Dataset, Fitted, Outcome, answered, ask_first, sample};
use crate::{
    detect::Model,
    engine::{EngineError, ExportRequest, FitRequest, Host, Reply},
    features::{Binding, FeaturePlan},
    model::{About, Learned, Normal, Population, Runtimes, Saved},
    report::Suppressions,
    table::{Field, Role, Schema},
};

/// Columns that are named.
const NAMED: usize = 6;
/// One in so many of the columns that a saved detector compares may be missing.
const MOST_LACKING: usize = 4;

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

/// Names of columns.
fn named(columns: &[&str]) -> String {
    let named = columns.iter().take(NAMED).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    let more = columns.len().saturating_sub(NAMED);
    if more > 0 { format!("{named} and {more} more") } else { named }
}

/// Columns that a saved detector compares and a file lacks, and how many it compares.
fn lacking<'a>(saved: &'a Saved, binding: &Binding) -> (Vec<&'a str>, usize) {
    let compared: BTreeSet<usize> = saved.plan.features.iter().map(|feature| feature.column).collect();
    let lacking = compared.iter().filter(|&&column| binding.column(column).is_none());
    (lacking.map(|&column| saved.schema.fields[column].name.as_str()).collect(), compared.len())
}

/// What to tell whoever uses a saved detector for a file with these columns, if that lacks some that it compares.
#[must_use]
pub fn without(saved: &Saved, schema: &Schema) -> Option<String> {
    let (lacking, _) = lacking(saved, &Binding::of(&saved.schema, schema));
    (!lacking.is_empty()).then(|| {
        format!(
            "The model compares {}, which this file lacks. Every flow counts as usual there: scores are less certain, and not \
             those of a file that has it all.",
            named(&lacking)
        )
    })
}

/// A saved detector for a file with these columns. What is usual stands in for up to a quarter of those that it compares, but for
/// nearest neighbours, which need all: [`without`] names them.
///
/// # Errors
/// [`EngineError::Model`] where the file lacks more of the columns that it compares.
pub fn bind(saved: &Saved, schema: &Schema) -> Result<Fitted, EngineError> {
    let binding = Binding::of(&saved.schema, schema);
    let (lacking, all) = lacking(saved, &binding);
    let lack = || {
        let most = match saved.model {
            Model::Nearest(_) => "nearest neighbours need all that they compare",
            _ => "of those that it compares, at most a quarter may be missing",
        };
        EngineError::Model(format!("it compares {}, and the file has no such column; {most}", named(&lacking)))
    };
    if lacking.len() * MOST_LACKING > all {
        return Err(lack());
    }
    let plan = Arc::new(saved.plan.bound(&binding).ok_or_else(lack)?);
    let model = saved.model.bound(&saved.plan, &binding).ok_or_else(lack)?;
    let normal = match &saved.normal {
        Some(normal) => {
            let (space, points) = normal.space.bound_in_part(&binding, normal.reference.points());
            let features = [space.features(), normal.space.features()];
            let reference = match features {
                [some, all] if some < all => Arc::new(normal.reference.along(points, features)),
                _ => Arc::clone(&normal.reference),
            };
            let bound =
                |(&column, texts): (&usize, &BTreeMap<u32, String>)| Some((binding.column(column)?, texts.clone()));
            let texts = Arc::new(normal.texts.iter().filter_map(bound).collect());
            Some(Normal { space: Arc::new(space), reference, texts, told: Arc::clone(&normal.told) })
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
    if !outcome.plan.is_whole() {
        return Err(EngineError::Unsaved("the file lacks columns that it compares".into()));
    }
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
    write_model_for(host, saved, Runtimes::Current).await
}

/// The same for certain runtimes.
///
/// # Errors
/// As [`write_model`].
pub async fn write_model_for<H: Host>(host: &H, saved: Saved, runtimes: Runtimes) -> Result<H::Written, EngineError> {
    Ok(ask_first(host, ExportRequest::Model(Box::new(saved), runtimes)).await?.1)
}

/// Has the first shard read one.
///
/// # Errors
/// [`EngineError::Model`] if it is unsound.
pub async fn read_model<H: Host>(host: &H, bytes: Vec<u8>) -> Result<Saved, EngineError> {
    answered!(ask_first(host, FitRequest::OpenModel { bytes }).await?, Reply::Model(saved) => *saved)
}
