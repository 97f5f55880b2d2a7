//! Starting workers.

use std::{pin::pin, rc::Rc};

use futures_util::future::{Either, join_all, select};
use gloo_file::{Blob as GlooBlob, ObjectUrl};
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url, Worker, WorkerOptions, WorkerType};

use super::{
    Pool,
    worker::{Program, WorkerHandle},
};
use crate::{
    engine::EngineError,
    web::{
        page::sleep,
        wire::{build_id, words_of},
    },
};

/// Milliseconds that a worker may take to start.
const START: i32 = 30_000;
/// The same where it has much to load that not every visit loads.
const START_LARGE: i32 = 180_000;

/// Starts so many shards, or none.
pub async fn start_shards(pool: &Rc<Pool>, count: usize) -> Result<Vec<Rc<WorkerHandle>>, EngineError> {
    // Those that were started end with their handles.
    join_all((0..count).map(|number| start(pool, number, Program::Shard))).await.into_iter().collect()
}

/// Starts a worker and waits until it listens.
pub async fn start(pool: &Rc<Pool>, number: usize, program: Program) -> Result<Rc<WorkerHandle>, EngineError> {
    let address = address().map_err(refused)?;
    let bootstrap = bootstrap(&address).map_err(refused)?;
    match start_from(&bootstrap, pool, number, program).await {
        // Firefox asks the network, not the service worker, for what a worker from a blob imports: without a server there is
        // nothing to load. The site's own address is answered from what is stored, and no other host can be asked anyway.
        Err(_) => start_from(&address, pool, number, program).await,
        started => started,
    }
}

fn refused(error: JsValue) -> EngineError {
    EngineError::WorkerDied { reason: words_of(&error) }
}

async fn start_from(
    address: &str,
    pool: &Rc<Pool>,
    number: usize,
    program: Program,
) -> Result<Rc<WorkerHandle>, EngineError> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(&program.name(number));
    let worker = Worker::new_with_options(address, &options).map_err(refused)?;
    let (handle, ready) = WorkerHandle::new(Rc::downgrade(pool), (number, program), worker);
    let never = || EngineError::WorkerDied { reason: "it never started".into() };
    let patience = match program {
        Program::GpuTrainer | Program::Unpacker => START_LARGE,
        Program::Shard | Program::Trainer => START,
    };
    let started = match select(ready, pin!(sleep(patience))).await {
        Either::Left((answer, _)) => answer.unwrap_or_else(|_| Err(never())),
        Either::Right(_) => Err(never()),
    };
    started.map(|()| handle)
}

/// The address of the workers' program. The build in it keeps a cache from mixing versions.
fn address() -> Result<String, JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let base = document.base_uri()?.ok_or("no address")?;
    Ok(Url::new_with_base(&format!("worker-boot.js?{}", build_id()), &base)?.href())
}

/// The address of a program that imports the workers'. A worker from a blob is under the policy of the page that made the
/// blob; one from the site's address would be under none, unless the host sends one as a header.
fn bootstrap(address: &str) -> Result<ObjectUrl, JsValue> {
    // Quotes are escaped in addresses. Not every browser says that a static import has failed.
    let program =
        format!("try {{ await import(\"{address}\"); }} catch (error) {{ setTimeout(() => {{ throw error; }}); }}");
    let import = Array::of1(&program.into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    Ok(ObjectUrl::from(GlooBlob::from(Blob::new_with_str_sequence_and_options(&import, &kind)?)))
}
