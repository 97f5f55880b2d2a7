use leptos::prelude::*;

use super::{Failure, Job, Jobs, Kind, Page, assign_roles::assign, read::read};
use crate::ui::state::{Differs, ReadAs, Settings};

/// Puts a run's settings back, and columns into the roles that they had for it. Where these are others, the results at hand
/// are dropped when the old roles hold.
pub fn put_back(page: Page, settings: Settings, read_as: ReadAs) {
    let differs = untrack(|| {
        let schema = page.data.schema().filter(|_| page.data.at_hand.get());
        schema.map_or(Differs::Choices, |schema| page.data.choices.with(|choices| read_as.differs(choices, &schema)))
    });
    // While another file is to be read, there is no file to be read as it was.
    let other_file = page.data.previous.with_untracked(Option::is_some);
    if other_file || matches!(&differs, Differs::Roles(roles) if roles.is_empty()) {
        page.setup.put_back(&settings);
        return;
    }
    page.data.choices.set(read_as.choices);
    Jobs::start(page, Kind::Read, async move |job| {
        as_it_was(&job, differs).await?;
        page.setup.put_back(&settings);
        Ok(())
    });
}

async fn as_it_was(job: &Job, differs: Differs) -> Result<(), Failure> {
    match differs {
        Differs::Choices => read(job).await,
        Differs::Roles(roles) => assign(job, roles).await,
    }
}
