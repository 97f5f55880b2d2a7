use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::{
    engine::{self, EngineError, Export},
    report::{Cells, Selection},
    web,
};

/// What can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The results.
    Results(Selection),
    /// Rows that were left out, and cells that were not understood.
    Rejected,
}

/// Writes something into a file and offers it.
pub fn download(page: Page, what: What) {
    let Some(loaded) = page.loaded.get_untracked() else { return };
    let turn = page.begin();
    // Only now: each turn has a handle of its own.
    let Some(host) = page.host() else { return };
    page.writing.set(true);
    let export = match what {
        What::Results(selection) => Some(Export {
            selection,
            cells: if page.neutralise.get_untracked() { Cells::Neutralised } else { Cells::AsTheyAre },
            anomalies: page.verdict.get_untracked().anomalies,
            both: page.agreed.with_untracked(Option::is_some),
            typical: loaded.dataset.typical.to_vec(),
        }),
        What::Rejected => None,
    };
    let name = file_name(page.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone())), what);
    spawn_local(async move {
        let parts = match export {
            Some(export) => engine::export(&host, export).await,
            None => engine::export_rejected(&host, &loaded.dataset).await,
        };
        if !page.is_current(turn) {
            return;
        }
        let refused = |_| EngineError::Protocol("the browser refused the download".into());
        match parts.and_then(|parts| web::download(&name, &parts).map_err(refused)) {
            Ok(()) => {
                page.end(page.rest());
                // What the visitor wished for before may not have been shown yet.
                refresh(page, None).await;
            }
            Err(error) => page.fail(&error),
        }
    });
}

fn file_name(input: Option<String>, what: What) -> String {
    let input = input.unwrap_or_default();
    let stem = input.rsplit_once('.').map_or(input.as_str(), |(stem, _)| stem);
    let what = match what {
        What::Results(Selection::Anomalies) => "anomalies",
        What::Results(Selection::All) => "results",
        What::Rejected => "rejected",
    };
    if stem.is_empty() { format!("flowsift-{what}.csv") } else { format!("{stem}-{what}.csv") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_after_the_input() {
        assert_eq!(file_name(Some("a.b.csv".into()), What::Results(Selection::All)), "a.b-results.csv");
        assert_eq!(file_name(Some("flows".into()), What::Results(Selection::Anomalies)), "flows-anomalies.csv");
        assert_eq!(file_name(None, What::Rejected), "flowsift-rejected.csv");
    }
}
