//! All keys that mean something, asked for by a question mark or by a button.

use leptos::{
    html::{Dialog, Div},
    prelude::*,
    task::spawn_local,
};

use crate::{
    ui::components::HelpLink,
    web::{dom::is_typing, help},
};

/// The section of the help page that lists them.
const SECTION: &str = "keyboard";

/// The button, and the dialog that it opens. The browser closes that by Escape, and gives the focus back.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let (dialog, place) = (NodeRef::<Dialog>::new(), NodeRef::<Div>::new());
    let open = move || {
        if let (Some(dialog), Some(place)) = (dialog.get_untracked(), place.get_untracked())
            && !dialog.open()
        {
            // Fails only for dialogs that are open or in no document.
            let _ = dialog.show_modal();
            spawn_local(async move { _ = help::show(SECTION, &place).await });
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let asked = window_event_listener(leptos::ev::keydown, move |event| {
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if event.key() == "?" && plain && !is_typing(&event) {
            event.prevent_default();
            open();
        }
    });
    on_cleanup(move || asked.remove());
    view! {
        <button
            type="button" class="small keys" data-testid="shortcuts-button" aria-haspopup="dialog" aria-keyshortcuts="?"
            title="Keyboard shortcuts: ?" on:click=move |_| open()
        >
            "Keyboard"
        </button>
        <dialog node_ref=dialog class="shortcuts" data-testid="shortcuts" aria-labelledby="shortcuts-title">
            <h2 id="shortcuts-title">"Keyboard"</h2>
            <div node_ref=place class="help-text"><HelpLink section=SECTION /></div>
            <button type="button" data-testid="shortcuts-close" on:click=close>"Close"</button>
        </dialog>
    }
}
