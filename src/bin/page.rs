//! Trial page.
use leptos::prelude::*;
fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(|| view! { <h2 data-testid="hello">"Hello"</h2> });
}
