use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};

use super::Page;
use crate::{
    report::{Common, MOST_SUPPRESSIONS, Suppressions},
    ui::state::Notice,
    web::{
        self,
        dom::{focus_on, focus_selected},
        shelf::{self, RULES},
        suppressions,
        turns::caught_up,
    },
};

/// The one file of all rules: they are about the network, whichever file it is seen in.
const FILE: &str = "rules.json";

/// Hides findings like this from now on.
pub fn suppress(page: Page, rule: Common, note: &str) {
    let mut added = false;
    page.hiding.own.update(|own| added = own.add(rule, note, now()));
    if added {
        keep(page);
        back_to_the_list();
    } else {
        let text = format!("There are {MOST_SUPPRESSIONS} rules already: remove one first.");
        page.chrome.notice.set(Some(Notice { text }));
    }
}

/// Hides them no more.
pub fn remove_suppression(page: Page, rule: &Common) {
    page.hiding.remove(rule, now());
    keep(page);
    back_to_the_list();
}

fn now() -> u64 {
    web::since_1970() as u64
}

/// The button that was pressed is no more: the keyboard goes on in the list, or where nothing is left in it at what is above.
fn back_to_the_list() {
    spawn_local(async {
        // What was set is drawn by effects, which run after this task.
        tick().await;
        caught_up().await;
        focus_on("[data-testid=show-suppressed]");
        focus_selected("finding-list");
    });
}

/// Learns which rules are kept. Where there is no such storage, there are none.
pub fn learn_rules(page: Page) {
    spawn_local(async move {
        if let Some(stored) = stored().await {
            page.hiding.own.update(|own| own.merge(stored));
        }
    });
}

/// Keeps the rules in this browser. What another tab made or removed meanwhile is kept as well.
fn keep(page: Page) {
    let hiding = page.hiding;
    if !hiding.is_to_be_kept() {
        return;
    }
    spawn_local(async move {
        while hiding.is_next_unkept() {
            let _alone = RULES.alone(FILE).await;
            if let Some(stored) = stored().await {
                hiding.own.update(|own| own.merge(stored));
            }
            let kept = match web::text_file(&hiding.own.with_untracked(Suppressions::to_json)) {
                Ok(file) => RULES.keep(FILE, &file).await.is_ok(),
                Err(_) => false,
            };
            // The first asks the browser not to clear such files. It may ask the visitor, who need not answer.
            if kept && hiding.kept.get_untracked().is_none() {
                spawn_local(async { _ = shelf::persist().await });
            }
            hiding.kept.set(Some(kept));
        }
    });
}

async fn stored() -> Option<Suppressions> {
    suppressions::read(&RULES.text(FILE).await?)
}
