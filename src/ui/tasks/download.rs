use leptos::prelude::*;

use super::{Failure, Jobs, Kind, Page};
use crate::{
    engine::{self, Export},
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
    let Some(loaded) = page.data.loaded.get_untracked() else { return };
    let export = match what {
        What::Results(selection) => Some(Export {
            filter: crate::report::Filter::default(),
            selection,
            cells: if page.chrome.neutralise.get_untracked() { Cells::Neutralised } else { Cells::AsTheyAre },
            anomalies: page.runs.verdict.get_untracked().anomalies,
            both: page.runs.agreed.with_untracked(Option::is_some),
            typical: loaded.dataset.typical.to_vec(),
        }),
        What::Rejected => None,
    };
    let name = file_name(page.data.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone())), what);
    Jobs::start(page, Kind::Aside, async move |job| {
        let parts = match export {
            Some(export) => job.wait(engine::export(&job.host, export)).await?,
            None => job.wait(engine::export_rejected(&job.host, &loaded.dataset)).await?,
        };
        web::download(&name, &parts).map_err(|_| Failure::Words("The browser refused the download.".into()))
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
