use leptos::{prelude::*, task::spawn_local};

use super::{Page, open_files};
use crate::{
    engine::{self, EngineError},
    ui::state::Phase,
    web::{dom::File, file_of},
};

/// Flows of the sample, and the seed that they are drawn from.
const SAMPLE: (u64, u64) = (50_000, 42);
const NAME: &str = "flowsift-sample.csv";

/// Makes a file of synthetic flows and opens it as if it had been dropped.
pub fn load_sample(page: Page) {
    let turn = page.begin();
    page.forget_file();
    page.phase.set(Phase::Loading);
    spawn_local(async move {
        let made = make(page, turn).await;
        if !page.is_current(turn) {
            return;
        }
        match made {
            Ok(file) => open_files(page, vec![file], true),
            Err(error) => page.fail(&error),
        }
    });
}

async fn make(page: Page, turn: u64) -> Result<File, EngineError> {
    let host = page.idle_host().await?;
    if !page.is_current(turn) {
        return Err(EngineError::Cancelled);
    }
    let written = engine::generate(&host, SAMPLE.0, SAMPLE.1).await?;
    file_of(NAME, &written).map_err(|_| EngineError::Protocol("the browser refused to make a file".into()))
}
