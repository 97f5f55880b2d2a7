//! The autoencoder's trainer: its own worker, built only when the `trainer` feature is on and not yet shipped.
fn main() {}
