use leptos::prelude::*;

use super::{
    Failure, Job, Jobs, Kind, Page,
    read::read,
    review::keep,
    run::{make, seen, show, wanted},
};
use crate::{
    engine::EngineError,
    report::{FORMAT, FileFacts, Manifest, Reading, Results},
    train::{Device, DevicePreference},
    ui::{
        manifest::{ENDING, compared, facts, lacking, other_file},
        panels::runs,
        state::{Past, Settings, TrainedOn},
    },
    web::{self, dom::File},
};

/// Bytes of a manifest that are read.
const MOST: f64 = (64 << 20) as f64;

/// All that the last run takes to be made again, if its file can be known again.
pub(super) fn manifest(page: Page) -> Option<Manifest> {
    let (run, last, file) = (page.runs.finished.get()?, page.runs.last()?, page.data.file.get()?);
    let mut settings = last.settings.clone();
    // The device that computed it, whatever was wished for.
    settings.device = match run.outcome.trained.as_ref().map(|trained| trained.device) {
        Some(Device::Cpu) => DevicePreference::Cpu,
        Some(Device::WebGpu) => DevicePreference::Gpu,
        None => DevicePreference::default(),
    };
    let mut manifest = Manifest {
        manifest: FORMAT,
        flowsift: env!("CARGO_PKG_VERSION").to_owned(),
        created: web::today(),
        file: FileFacts { name: file.name, bytes: file.bytes, identity: page.review.name()? },
        reading: page.data.choices.with(Reading::of),
        settings: settings.written(),
        results: results(page, &last),
        told: Vec::new(),
        remarks: page.review.notebook.get(),
    };
    manifest.told = facts(&manifest, runs::words::settings(&last));
    Some(manifest)
}

fn results(page: Page, run: &Past) -> Results {
    Results {
        ran: run.ran.clone(),
        flows: page.data.rows(),
        threshold: run.verdict.score,
        flagged: run.verdict.anomalies,
        groups: run.groups as u64,
        identity: format!("{:016x}", run.sum),
    }
}

/// Offers the last run's manifest as a file.
pub fn download_manifest(page: Page) {
    let manifest = untrack(|| manifest(page));
    Jobs::start(page, Kind::Aside, async move |_| {
        let unknown =
            || Failure::Words("The file could not be read to be known again, so its runs have no manifest.".into());
        let manifest = manifest.ok_or_else(unknown)?;
        let name = &manifest.file.name;
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        web::download_text(&format!("{stem}.{ENDING}"), &manifest.to_json())
            .map_err(|_| Failure::Words("The browser refused the download.".into()))
    });
}

/// Makes a run again that a manifest tells of, on the same file, and says whether it came to the same.
pub fn repeat(page: Page, file: File) {
    if untrack(|| page.busy()) {
        return;
    }
    page.setup.training.forget();
    Jobs::start(page, Kind::Run, async move |job| {
        let manifest = written(&job, &file).await?;
        again(&job, manifest).await?;
        seen(&job, move || show(page)).await;
        Ok(())
    });
}

async fn written(job: &Job, file: &File) -> Result<Manifest, Failure> {
    let none = || Failure::Words("That file is no manifest of Flowsift’s.".into());
    if file.size() > MOST {
        return Err(none());
    }
    let text = job.wait(async { Ok(web::text_of(file).await) }).await?.ok_or_else(none)?;
    web::manifest::read(&text).map_err(Failure::Words)
}

async fn again(job: &Job, manifest: Manifest) -> Result<(), Failure> {
    let page = job.page;
    if page.review.name().as_ref() != Some(&manifest.file.identity) {
        return Err(Failure::Words(other_file(&manifest.file)));
    }
    let unknown = || Failure::Words("That manifest names settings that this version of Flowsift does not have.".into());
    let settings = Settings::of(&manifest.settings).ok_or_else(unknown)?;
    let choices = manifest.reading.choices().ok_or_else(unknown)?;
    let chosen = [page.setup.baseline.name.get_untracked(), page.setup.model.name.get_untracked()];
    if let Some(words) = lacking(&settings, chosen) {
        // Where it is to be chosen is in sight then.
        page.setup.trained_on.set(settings.trained_on);
        return Err(Failure::Words(words));
    }
    if page.data.choices.with_untracked(|known| *known != choices) {
        page.data.choices.set(choices);
        read(job).await?;
    }
    let options = settings.options(untrack(|| page.data.rows()));
    if settings.trained_on != TrainedOn::Model && options.is_none_or(|options| options.rule.is_none()) {
        return Err(Failure::Words("The settings of that manifest are beyond what can be chosen here.".into()));
    }
    page.setup.put_back(&settings);
    if !manifest.remarks.is_empty() {
        page.review.notebook.update(|known| known.merge(manifest.remarks.clone()));
        keep(page);
    }
    let wanted = wanted(page).ok_or_else(unknown)?;
    make(job, wanted).await?;
    if page.runs.threshold.get_untracked() != manifest.results.threshold {
        page.runs.set_threshold(manifest.results.threshold);
        page.questions.settle(job).await?;
    }
    let lost = || EngineError::Protocol("the run is not remembered".into());
    let now = untrack(|| page.runs.last().map(|last| results(page, &last))).ok_or_else(lost)?;
    page.runs.repeated.set(Some(compared(&manifest, &now, env!("CARGO_PKG_VERSION"))));
    Ok(())
}
