use std::sync::Arc;

use leptos::prelude::*;

use super::{Failure, Job, Jobs, Kind, Page, review::known_remarks};
use crate::{
    engine::{self, DataRequest, EngineError, Host, Reply},
    ingest::{Choices, Container, Encoding},
    ui::state::{Loaded, OpenedFile},
    web::{WebHost, dom::File, file_of, memory_limits, now},
};

/// Flows of the sample, and the seed that they are drawn from.
const SAMPLE: (u64, u64) = (50_000, 42);
const SAMPLE_NAME: &str = "flowsift-sample.csv";

/// Reads files, together as one table, in place of what was there before, whatever is going on.
pub fn open_files(page: Page, files: Vec<File>) {
    if !files.is_empty() {
        take(page, files, false);
        read_again(page);
    }
}

/// Reads files once their folders were looked through.
pub fn open_dropped(page: Page, files: impl Future<Output = Result<Vec<File>, EngineError>> + 'static) {
    Jobs::start(page, Kind::Read, async move |job| {
        let files = job.wait(files).await?;
        if files.is_empty() {
            return Err(Failure::Words("There is no file in what was dropped.".into()));
        }
        take(page, files, false);
        read(&job).await
    });
}

/// Makes a file of synthetic flows and opens it as if it had been dropped.
pub fn load_sample(page: Page) {
    Jobs::start(page, Kind::Read, async move |job| {
        let (rows, seed) = SAMPLE;
        let written = job.wait(engine::generate(&job.host, rows, seed)).await?;
        let file = file_of(SAMPLE_NAME, &written);
        let file = file.map_err(|_| Failure::Words("The browser refused to make a file.".into()))?;
        take(page, vec![file], true);
        read(&job).await
    });
}

/// Reads the same files in another way.
pub fn choose(page: Page, change: impl FnOnce(&mut Choices)) {
    page.data.choices.update(change);
    read_again(page);
}

/// Reads the files as the visitor chose. What is known of them stays in sight until it is replaced.
pub fn read_again(page: Page) {
    Jobs::start(page, Kind::Read, async |job| read(&job).await);
}

/// Comes back to the files that were read before these, and reads them again.
pub fn go_back(page: Page) {
    page.data.go_back();
    read_again(page);
}

fn take(page: Page, files: Vec<File>, synthetic: bool) {
    let Some(first) = files.first() else { return };
    let name = match files.len() {
        1 => first.name(),
        more => format!("{} and {} more", first.name(), more - 1),
    };
    let bytes = files.iter().map(|file| file.size() as u64).sum();
    // It is about the sample.
    if !synthetic {
        page.guide.close();
    }
    page.data.take(files, OpenedFile { name, bytes, synthetic });
}

/// Reads the files at hand; what was found in others before is dropped when these were read.
pub(super) async fn read(job: &Job) -> Result<(), Failure> {
    let Job { page, host, .. } = job;
    let data = page.data;
    let started = now();
    data.let_go();
    let mut files = Vec::new();
    data.with_files(|given| files = given.to_vec());
    job.wait(host.open(&files)).await?;
    let choices = data.choices.get_untracked();
    let opened = match job.wait(engine::open(host, &choices, memory_limits())).await {
        Ok(opened) => Arc::new(opened),
        Err(EngineError::Cancelled) => return Err(EngineError::Cancelled.into()),
        Err(error) => {
            let seen = look(host).await;
            if job.is_current() {
                data.opened.set(None);
                data.learn(|told| told.glimpse(seen, &choices));
            }
            return Err(error.into());
        }
    };
    data.learn(|told| told.learn(&opened, &choices));
    data.opened.set(Some(Arc::clone(&opened)));
    let began = now();
    let dataset = job.wait(engine::read(host, &opened)).await?;
    data.measure_reading(opened.layout.file_bytes, now() - began, host.shards());
    // Before anything is taken in: from here to the end, nothing waits, or panels would see one file with results of another.
    let (name, remarks) = job.wait(async { Ok(known_remarks(&files).await) }).await?;
    data.keep(Loaded { dataset, took: now() - started });
    page.runs.forget();
    // Of the same rows, earlier runs still tell: they are compared by where rows begin.
    let same = name.is_some() && name == page.review.name();
    page.runs.past.update(|past| past.retain(|run| same && run.read.choices.have_the_rows_of(&choices)));
    page.judging.forget();
    page.review.begin(name, remarks);
    page.selection.clear();
    page.setup.training.forget();
    Ok(())
}

/// What can be told of the first file even where it cannot be read as it was chosen.
async fn look(host: &WebHost) -> Option<(Container, Encoding)> {
    match host.ask(0, DataRequest::Examine { input: 0 }.into()).await {
        Ok((Reply::Examined(container, encoding), _)) => Some((container, encoding)),
        _ => None,
    }
}
