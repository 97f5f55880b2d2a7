//! What becomes of workers that the browser ends without a word, as it does when memory is short, and of what they stored.
//!
//! A worker holds a lock while it lives, and the page queues up for it: so it learns at once that a worker is gone, whatever
//! the worker was doing, and never takes a slow one for dead. Where there are no locks, long silence has to do.

use std::rc::{Rc, Weak};

use futures_util::future::join_all;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;

use super::{Pool, WebHost, worker::WorkerHandle};
use crate::{
    engine::EngineError,
    web::{
        page::sleep,
        spool::COPIED,
        storage::{self, inherit},
    },
};

/// Milliseconds between two looks for silent workers. Counting looks, not time, survives a laptop's sleep.
const LOOK: i32 = 5_000;
/// After so many the visitor is told.
const SILENT: u32 = 3;
/// After so many a worker is taken for dead that nobody guards.
const DEAD: u32 = 12;

/// Waits for the worker's end. The folder that it leaves stays for as long as the browser may copy downloads from it.
pub fn guard(pool: &Rc<Pool>, worker: &Rc<WorkerHandle>, folder: String) {
    worker.folder.replace(Some(folder.clone()));
    pool.folders.borrow_mut().push(folder.clone());
    let (pool, worker) = (Rc::downgrade(pool), Rc::downgrade(worker));
    spawn_local(async move {
        if inherit(&folder).await.is_err() {
            if let Some(worker) = worker.upgrade() {
                worker.unguarded.set(true);
            }
            return;
        }
        if let Some(worker) = worker.upgrade() {
            worker.die("the browser ended it; memory may be short".into());
        }
        if let Some(pool) = pool.upgrade() {
            pool.left.borrow_mut().push(folder.clone());
        }
        // Nothing may have been stored, or not be to be removed yet; the next visit removes it.
        drop(storage::remove_inputs(&folder).await);
        sleep(COPIED as i32).await;
        drop(storage::remove(&folder).await);
    });
}

/// Tells of workers that have something to do and say nothing: the listener hears for how many seconds.
pub async fn watch(pool: Weak<Pool>) {
    loop {
        sleep(LOOK).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut longest = 0;
        for worker in pool.everybody().iter().filter(|worker| worker.is_busy(u32::MAX)) {
            worker.silent.set(worker.silent.get() + 1);
            if worker.silent.get() > DEAD && worker.unguarded.get() {
                let seconds = DEAD as i32 * LOOK / 1_000;
                worker.die(format!("it said nothing for {seconds} seconds; memory may be short"));
            }
            longest = longest.max(worker.silent.get());
        }
        let seconds = longest * (LOOK / 1_000) as u32;
        (pool.listeners.silence)((longest >= SILENT).then_some(seconds));
    }
}

/// Has what is stored removed when the page is left for good. The browser is only asked: nothing can be waited for then.
pub async fn remove_when_left(pool: Weak<Pool>) {
    // Without a private storage nothing is stored.
    let Ok(top) = storage::top().await else { return };
    let left = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let comes_back = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy());
        if let Some(pool) = pool.upgrade().filter(|_| !comes_back) {
            pool.folders.borrow().iter().for_each(|folder| drop(storage::begin_to_remove(&top, folder)));
        }
    });
    if let Some(window) = web_sys::window() {
        let left = left.into_js_value();
        // Only a missing listener could be refused.
        let _ = window.add_event_listener_with_callback("pagehide", left.unchecked_ref());
    }
}

impl WebHost {
    /// Removes everything that is stored: what this page has, unpacked text included, and what earlier visits left. Workers
    /// are started anew, without a file.
    ///
    /// # Errors
    /// [`EngineError::WorkerDied`] if the browser starts no workers.
    pub async fn clear_stored(&self) -> Result<(), EngineError> {
        self.pool.open(Vec::new(), js_sys::Array::new());
        self.pool.trainer.take();
        let folders = self.pool.folders.borrow().clone();
        self.pool.start_anew().await?;
        // Files are free once their workers are gone. Without locks nobody tells when, and the next visit removes the rest.
        for _ in 0..100 {
            if folders.iter().all(|folder| self.pool.left.borrow().contains(folder)) {
                break;
            }
            sleep(20).await;
        }
        join_all(folders.iter().map(|folder| storage::remove(folder))).await;
        // There may be nothing.
        drop(storage::sweep().await);
        Ok(())
    }
}
