//! What goes on: state in words, progress, cancel, errors.

use leptos::prelude::*;

use super::{training_card::device_words, words as said};
use crate::{
    train::Device,
    ui::{
        format,
        state::{Page, Phase},
        tasks, words,
    },
};

/// One line under the header that is always there.
#[component]
pub fn StatusBar() -> impl IntoView {
    let page = Page::here();
    let device = said(move || match page.workers.get() {
        0 => "Starting workers…".to_owned(),
        workers if page.training.device.get() == Some(Device::WebGpu) => {
            format!("GPU (WebGPU), {}", format::counted(workers as u64, "worker", "workers"))
        }
        workers => format!("CPU, {}", format::counted(workers as u64, "worker", "workers")),
    });
    let device_name = move || page.training.device.get().unwrap_or_default().name();
    let device_why = move || {
        page.finished.with(|run| {
            let trained = run.as_ref().and_then(|run| run.outcome.trained.as_ref());
            trained.map(|trained| format!("{}: {}", device_words(trained.device), trained.why))
        })
    };
    let percent = move || page.pace.with(|pace| pace.as_ref().map_or(0, words::done_percent));
    let amount = said(move || page.pace.with(|pace| pace.as_ref().map(words::pace).unwrap_or_default()));
    let state = said(move || status(page));
    view! {
        <div class="status-bar">
            <div class="status-line">
                <span class="status" role="status" data-testid="status" data-state=said(move || page.phase.get().name().to_owned())>
                    <i class="dot" aria-hidden="true"></i>
                    {state}
                </span>
                <Show when=move || page.busy()>
                    <span class="amount">{amount}</span>
                    <span class="percent">{said(move || format!("{} %", percent()))}</span>
                    <button type="button" class="small" data-testid="cancel-button" on:click=move |_| tasks::cancel(page)>
                        "Cancel"
                    </button>
                </Show>
                <span class="device" data-testid="device" data-device=device_name title=device_why>{device}</span>
            </div>
            <Show when=move || page.busy()>
                <div
                    class="progress"
                    role="progressbar"
                    data-testid="progress"
                    aria-label="Progress"
                    aria-valuemin="0"
                    aria-valuemax="100"
                    aria-valuenow=said(move || percent().to_string())
                    aria-valuetext=said(move || format!("{}: {}", state.get(), amount.get()))
                >
                    <div class="done" style:width=said(move || format!("{}%", percent()))></div>
                </div>
            </Show>
        </div>
    }
}

/// What went wrong, in words, until something new is begun.
#[component]
pub fn ErrorBox() -> impl IntoView {
    let page = Page::here();
    view! {
        <Show when=move || page.error.with(Option::is_some)>
            <section class="card error" role="alert" data-testid="error">
                {said(move || page.error.get().unwrap_or_default())}
            </section>
        </Show>
    }
}

fn status(page: Page) -> String {
    let stage = || page.pace.with(|pace| pace.as_ref().map(|pace| pace.progress.stage.words()));
    let flows = || page.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.dataset.profile.rows));
    match (page.phase.get(), flows()) {
        (_, _) if page.writing.get() => stage().unwrap_or("Starting").to_owned(),
        (Phase::Empty, _) => "No file yet".to_owned(),
        (Phase::Loading, _) => stage().unwrap_or("Opening the file").to_owned(),
        (Phase::Running, _) => stage().unwrap_or("Starting the detector").to_owned(),
        (Phase::Ready, rows) => {
            format!("Ready to run on {}", format::counted(rows.unwrap_or_default(), "flow", "flows"))
        }
        (Phase::Done, rows) => {
            let rows = rows.unwrap_or_default();
            match page.verdict.get().anomalies {
                0 => format!("Done: none of {} stands out", format::counted(rows, "flow", "flows")),
                1 => format!("Done: 1 of {} stands out", format::counted(rows, "flow", "flows")),
                many => {
                    format!("Done: {} of {} stand out", format::count(many), format::counted(rows, "flow", "flows"))
                }
            }
        }
        (Phase::Cancelled, Some(_)) => "Cancelled; the file is still loaded".to_owned(),
        (Phase::Cancelled, None) => "Cancelled; choose a file to begin again".to_owned(),
        (Phase::Error, Some(_)) => "Failed; the file is still loaded".to_owned(),
        (Phase::Error, None) if page.file.with(Option::is_some) => "Could not read the file with these settings".to_owned(),
        (Phase::Error, None) => "Failed".to_owned(),
    }
}
