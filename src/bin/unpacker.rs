//! A shard's worker: reads, scores and writes; no burn, no view.

fn main() {
    if let Err(error) = flowsift::web::serve() {
        web_sys::console::error_1(&error);
    }
}
