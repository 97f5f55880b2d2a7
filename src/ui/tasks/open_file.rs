use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::Page;
use crate::{
    engine::{self, Dataset, EngineError, Host, Reply, Request},
    ingest::{Choices, Container, Encoding},
    ui::{
        reading::Told,
        state::{Loaded, OpenedFile, Phase},
    },
    web::{WebHost, dom::File, memory_limits, now},
};

/// Reads files, together as one table, in place of what was there before, whatever is going on.
pub fn open_files(page: Page, files: Vec<File>, synthetic: bool) {
    let Some(first) = files.first() else { return };
    let name = match files.len() {
        1 => first.name(),
        more => format!("{} and {} more", first.name(), more - 1),
    };
    let bytes = files.iter().map(|file| file.size() as u64).sum();
    page.forget_file();
    page.choices.set(Choices::default());
    page.told.set(Told::default());
    page.keep_files(files);
    page.file.set(Some(OpenedFile { name, bytes, synthetic }));
    read_again(page);
}

/// Reads files once their folders were looked through.
pub fn open_dropped(page: Page, files: impl Future<Output = Result<Vec<File>, EngineError>> + 'static) {
    spawn_local(async move {
        match files.await {
            Ok(files) => open_files(page, files, false),
            Err(error) => page.fail(&error),
        }
    });
}

/// Reads the same files in another way.
pub fn choose(page: Page, change: impl FnOnce(&mut Choices)) {
    page.choices.update(change);
    read_again(page);
}

/// Reads the files as the visitor chose. What is known of them stays in sight until it is replaced.
pub(super) fn read_again(page: Page) {
    let Some(file) = page.file.get_untracked() else { return };
    let turn = page.begin();
    page.forget_runs();
    page.phase.set(Phase::Loading);
    spawn_local(async move {
        let started = now();
        let read = read(page, turn, file).await;
        if !page.is_current(turn) {
            return;
        }
        match read {
            Ok(dataset) => {
                page.loaded.set(Some(Arc::new(Loaded { dataset, took: now() - started })));
                page.end(Phase::Ready);
            }
            Err(error) => {
                page.loaded.set(None);
                page.fail(&error);
            }
        }
    });
}

async fn read(page: Page, turn: u64, file: OpenedFile) -> Result<Dataset, EngineError> {
    let host = page.idle_host().await?;
    if !page.is_current(turn) {
        return Err(EngineError::Cancelled);
    }
    // It is dropped where a worker had to be replaced.
    page.file.set(Some(file));
    page.with_files(|files| host.open(files));
    let choices = page.choices.get_untracked();
    let opened = match engine::open(&host, &choices, memory_limits()).await {
        Ok(opened) => Arc::new(opened),
        Err(error) => {
            let seen = look(&host).await;
            if page.is_current(turn) {
                page.opened.set(None);
                page.learn(|told| told.glimpse(seen, &choices));
            }
            return Err(error);
        }
    };
    if page.is_current(turn) {
        page.learn(|told| told.learn(&opened, &choices));
        page.opened.set(Some(Arc::clone(&opened)));
    }
    let began = now();
    let dataset = engine::read(&host, &opened).await?;
    page.measure_reading(opened.layout.file_bytes, now() - began);
    Ok(dataset)
}

/// What can be told of the first file even where it cannot be read as it was chosen.
async fn look(host: &WebHost) -> Option<(Container, Encoding)> {
    match host.ask(0, Request::Examine { input: 0 }).await {
        Ok((Reply::Examined(container, encoding), _)) => Some((container, encoding)),
        _ => None,
    }
}
