use leptos::prelude::*;

use super::{Failure, Jobs, Kind, Page};
use crate::{
    engine::{self, Dataset, Export},
    report::{Cells, Selection},
    ui::{findings, panels::finding_list},
    web,
};

/// What can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The results.
    Results(Selection),
    /// The list of findings.
    Findings,
    /// Rows that were left out, and cells that were not understood.
    Rejected,
}

/// Writes something into a file and offers it.
pub fn download(page: Page, what: What) {
    let Some(loaded) = page.data.loaded.get_untracked() else { return };
    let export = match what {
        What::Results(selection) => Some(Export {
            filter: page.selection.filter.get_untracked(),
            selection,
            cells: if page.chrome.neutralise.get_untracked() { Cells::Neutralised } else { Cells::AsTheyAre },
            anomalies: page.runs.verdict.get_untracked().anomalies,
            both: page.runs.earlier.with_untracked(Option::is_some) && untrack(|| page.data.held()),
            typical: loaded.dataset.typical.to_vec(),
            marks: untrack(|| page.review.marks()),
        }),
        What::Findings | What::Rejected => None,
    };
    let input = page.data.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
    let name = file_name(&input, what, loaded.dataset.layout.format.dialect().delimiter);
    if what == What::Findings {
        let Some(all) = untrack(|| finding_list::all(page)) else { return };
        let remarks: Vec<_> = untrack(|| all.iter().map(|finding| page.review.remark(finding)).collect());
        let hidden = untrack(|| finding_list::hidden(page, &all));
        let text = findings::csv(&all, &remarks, &hidden, loaded.dataset.profile.rows);
        Jobs::start(page, Kind::Aside, async move |_| {
            let refused = |_| Failure::Words("The browser refused the download.".into());
            web::download_text(&name, &text).map_err(refused)
        });
        return;
    }
    let grouped = page.runs.finished.with_untracked(|run| {
        run.as_ref().map_or(0, |run| run.outcome.groups.iter().map(|found| found.facts.rows).sum())
    });
    let listed = page.runs.verdict.get_untracked().anomalies + grouped;
    let expected = expected_bytes(&loaded.dataset, what, listed);
    Jobs::start(page, Kind::Aside, async move |job| {
        job.wait(web::check_room(expected)).await?;
        let parts = match export {
            Some(export) => {
                // So that the columns do not hang on how soon the button was pressed.
                if export.both && page.runs.agreed.with_untracked(Option::is_none) {
                    job.wait(engine::agree(&job.host)).await?;
                }
                job.wait(engine::export(&job.host, export)).await?
            }
            None => job.wait(engine::export_rejected(&job.host, &loaded.dataset)).await?,
        };
        web::download(&name, &parts).map_err(|_| Failure::Words("The browser refused the download.".into()))
    });
}

/// Bytes that will be written, roughly: the rows as they are in the file, `listed` of them with the anomalies and groups.
fn expected_bytes(dataset: &Dataset, what: What, listed: u64) -> f64 {
    let share = match what {
        What::Results(Selection::All) => 1.0,
        What::Results(Selection::Anomalies) => {
            listed.min(dataset.profile.rows) as f64 / dataset.profile.rows.max(1) as f64
        }
        What::Findings | What::Rejected => 0.0,
    };
    dataset.layout.file_bytes as f64 * share
}

/// After the input, without what says how that is packed; the extension is that of what is written.
fn file_name(input: &str, what: What, delimiter: u8) -> String {
    let packed = [".gz", ".zst", ".zip"].into_iter().find(|end| input.to_ascii_lowercase().ends_with(end));
    let input = &input[..input.len() - packed.map_or(0, str::len)];
    let stem = input.rsplit_once('.').map_or(input, |(stem, _)| stem);
    let stem = if stem.is_empty() { "flowsift" } else { stem };
    let (what, extension) = match what {
        What::Results(Selection::Anomalies) => ("anomalies", extension(delimiter)),
        What::Results(Selection::All) => ("results", extension(delimiter)),
        What::Findings => ("findings", "csv"),
        What::Rejected => ("rejected", "csv"),
    };
    format!("{stem}-{what}.{extension}")
}

fn extension(delimiter: u8) -> &'static str {
    match delimiter {
        b'\t' => "tsv",
        _ => "csv",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_after_the_input_and_what_is_written() {
        let all = What::Results(Selection::All);
        assert_eq!(file_name("a.b.csv", all, b','), "a.b-results.csv");
        assert_eq!(file_name("flows", What::Results(Selection::Anomalies), b';'), "flows-anomalies.csv");
        assert_eq!(file_name("", What::Rejected, b'\t'), "flowsift-rejected.csv");
        assert_eq!(file_name("flows.csv.gz", all, b','), "flows-results.csv");
        assert_eq!(file_name("flöws.CSV.GZ", all, b','), "flöws-results.csv");
        assert_eq!(file_name("conn.log", all, b'\t'), "conn-results.tsv");
        assert_eq!(file_name("hours.zip", all, b','), "hours-results.csv");
        assert_eq!(file_name("a.csv and 3 more", all, b','), "a-results.csv");
    }
}
