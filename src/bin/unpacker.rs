//! The Parquet reader's worker: what a shard does and the decoder. Loaded only when such a file is opened.

fn main() {
    if let Err(error) = flowsift::web::serve() {
        web_sys::console::error_1(&error);
    }
}
