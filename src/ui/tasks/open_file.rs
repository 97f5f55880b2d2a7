use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::Page;
use crate::{
    engine::{self, Dataset, EngineError},
    ingest::Choices,
    ui::state::{Loaded, OpenedFile, Phase},
    web::{dom::File, memory_limits, now},
};

/// Reads files, together as one table, in place of what was there before, whatever is going on.
pub fn open_files(page: Page, files: Vec<File>, synthetic: bool) {
    let Some(first) = files.first() else { return };
    let name = match files.len() {
        1 => first.name(),
        more => format!("{} and {} more", first.name(), more - 1),
    };
    let opened = OpenedFile { name, bytes: files.iter().map(|file| file.size() as u64).sum(), synthetic };
    page.choices.set(Choices::default());
    page.keep_files(files);
    read_again(page, opened);
}

/// Reads the same files in another way.
pub fn choose(page: Page, change: impl FnOnce(&mut Choices)) {
    let Some(opened) = page.file.get_untracked() else { return };
    page.choices.update(change);
    read_again(page, opened);
}

fn read_again(page: Page, opened: OpenedFile) {
    let turn = page.begin();
    page.forget_file();
    page.phase.set(Phase::Loading);
    spawn_local(async move {
        let started = now();
        let read = read(page, turn, opened).await;
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
    page.file.set(Some(file));
    page.with_files(|files| host.open(files));
    let opened = Arc::new(engine::open(&host, &page.choices.get_untracked(), memory_limits()).await?);
    if page.is_current(turn) {
        page.opened.set(Some(Arc::clone(&opened)));
    }
    engine::read(&host, &opened).await
}
