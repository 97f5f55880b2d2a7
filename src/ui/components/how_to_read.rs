//! How a panel is read, in place. The texts are those of the help page, fetched when one is first opened.

use leptos::{html::Div, prelude::*, task::spawn_local};

use crate::web::help;

/// A disclosure with what the help page says in a section.
#[component]
pub fn HowToRead(
    /// The section's id.
    section: &'static str,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let shown = StoredValue::new(false);
    // Where it could not be had, it is asked for again when the disclosure is opened or closed the next time.
    let toggled = move |_| {
        if let Some(place) = place.get_untracked().filter(|_| !shown.get_value()) {
            spawn_local(async move { shown.set_value(help::show(section, &place).await) });
        }
    };
    view! {
        <details class="reading-help" data-testid="how-to-read" data-section=section on:toggle=toggled>
            <summary>"How to read this"</summary>
            <div node_ref=place class="help-text"><HelpLink section /></div>
        </details>
    }
}

/// The way to a section of the help page, where its text has not come.
#[component]
pub fn HelpLink(
    /// The section's id.
    section: &'static str,
) -> impl IntoView {
    view! { <a href=format!("{}#{section}", help::PAGE) target="_blank">"On the help page"</a> }
}
