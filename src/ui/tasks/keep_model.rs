use leptos::{prelude::*, task::spawn_local};
use web_sys::Blob;

use super::{Failure, Job, Jobs, Kind, Page};
use crate::{
    engine,
    model::{About, Ready, Runtimes},
    report::MOST_SUPPRESSIONS,
    ui::state::{ENDING, NOTE, name_of},
    web::{
        self,
        shelf::{self, MODELS, NOTES},
    },
};

/// Characters of a name that is kept.
const LONGEST: usize = 80;
/// What to tell whoever calls another model like one of those that come with the page.
pub(super) const TAKEN: &str = "That is the name of a ready-made model: choose another.";

/// Learns which detectors are kept. Where there is no such storage, there are none.
pub fn learn_models(page: Page) {
    spawn_local(async move {
        if let Ok(files) = MODELS.list().await {
            let mut notes = Vec::with_capacity(files.len());
            for file in &files {
                let name = name_of(file);
                notes.push(NOTES.text(&(name + NOTE)).await.unwrap_or_default());
            }
            page.library.know(files, notes);
        }
    });
}

/// Writes the last run's detector into a file for such runtimes and offers it.
pub fn download_model(page: Page, runtimes: Runtimes) {
    Jobs::start(page, Kind::Aside, async move |job| {
        let (name, written) = written(&job, runtimes).await?;
        web::download(&name, &[written]).map_err(|_| Failure::Words("The browser refused the download.".into()))
    });
}

/// Keeps the last run's detector in this browser.
pub fn keep_model(page: Page) {
    Jobs::start(page, Kind::Aside, async move |job| {
        let (name, written) = written(&job, Runtimes::Current).await?;
        MODELS.keep(&name, &written).await.map_err(|error| Failure::Engine(web::unkept(&error)))?;
        // What was noted of one that had this name is not about this one. Most have no note.
        let _ = NOTES.remove(&(name.trim_end_matches(ENDING).to_owned() + NOTE)).await;
        page.library.lasting.set(Some(shelf::persist().await));
        learn_models(page);
        Ok(())
    });
}

/// The last run's detector as a file, and what that is called.
async fn written(job: &Job, runtimes: Runtimes) -> Result<(String, Blob), Failure> {
    let page = job.page;
    let run = page.runs.finished.get_untracked();
    let loaded = page.data.loaded.get_untracked();
    let (Some(run), Some(loaded)) = (run, loaded) else {
        return Err(Failure::Words("There is no detector to keep.".into()));
    };
    let wanted = page.library.name.get_untracked();
    let input = page.data.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
    let stem = input.rsplit_once('.').map_or(input.as_str(), |(stem, _)| stem);
    let name = called(if wanted.trim().is_empty() { stem } else { &wanted });
    if Ready::is_called(&name) {
        return Err(Failure::Words(TAKEN.into()));
    }
    let rows = run.outcome.baseline().map_or(loaded.dataset.profile.rows, |baseline| baseline.rows);
    let about = About { name: name.clone(), created: web::today(), version: env!("CARGO_PKG_VERSION").into(), rows };
    let threshold = page.runs.threshold.get_untracked();
    let mut saved = job.wait(engine::save(&job.host, &loaded.dataset, &run.outcome, (about, threshold))).await?;
    saved.suppressions = untrack(|| page.hiding.in_force()).into_iter().map(|(rule, _)| rule).collect();
    if !saved.suppressions.is_sound() {
        return Err(Failure::Words(format!("A model carries at most {MOST_SUPPRESSIONS} rules: remove some first.")));
    }
    let written = job.wait(engine::write_model_for(&job.host, saved, runtimes)).await?;
    Ok((name + ENDING, written))
}

/// A name for a file: what is no letter, digit or harmless sign is left out.
pub(super) fn called(wanted: &str) -> String {
    let wanted = wanted.strip_suffix(ENDING).unwrap_or(wanted).trim();
    let kept = wanted.chars().filter(|sign| sign.is_alphanumeric() || " -_.()".contains(*sign)).take(LONGEST);
    let name: String = kept.collect::<String>().trim_matches([' ', '.']).to_owned();
    if name.is_empty() { "detector".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_nothing_that_a_file_system_takes_for_more() {
        assert_eq!(called("Monday.csv"), "Monday.csv");
        assert_eq!(called("../../etc/passwd"), "etcpasswd");
        assert_eq!(called(" office (clean)_2.flowsift.onnx"), "office (clean)_2");
        assert_eq!([called(""), called("…/:")], ["detector", "detector"]);
        assert_eq!(called(&"a".repeat(300)).len(), LONGEST);
    }
}
