use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::{
    engine::{self, EngineError, Export},
    report::{Cells, Selection},
    ui::state::Phase,
    web,
};

/// Writes the results into a file and offers it.
pub fn download(page: Page, selection: Selection) {
    let Some(loaded) = page.loaded.get_untracked() else { return };
    let turn = page.begin();
    // Only now: each turn has a handle of its own.
    let Some(host) = page.host() else { return };
    page.writing.set(true);
    let export = Export {
        selection,
        cells: if page.neutralise.get_untracked() { Cells::Neutralised } else { Cells::AsTheyAre },
        anomalies: page.verdict.get_untracked().anomalies,
        typical: loaded.dataset.typical.to_vec(),
    };
    let name = file_name(page.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone())), selection);
    spawn_local(async move {
        let parts = engine::export(&host, export).await;
        if !page.is_current(turn) {
            return;
        }
        let refused = |_| EngineError::Protocol("the browser refused the download".into());
        match parts.and_then(|parts| web::download(&name, &parts).map_err(refused)) {
            Ok(()) => {
                page.end(Phase::Done);
                // What the visitor wished for before may not have been shown yet.
                refresh(page, None).await;
            }
            Err(error) => page.fail(&error),
        }
    });
}

fn file_name(input: Option<String>, selection: Selection) -> String {
    let input = input.unwrap_or_default();
    let stem = input.rsplit_once('.').map_or(input.as_str(), |(stem, _)| stem);
    let what = match selection {
        Selection::Anomalies => "anomalies",
        Selection::All => "results",
    };
    if stem.is_empty() { format!("flowsift-{what}.csv") } else { format!("{stem}-{what}.csv") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_after_the_input() {
        assert_eq!(file_name(Some("a.b.csv".into()), Selection::All), "a.b-results.csv");
        assert_eq!(file_name(Some("flows".into()), Selection::Anomalies), "flows-anomalies.csv");
        assert_eq!(file_name(None, Selection::All), "flowsift-results.csv");
    }
}
