use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};

use super::{Failure, Job, Jobs, Kind, Page};
use crate::{
    engine::{self, EngineError, GroupFlows, GroupsOf},
    report::{Mark, Notebook},
    ui::{
        findings::Finding,
        state::{KNOWN_BY, Notice},
    },
    web::{
        self,
        dom::File,
        identity,
        shelf::{self, REMARKS},
    },
};

/// How the names of files end that remarks are taken away in.
const ENDING: &str = "flowsift-marks.json";
/// Bytes of such a file that are read.
const MOST: f64 = (64 << 20) as f64;

/// What the remarks on files are kept as, and what was said of them before.
pub(super) async fn known_remarks(files: &[File]) -> (Option<String>, Notebook) {
    let name = identity(files).await;
    let known = match &name {
        Some(name) => stored(name).await,
        None => None,
    };
    (name, known.unwrap_or_default())
}

/// Finds the groups of the last run again of which something was said.
pub(super) async fn recognise(job: &Job) -> Result<(), EngineError> {
    let review = job.page.review;
    let said = review.notebook.with_untracked(Notebook::flows_of_groups);
    let known = job.wait(engine::ask_all(&job.host, GroupFlows(KNOWN_BY))).await?.groups;
    let groups =
        if said.is_empty() { BTreeMap::new() } else { job.wait(engine::ask_all(&job.host, GroupsOf(said))).await? };
    let offsets = |(group, flows): (u8, Vec<(u32, u64)>)| (group, flows.into_iter().map(|(_, flow)| flow).collect());
    review.know_groups(known.into_iter().map(offsets).collect(), &groups);
    Ok(())
}

/// Marks a finding, or takes its mark away.
pub fn mark(page: Page, finding: &Finding, mark: Mark) {
    if page.review.mark(finding, web::since_1970(), mark) {
        keep(page);
    } else {
        cannot_say(page);
    }
}

/// Notes something beside a finding.
pub fn note(page: Page, finding: &Finding, note: String) {
    let known = untrack(|| page.review.remark(finding)).map(|remark| remark.note).unwrap_or_default();
    if note == known {
        return;
    }
    if page.review.say(finding, web::since_1970(), |remark| remark.note = note) {
        keep(page);
    } else {
        cannot_say(page);
    }
}

/// Of a file whose rows are not in memory, only the highest-scoring are known one by one.
fn cannot_say(page: Page) {
    let text =
        "This group cannot be marked: none of its flows is among the highest-scoring that are in memory.".to_owned();
    page.chrome.notice.set(Some(Notice { text }));
}

/// Takes the last mark or note back.
pub fn undo_remark(page: Page) {
    page.review.undo(web::since_1970());
    keep(page);
}

/// Forgets all marks and notes on the file at hand.
pub fn clear_remarks(page: Page) {
    page.review.clear(web::since_1970());
    keep(page);
}

/// Keeps what is said in this browser. What another tab said of the same file meanwhile is kept as well.
pub(super) fn keep(page: Page) {
    let review = page.review;
    if !review.is_to_be_kept() {
        return;
    }
    spawn_local(async move {
        while let Some((name, mut notebook)) = review.next_unkept() {
            // Where there are no locks, two tabs that write at the same moment lose one's remark until its next.
            let _alone = REMARKS.alone(&name).await;
            if let Some(stored) = stored(&name).await {
                review.take(&name, stored.clone());
                notebook.merge(stored);
            }
            let kept = match web::text_file(&notebook.to_json(&name)) {
                Ok(file) => REMARKS.keep(&name, &file).await.is_ok(),
                Err(_) => false,
            };
            // The first remark asks the browser not to clear such files. It may ask the visitor, who need not answer.
            if kept && review.kept.get_untracked().is_none() {
                spawn_local(async { _ = shelf::persist().await });
            }
            review.kept.set(Some(kept));
        }
    });
}

/// What was said before of the file that is kept as this.
async fn stored(name: &str) -> Option<Notebook> {
    let (file, notebook) = web::remarks::read(&REMARKS.text(name).await?)?;
    (file == name).then_some(notebook)
}

/// Offers all marks and notes on the file at hand as a file.
pub fn download_remarks(page: Page) {
    let file = page.review.name().unwrap_or_default();
    let text = page.review.notebook.with_untracked(|notebook| notebook.to_json(&file));
    let input = page.data.file.with_untracked(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
    let stem = input.rsplit_once('.').map_or(input.as_str(), |(stem, _)| stem).to_owned();
    Jobs::start(page, Kind::Aside, async move |_| {
        web::download_text(&format!("{stem}.{ENDING}"), &text)
            .map_err(|_| Failure::Words("The browser refused the download.".into()))
    });
}

/// Takes in marks and notes on the file at hand that were taken away before.
pub fn load_remarks(page: Page, file: File) {
    if untrack(|| page.busy()) {
        return;
    }
    Jobs::start(page, Kind::Aside, async move |job| {
        let no_marks = || Failure::Words("That file holds no marks of Flowsift’s.".into());
        if file.size() > MOST {
            return Err(no_marks());
        }
        let text = job.wait(async { Ok(web::text_of(&file).await) }).await?;
        let (of, notebook) = text.and_then(|text| web::remarks::read(&text)).ok_or_else(no_marks)?;
        if notebook.is_empty() {
            return Err(no_marks());
        }
        if page.review.name() != Some(of) {
            return Err(Failure::Words("Those marks are on another file, or this one has changed since.".into()));
        }
        page.review.notebook.update(|known| known.merge(notebook));
        keep(page);
        if page.runs.finished.with_untracked(Option::is_some) {
            recognise(&job).await?;
        }
        Ok(())
    });
}
