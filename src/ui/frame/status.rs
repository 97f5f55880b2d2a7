//! What goes on: state in words, progress, cancel.

use leptos::prelude::*;

use crate::{
    engine::Stage,
    train::Device,
    ui::{
        format,
        jobs::{Jobs, Kind, Pace},
        panels::training::device_words,
        said,
        state::{Page, Phase},
    },
};

/// What goes on, how far it is, and what computes.
#[component]
pub fn Status() -> impl IntoView {
    let page = Page::here();
    let device = said(move || match page.jobs.worker_count.get() {
        0 => "Starting workers…".to_owned(),
        workers if computed_on(page) == Device::WebGpu => {
            format!("GPU (WebGPU), {}", format::counted(workers as u64, "worker", "workers"))
        }
        workers => format!("CPU, {}", format::counted(workers as u64, "worker", "workers")),
    });
    let device_name = move || computed_on(page).name();
    let device_why = move || {
        page.runs.finished.with(|run| {
            let trained = run.as_ref().and_then(|run| run.outcome.trained.as_ref());
            trained.map(|trained| format!("{}: {}", device_words(trained.device), trained.why))
        })
    };
    let percent = move || page.jobs.pace.with(|pace| pace.as_ref().map_or(0, done_percent));
    let amount = said(move || match page.jobs.silence.get() {
        Some(seconds) => silence(seconds),
        None => page.jobs.pace.with(|pace| pace.as_ref().map(how_far).unwrap_or_default()),
    });
    let state = said(move || status(page));
    view! {
        <div class="status-line">
            <span class="status" role="status" data-testid="status" data-state=said(move || page.phase().name().to_owned())>
                <i class="dot" aria-hidden="true"></i>
                {state}
            </span>
            <Show when=move || page.busy()>
                <span class="amount">{amount}</span>
                <span class="percent">{said(move || format!("{} %", percent()))}</span>
                <button type="button" class="small" data-testid="cancel-button" on:click=move |_| Jobs::cancel(page)>
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
    }
}

/// What trains, or trained the last run.
fn computed_on(page: Page) -> Device {
    let last = || page.runs.finished.with(|run| Some(run.as_ref()?.outcome.trained.as_ref()?.device));
    page.setup.training.device.get().or_else(last).unwrap_or_default()
}

fn status(page: Page) -> String {
    let stage = || page.jobs.pace.with(|pace| pace.as_ref().map(|pace| pace.progress.stage.words()));
    let flows = || page.data.at_hand.get().then(|| page.data.rows());
    match (page.phase(), flows()) {
        (_, _) if page.jobs.kind() == Some(Kind::Aside) => stage().unwrap_or("Starting").to_owned(),
        (Phase::Empty, _) if page.data.file.with(Option::is_some) => "The file is not loaded".to_owned(),
        (Phase::Empty, _) => "No file yet".to_owned(),
        (Phase::Loading, _) => stage().unwrap_or("Opening the file").to_owned(),
        (Phase::Running, _) => stage().unwrap_or("Starting the detector").to_owned(),
        (Phase::Ready, rows) => {
            format!("Ready to run on {}", format::counted(rows.unwrap_or_default(), "flow", "flows"))
        }
        (Phase::Done, rows) => {
            let rows = rows.unwrap_or_default();
            match page.runs.verdict.get().anomalies {
                0 => format!("Done: none of {} stands out", format::counted(rows, "flow", "flows")),
                1 => format!("Done: 1 of {} stands out", format::counted(rows, "flow", "flows")),
                many => {
                    format!("Done: {} of {} stand out", format::count(many), format::counted(rows, "flow", "flows"))
                }
            }
        }
        (Phase::Cancelled, Some(_)) => "Cancelled; the file is still loaded".to_owned(),
        (Phase::Cancelled, None) => "Cancelled; the file is not loaded".to_owned(),
        (Phase::Error, Some(_)) => "Failed; the file is still loaded".to_owned(),
        (Phase::Error, None) if page.data.file.with(Option::is_some) => {
            "Could not read the file with these settings".to_owned()
        }
        (Phase::Error, None) => "Failed".to_owned(),
    }
}

/// That a worker has said nothing for so long.
fn silence(seconds: u32) -> String {
    format!("no word from a worker for {seconds} s: a slow disk or network share, or a long step; Cancel ends it")
}

/// How far the work is, in words.
fn how_far(pace: &Pace) -> String {
    let progress = pace.progress;
    let amount = match progress.stage {
        Stage::Reading | Stage::Generating => {
            format!("{} of {}", format::bytes(progress.done), format::bytes(progress.total))
        }
        _ => format!("{} of {} flows", format::count(progress.done), format::count(progress.total)),
    };
    let seconds = (pace.at - pace.since) / 1_000.0;
    if seconds < 0.3 || progress.rows == 0 {
        return amount;
    }
    format!("{amount} · {} flows/s", format::count((progress.rows as f64 / seconds) as u64))
}

/// Per cent of the work that is done.
fn done_percent(pace: &Pace) -> u64 {
    let progress = pace.progress;
    (progress.done.min(progress.total) * 100).checked_div(progress.total).unwrap_or(0)
}
