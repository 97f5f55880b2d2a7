//! Work on the page in small turns, so that none keeps it from answering.

use std::{cell::RefCell, collections::VecDeque};

use futures_channel::oneshot;
use wasm_bindgen_futures::spawn_local;

use super::page::sleep;

type Job = Box<dyn FnOnce()>;

thread_local! {
    /// Empty when nobody works it off; its front stays while it is being done.
    static JOBS: RefCell<VecDeque<Option<Job>>> = const { RefCell::new(VecDeque::new()) };
}

/// Does this after everything that was put off before, in a task of its own.
pub fn put_off(job: impl FnOnce() + 'static) {
    let idle = JOBS.with_borrow_mut(|jobs| {
        jobs.push_back(Some(Box::new(job)));
        jobs.len() == 1
    });
    if idle {
        spawn_local(work());
    }
}

/// Waits until all that was put off so far is done.
pub async fn caught_up() {
    let (sender, done) = oneshot::channel();
    put_off(move || {
        // Whoever waited may be gone.
        let _ = sender.send(());
    });
    let _ = done.await;
}

async fn work() {
    loop {
        sleep(0).await;
        if let Some(job) = JOBS.with_borrow_mut(|jobs| jobs.front_mut().and_then(Option::take)) {
            job();
        }
        let empty = JOBS.with_borrow_mut(|jobs| {
            jobs.pop_front();
            jobs.is_empty()
        });
        if empty {
            return;
        }
    }
}
