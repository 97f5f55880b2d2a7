//! How the autoencoder was trained, while it is and afterwards.

use leptos::prelude::*;

use super::{drawing::Canvas, words};
use crate::{
    engine::Trained,
    train::Device,
    ui::{charts, charts::Plot, format, state::Page},
};

/// The loss curves, what computed and why.
#[component]
pub fn TrainingCard() -> impl IntoView {
    let page = Page::here();
    let trained = move || page.runs.finished.with(|run| run.as_ref().and_then(|run| run.outcome.trained.clone()));
    let plot = move || -> Option<Plot> {
        let kept = trained().map(|trained| trained.history.kept);
        page.setup
            .training
            .epochs
            .with(|epochs| (!epochs.is_empty()).then(|| charts::losses(epochs, kept, &page.chrome.palette.get())))
    };
    let label = words(move || {
        page.setup.training.epochs.with(|epochs| match epochs.last() {
            Some(last) => format!("Loss after {} epochs: {}", epochs.len(), format::short(last.watched())),
            None => String::new(),
        })
    });
    let ink = move || page.chrome.palette.with(|palette| palette.ink.clone());
    view! {
        <section class="card chart losses" data-testid="chart-losses">
            <h3>"Training"</h3>
            <p class="sub">
                "Mean squared error per epoch, logarithmic: of the flows that train (line) and of those that only validate
                (dashed)."
            </p>
            <Canvas plot ink label />
            {move || trained().map(|trained| view! { <p class="note" data-testid="training-note">{note(&trained)}</p> })}
            {move || trained().and_then(|trained| trained.warning.clone()).map(|warning| view! {
                <p class="note wrong" role="alert" data-testid="training-warning">{warning}</p>
            })}
        </section>
    }
}

fn note(trained: &Trained) -> String {
    let history = &trained.history;
    let layers: Vec<String> = trained.widths.iter().map(usize::to_string).collect();
    let end = if history.early { "ended early, as nothing became better" } else { "trained to the end" };
    format!(
        "{} units by layer; {} on {} flows, {end}; the weights of epoch {} are used. {}: {}.",
        layers.join("–"),
        format::counted(history.epochs.len() as u64, "epoch", "epochs"),
        format::count(history.trained_rows as u64),
        history.kept + 1,
        device_words(trained.device),
        trained.why,
    )
}

/// The device in words.
pub fn device_words(device: Device) -> &'static str {
    match device {
        Device::Cpu => "Trained on the processor",
        Device::WebGpu => "Trained on the GPU",
    }
}
