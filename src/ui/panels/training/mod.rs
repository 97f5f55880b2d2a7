//! How the autoencoder was trained, while it is and afterwards.

mod chart;

use leptos::prelude::*;

use crate::{
    engine::Trained,
    train::Device,
    ui::{
        charts::{Canvas, Plot},
        format, said,
        state::Page,
    },
};

/// The loss curves, what computed and why: of the last run, or of what is being trained.
#[component]
pub fn Training(#[prop(optional)] under_way: bool) -> impl IntoView {
    let page = Page::here();
    let trained = move || {
        let run = page.runs.finished.get().filter(|_| !under_way)?;
        run.outcome.trained.clone()
    };
    let epochs = Signal::derive(move || match trained() {
        Some(trained) => trained.history.epochs.clone(),
        None => page.setup.training.epochs.get(),
    });
    let plot = move || -> Option<Plot> {
        let kept = trained().map(|trained| trained.history.kept);
        epochs.with(|epochs| (!epochs.is_empty()).then(|| chart::losses(epochs, kept, &page.chrome.palette.get())))
    };
    let label = said(move || {
        epochs.with(|epochs| match epochs.last() {
            Some(last) => format!(
                "Loss after {}: {}",
                format::counted(epochs.len() as u64, "epoch", "epochs"),
                format::number(last.watched())
            ),
            None => String::new(),
        })
    });
    view! {
        <section class="card chart losses" data-testid="chart-losses">
            <h3>{if under_way { "Training under way" } else { "Training" }}</h3>
            <p class="sub">
                "Mean squared error by epoch, on a logarithmic scale: training (solid) and validation (dashed)."
            </p>
            <Canvas plot label />
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
    let end = if history.early { "stopped early" } else { "all epochs done" };
    format!(
        "{} units by layer; {} on {} flows, {end}; the weights are those of epoch {}. {}: {}.",
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
        Device::Cpu => "Trained on the CPU",
        Device::WebGpu => "Trained on the GPU",
    }
}
