use super::{Jobs, Kind, Page};

/// Closes the file, and removes what is stored of it and of earlier ones.
pub fn clear_stored(page: Page) {
    page.data.forget();
    page.runs.forget();
    page.selection.reset();
    page.setup.training.forget();
    Jobs::start(page, Kind::Read, async |job| Ok(job.wait(job.host.clear_stored()).await?));
}
