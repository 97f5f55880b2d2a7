//! What is seen: views of [`Page`]. They read signals and call tasks, nothing else.

mod anomaly_table;
mod autoencoder_options;
mod chart_cards;
mod column_table;
mod compared_rules;
mod comparison;
mod data_panel;
mod data_report;
mod detector_panel;
mod downloads;
mod drawing;
mod explanation;
mod flow_table;
mod frame;
mod key_figures;
mod lints;
mod number_field;
mod overall;
mod params;
mod reading_card;
mod rule_chooser;
mod status_bar;
mod threshold_panel;
mod training_card;

use leptos::prelude::*;

use super::{
    state::{Page, Phase},
    tasks,
};
use crate::web::dropped::dropped_files;

/// Words that follow what they are about. As a signal and not as a closure, which would be a type of its own with all
/// the code that renders it.
fn words(say: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(say)
}

/// The whole page.
#[component]
pub fn Main() -> impl IntoView {
    let page = Page::here();
    // Entering a child counts as well as leaving it, so both are counted.
    let inside = RwSignal::new(0_i32);
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        inside.set(0);
        tasks::open_dropped(page, dropped_files(&event));
    };
    let has_data = move || page.data.loaded.with(Option::is_some);
    let has_results = move || page.runs.finished.with(Option::is_some) && page.runs.charted.is_known();
    let has_file = move || page.data.file.with(Option::is_some);
    let epochs = Memo::new(move |_| page.setup.training.epochs.with(|epochs| !epochs.is_empty()));
    let is_training = move || epochs.get() && !has_results();
    let was_trained = move || epochs.get();
    let is_new = move || !has_file() && !matches!(page.phase(), Phase::Loading);
    view! {
        <div
            class="page"
            class:dragging=move || { inside.get() > 0 }
            on:dragenter=move |event| { event.prevent_default(); inside.update(|inside| *inside += 1) }
            on:dragleave=move |_| inside.update(|inside| *inside -= 1)
            on:dragover=move |event| event.prevent_default()
            on:drop=drop
        >
            <frame::Header />
            <status_bar::StatusBar />
            <main class:new=is_new>
                <Show when=is_new><frame::Introduction /></Show>
                <div class="panels">
                    <data_panel::DataPanel />
                    <detector_panel::DetectorPanel />
                    <Show when=has_results><threshold_panel::ThresholdPanel /></Show>
                </div>
                <div class="results">
                    <status_bar::ErrorBox />
                    <Show when=is_training><training_card::TrainingCard /></Show>
                    <Show when=has_results>
                        <key_figures::KeyFigures />
                        <downloads::Downloads />
                        <comparison::CompareBar />
                        <div class="charts">
                            <chart_cards::ScoresCard />
                            <chart_cards::ScatterCard />
                            <chart_cards::CountsCard />
                        </div>
                        <Show when=was_trained><training_card::TrainingCard /></Show>
                        <anomaly_table::AnomalyTable />
                        <comparison::Comparison />
                        <explanation::Explanation />
                        <overall::Overall />
                    </Show>
                    <Show when=move || !has_results()><frame::NoResults /></Show>
                    <Show when=has_file><reading_card::ReadingCard /></Show>
                    <Show when=has_data><data_report::DataReport /></Show>
                </div>
            </main>
            <frame::Footer />
        </div>
    }
}
