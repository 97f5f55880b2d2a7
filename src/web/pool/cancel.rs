//! Ending what is going on, without losing what the workers hold.

use wasm_bindgen::JsValue;

use super::{
    WebHost,
    start::start,
    worker::{Program, WorkerHandle},
};
use crate::{
    engine::EngineError,
    web::{page::sleep, wire::ToWorker},
};

/// Milliseconds that a worker may take to give up before it is terminated: one with nothing to lose, and one that holds rows.
const PATIENCE: i32 = 700;
const PATIENCE_WITH_ROWS: i32 = 10_000;
/// Milliseconds between two looks.
const LOOK: usize = 20;

impl WebHost {
    /// Ends what is going on: everything asked so far is answered with [`EngineError::Cancelled`]. A worker that does
    /// not give up in time is terminated and replaced; if `rows_count`, because the visitor wants the file that is loaded,
    /// shards have much time. Says whether the workers still hold what they held.
    ///
    /// # Errors
    /// [`EngineError::RowsLost`] if a worker cannot be replaced.
    pub async fn cancel(&self, rows_count: bool) -> Result<bool, EngineError> {
        let workers = self.pool.everybody();
        // What is asked from now on is not meant, and may well take its time.
        let asked = self.pool.asked.get();
        let busy = || workers.iter().filter(|worker| worker.is_busy(asked));
        let patience = |worker: &WorkerHandle| match worker.program {
            Program::Shard if rows_count => PATIENCE_WITH_ROWS,
            _ => PATIENCE,
        };
        busy().for_each(|worker| worker.post(&ToWorker::Cancel, &JsValue::UNDEFINED));
        for waited in (0..).step_by(LOOK) {
            busy().filter(|worker| waited >= patience(worker)).for_each(|worker| worker.end(&EngineError::Cancelled));
            if busy().next().is_none() {
                break;
            }
            sleep(LOOK as i32).await;
        }
        let mut kept = true;
        for (number, worker) in workers.iter().enumerate().filter(|(_, worker)| worker.is_dead()) {
            match worker.program {
                Program::Shard => {
                    kept = false;
                    let replacement = start(&self.pool, number, Program::Shard).await;
                    self.pool.workers.borrow_mut()[number] = replacement.map_err(|error| match error {
                        EngineError::WorkerDied { reason } => EngineError::RowsLost { reason },
                        error => error,
                    })?;
                }
                // These hold nothing, and others are started when they are needed.
                Program::Unpacker => self.pool.dismiss_unpacker(),
                Program::Trainer | Program::GpuTrainer => drop(self.pool.trainer.take()),
            }
        }
        Ok(kept)
    }
}
