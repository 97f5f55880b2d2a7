//! What is done with detectors that are kept, one by one or all at once.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::{
    Jobs, Page,
    keep_model::{TAKEN, called, learn_models},
};
use crate::{
    engine,
    model::Ready,
    ui::state::{ENDING, LONGEST_NOTE, NOTE, Notice, TrainedOn, cut},
    web::{
        self,
        dom::File,
        shelf::{MODELS, NOTES},
    },
};

/// Milliseconds between two downloads: a browser drops the first where the next comes at once.
const BETWEEN: i32 = 500;
const UNFETCHED: &str = "The model cannot be fetched. Ready-made models are not stored for use without a network; one that you have used before is kept in this browser.";
const CUT: &str = "A note holds 4,096 characters: what came after them was cut off.";

/// Does something beside the job at hand, and tells why where nothing came of it.
fn begin(page: Page, work: impl Future<Output = Result<(), String>> + 'static) {
    page.jobs.close_notice(page);
    spawn_local(async move {
        if let Err(text) = work.await {
            page.chrome.notice.set(Some(Notice { text }));
        }
    });
}

fn unkept(error: JsValue) -> String {
    web::unkept(&error).to_string()
}

/// Uses a kept detector for the next run.
pub fn use_model(page: Page, place: usize) {
    if let Some(file) = page.library.file(place) {
        page.setup.model.take(file);
        page.setup.trained_on.set(TrainedOn::Model);
    }
}

/// Fetches a ready-made detector, unless it is kept already, and uses it for the next run, unless another choice was made meanwhile.
/// From then on it is kept as any other.
pub fn use_ready(page: Page, ready: &'static Ready) {
    let fetching = page.library.fetching;
    if fetching.get_untracked().is_some() {
        return;
    }
    let setup = page.setup;
    let choice = move || (setup.trained_on.get_untracked(), setup.model.name.get_untracked());
    let before = choice();
    fetching.set(Some(ready.name));
    begin(page, async move {
        let found = kept_or_fetched(page, ready.name).await;
        fetching.set(None);
        let (file, kept) = found?;
        if choice() == before {
            setup.model.take(file);
            setup.trained_on.set(TrainedOn::Model);
        }
        learn_models(page);
        kept
    });
}

/// The file of a ready-made detector, and whether it is kept: one that cannot be is used all the same.
async fn kept_or_fetched(page: Page, name: &str) -> Result<(File, Result<(), String>), String> {
    let called = name.to_owned() + ENDING;
    if let Some(file) = MODELS.file(&called).await {
        return Ok((file, Ok(())));
    }
    let blob = web::fetched(&("models/".to_owned() + &called)).await.ok_or(UNFETCHED)?;
    let file = web::file_of(&called, &blob).map_err(unkept)?;
    check(page, &file).await?;
    let kept = keep_new(name, &file).await;
    Ok((file, kept))
}

/// Offers a kept detector as a file.
pub fn download_kept(page: Page, place: usize) {
    begin(page, offer(page.library.file(place).into_iter().collect()));
}

/// Offers all kept detectors, and the notes on them, as files.
pub fn export_models(page: Page) {
    begin(page, async {
        let mut files = MODELS.list().await.map_err(unkept)?;
        files.extend(NOTES.list().await.map_err(unkept)?);
        offer(files).await
    });
}

async fn offer(files: Vec<File>) -> Result<(), String> {
    for (place, file) in files.into_iter().enumerate() {
        if place > 0 {
            web::sleep(BETWEEN).await;
        }
        let (name, blob) = (file.name(), Blob::from(file));
        web::download(&name, &[blob]).map_err(|_| "The browser refused the download.")?;
    }
    Ok(())
}

/// Removes a kept detector, and the note on it.
pub fn remove_model(page: Page, place: usize) {
    let Some(name) = page.library.name_at(place) else { return };
    begin(page, async move {
        MODELS.remove(&(name.clone() + ENDING)).await.map_err(unkept)?;
        keep_note(&name, "").await?;
        learn_models(page);
        Ok(())
    });
}

/// Gives a kept detector another name, which the note on it goes along with.
pub fn rename_model(page: Page, place: usize, wanted: &str) {
    let (Some(old), Some(file)) = (page.library.name_at(place), page.library.file(place)) else { return };
    let name = called(wanted);
    if wanted.trim().is_empty() || name == old {
        return;
    }
    begin(page, async move {
        if Ready::is_called(&name) {
            return Err(TAKEN.into());
        }
        keep_new(&name, &file).await?;
        if let Some(note) = NOTES.text(&(old.clone() + NOTE)).await {
            keep_note(&name, &note).await?;
            keep_note(&old, "").await?;
        }
        MODELS.remove(&(old.clone() + ENDING)).await.map_err(unkept)?;
        // What is chosen goes along.
        let chosen = page.setup.model;
        if chosen.name.get_untracked() == Some(old + ENDING)
            && let Some(renamed) = MODELS.file(&(name + ENDING)).await
        {
            chosen.take(renamed);
        }
        learn_models(page);
        Ok(())
    });
}

/// Notes something beside a kept detector; what is noted, where that is less.
pub fn note_model(page: Page, name: String, text: &str) -> Option<String> {
    let note = cut(text).to_owned();
    let less = (note.len() < text.len()).then(|| note.clone());
    let is_cut = less.is_some();
    begin(page, async move {
        keep_note(&name, &note).await?;
        if is_cut { Err(CUT.into()) } else { Ok(()) }
    });
    less
}

/// Keeps a note in place of another; where nothing is noted, there is no file.
async fn keep_note(name: &str, note: &str) -> Result<(), String> {
    let name = name.to_owned() + NOTE;
    if note.is_empty() {
        // Most have none.
        let _ = NOTES.remove(&name).await;
        return Ok(());
    }
    NOTES.keep(&name, &web::text_file(note).map_err(unkept)?).await.map_err(unkept)
}

/// Keeps a detector, but in place of no other.
async fn keep_new(name: &str, file: &Blob) -> Result<(), String> {
    let name = name.to_owned() + ENDING;
    if MODELS.file(&name).await.is_some() {
        return Err("A model of that name is kept already: rename that one first.".into());
    }
    MODELS.keep(&name, file).await.map_err(unkept)
}

/// Keeps detectors, and notes on them, that were taken away as files. What is refused is told, and the others are kept.
pub fn import_models(page: Page, files: Vec<File>) {
    begin(page, async move {
        let mut refused = String::new();
        // A note is kept beside its model, so that this comes first.
        for notes in [false, true] {
            for file in files.iter().filter(|file| file.name().ends_with(NOTE) == notes) {
                let taken = if notes { take_note(file).await } else { take_model(page, file).await };
                if let Err(why) = taken {
                    for piece in ["“", &file.name(), "”: ", &why, " "] {
                        refused += piece;
                    }
                }
            }
        }
        learn_models(page);
        if refused.is_empty() { Ok(()) } else { Err(refused) }
    });
}

/// Has the workers read a detector, which refuses whatever is none; what it is called in its file.
async fn check(page: Page, file: &File) -> Result<String, String> {
    let bytes = web::bytes_of(file).await.map_err(|error| error.to_string())?;
    let job = Jobs::beside(page).ok_or("The workers are not ready yet: try again.")?;
    let saved = job.wait(engine::read_model(&job.host, bytes)).await.map_err(|error| error.to_string())?;
    Ok(saved.about.name)
}

async fn take_model(page: Page, file: &File) -> Result<(), String> {
    let (itself, name) = (check(page, file).await?, called(&file.name()));
    // Those that were taken away come back.
    if Ready::is_called(&name) && itself != name {
        return Err(TAKEN.into());
    }
    keep_new(&name, file).await
}

async fn take_note(file: &File) -> Result<(), String> {
    let name = file.name();
    let name = called(name.strip_suffix(NOTE).unwrap_or(&name));
    if MODELS.file(&(name.clone() + ENDING)).await.is_none() {
        return Err("No model of that name is kept that it could be a note on.".into());
    }
    // No character takes more than four bytes.
    if file.size() > (4 * LONGEST_NOTE) as f64 {
        return Err("That is more than a note holds.".into());
    }
    let note = web::text_of(file).await.ok_or("It cannot be read.")?;
    match NOTES.text(&(name.clone() + NOTE)).await {
        Some(known) if known != note => Err("That model has another note already.".into()),
        _ => {
            keep_note(&name, cut(&note)).await?;
            if cut(&note).len() < note.len() { Err(CUT.into()) } else { Ok(()) }
        }
    }
}
