//! The distribution of the scores, and the threshold among them.

mod chart;
mod handle;

use leptos::prelude::*;

use crate::{
    detect::{Method, threshold::Rule},
    engine,
    ui::{
        charts::{Canvas, Plot},
        components::{ComparedRules, HowToRead, marks},
        format, said,
        state::Page,
    },
};

pub use chart::{Mark, scores_axis};
use handle::Handle;

/// Has it known what other rules make of the scores.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.compared,
        move || wanted_rules(page),
        async |host, rules| engine::judge_all(host, rules.clone()).await,
    );
}

fn wanted_rules(page: Page) -> Option<Vec<Rule>> {
    let method = page.runs.method().filter(|_| page.can_ask())?;
    Some(page.setup.rule.with(|rule| rule.compared(method)))
}

/// What a detector's scores are called: in short, in a sentence, as a title, and counted how.
pub fn called(method: Option<Method>) -> [&'static str; 4] {
    match method {
        Some(Method::Autoencoder) => {
            ["Error", "reconstruction error", "Reconstruction error", "Flows per mean squared error, both logarithmic."]
        }
        Some(Method::Nearest) => [
            "Distance",
            "distance",
            "Distance to the nearest",
            "Flows per distance, logarithmic; 1 is as much as another protocol.",
        ],
        Some(Method::IsolationForest) | None => ["Score", "score", "Anomaly scores", "Flows per score, logarithmic."],
    }
}

/// A histogram of the scores, and the threshold to be moved in it.
#[component]
pub fn ScoresCard() -> impl IntoView {
    let page = Page::here();
    let words = move || called(page.runs.method());
    let plot = move || -> Option<Plot> {
        let charted = page.runs.charted.get()?;
        let name = words()[0];
        let palette = page.chrome.palette.get();
        let group = charted.0.group.map(|number| (number, &charted.1.group_scores));
        Some(chart::scores((&charted.1.histogram, group), name, page.runs.threshold.get(), &marks(page), &palette))
    };
    let label = said(move || {
        format!("Flows per {}; the threshold is at {}", words()[1], format::score(page.runs.threshold.get()))
    });
    let title = said(move || words()[2].to_owned());
    let subtitle = said(move || {
        format!("{} Drag the line, or move it with the arrow keys. Letters: what other rules choose.", words()[3])
    });
    let method = Memo::new(move |_| page.runs.method());
    view! {
        <section class="card chart scores" data-testid="chart-scores">
            <h3>{title}</h3>
            <p class="sub">{subtitle}</p>
            <HowToRead section="scores" />
            <div class="plane">
                <Canvas plot label />
                <Handle />
            </div>
            // A button per rule of the detector that ran.
            {move || method.get().map(|_| view! { <ComparedRules /> })}
        </section>
    }
}
