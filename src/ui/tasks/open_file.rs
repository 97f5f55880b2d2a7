use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::Page;
use crate::{
    engine::{self, Dataset, EngineError},
    ui::state::{Loaded, OpenedFile, Phase},
    web::{dom::File, now},
};

/// Reads a file in place of the one before, whatever is going on.
pub fn open_file(page: Page, file: File, synthetic: bool) {
    let turn = page.begin();
    page.forget_file();
    page.phase.set(Phase::Loading);
    let opened = OpenedFile { name: file.name(), bytes: file.size() as u64, synthetic };
    spawn_local(async move {
        let started = now();
        let read = read(page, turn, &file, opened).await;
        if !page.is_current(turn) {
            return;
        }
        match read {
            Ok(dataset) => {
                page.loaded.set(Some(Arc::new(Loaded { dataset, took: now() - started })));
                page.end(Phase::Ready);
            }
            Err(error) => {
                page.forget_file();
                page.fail(&error);
            }
        }
    });
}

async fn read(page: Page, turn: u64, file: &File, opened: OpenedFile) -> Result<Dataset, EngineError> {
    let host = page.idle_host().await?;
    if !page.is_current(turn) {
        return Err(EngineError::Cancelled);
    }
    page.file.set(Some(opened));
    host.open(file);
    engine::load(&host).await
}
