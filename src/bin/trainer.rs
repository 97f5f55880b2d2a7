//! The autoencoder's trainer: its own worker, loaded only when an autoencoder is trained.
fn main() {}
