//! What page and workers say to each other, and how it is written.

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    engine::{EngineError, Progress, Reply, Request},
    train::News,
};

/// From the page to a worker.
#[derive(Serialize, Deserialize)]
pub enum ToWorker {
    /// Begin with the attached list of `File`s.
    Open,
    /// Read the pieces in the attached list, one after the other, as the file from now on: `Blob`s, or numbers of the
    /// files that were given.
    Join {
        /// The worker's number among those that share them.
        shard: usize,
        /// How many share them.
        shards: usize,
    },
    /// Answer this.
    Ask {
        /// Comes back with the answer.
        id: u32,
        /// What is asked.
        request: Request,
    },
    /// Give up whatever was asked so far.
    Cancel,
    /// Do everything once with synthetic flows, until something else comes.
    Rehearse,
}

/// From a worker to the page.
#[derive(Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker listens.
    Ready {
        /// The build that its files are from.
        build: String,
        /// Its folder in the private storage; the lock that it holds while it lives has the same name.
        folder: String,
    },
    /// It is this far.
    Progress {
        /// With which question.
        id: u32,
        /// How far.
        progress: Progress,
    },
    /// An epoch of training is over.
    News {
        /// By which question.
        id: u32,
        /// How it went.
        news: News,
    },
    /// It answers; attached is the `Blob` of what it wrote, if it wrote.
    Answer {
        /// Which question.
        id: u32,
        /// The answer.
        answer: Result<Reply, EngineError>,
        /// Bytes of memory that the worker has by now.
        memory: f64,
    },
    /// It panicked, with these last words.
    Died(String),
}

/// A message ready for `postMessage`, and the list of what is transferred with it.
pub struct Packet {
    pub message: Array,
    pub transfer: Array,
}

/// Writes a message.
pub fn pack(message: &impl Serialize, attachment: &JsValue) -> Result<Packet, EngineError> {
    let bytes = postcard::to_allocvec(message).map_err(|error| EngineError::Protocol(error.to_string()))?;
    let bytes = Uint8Array::from(bytes.as_slice());
    Ok(Packet { transfer: Array::of1(&bytes.buffer()), message: Array::of2(&bytes, attachment) })
}

/// Reads a message and its attachment.
pub fn unpack<T: DeserializeOwned>(data: JsValue) -> Result<(T, JsValue), EngineError> {
    let not_ours = || EngineError::Protocol("a message of another kind".into());
    let parts: Array = data.dyn_into().map_err(|_| not_ours())?;
    let bytes: Uint8Array = parts.get(0).dyn_into().map_err(|_| not_ours())?;
    let message = postcard::from_bytes(&bytes.to_vec()).map_err(|error| EngineError::Protocol(error.to_string()))?;
    Ok((message, parts.get(1)))
}

/// The build id that the boot scripts left in the global scope.
pub fn build_id() -> String {
    js_sys::Reflect::get(&js_sys::global(), &"FLOWSIFT_BUILD".into())
        .ok()
        .and_then(|id| id.as_string())
        .unwrap_or_default()
}

/// What a JavaScript error says.
pub fn words_of(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
