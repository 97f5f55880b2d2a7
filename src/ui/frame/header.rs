//! The line that is always there: name, file, what goes on, help.

use leptos::prelude::*;

use super::{shortcuts::Shortcuts, status::Status};
use crate::{
    ui::{
        format,
        parts::{self, Late, Part},
        said,
        state::Page,
    },
    web::help,
};

/// Name, file, filter, status and help.
#[component]
pub fn Header() -> impl IntoView {
    let page = Page::here();
    let file = move || {
        page.data.file.get().map(|file| {
            let about = said(move || match page.data.loaded.with(Option::is_some) && page.data.at_hand.get() {
                true => format::counted(page.data.rows(), "flow", "flows"),
                false => format::bytes(file.bytes),
            });
            view! {
                <span class="file">
                    <b title=file.name.clone()>{file.name.clone()}</b>
                    <span>{about}</span>
                </span>
            }
        })
    };
    view! {
        <header class="top">
            <strong class="name">"Flowsift"</strong>
            {file}
            <Late part=Part::Workbench show=parts::FILTER />
            <Status />
            <nav class="helps" aria-label="Help">
                <a href=help::PAGE target="_blank" data-testid="help-link">"Help"</a>
                <Shortcuts />
            </nav>
        </header>
    }
}
