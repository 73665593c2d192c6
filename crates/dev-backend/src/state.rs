//! What every part of the running server shares.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::{Notify, watch};

use crate::cost::Prices;
use crate::db::Db;
use crate::faults::Faults;
use crate::quirks::{Quirk, Quirks};
use crate::request_log::RequestLog;
use crate::sockets::hub::Hub;

/// The shared state, cheap to clone.
pub type Shared = Arc<State>;

/// See the module.
#[derive(Debug)]
pub struct State {
    /// Everything that outlives the process.
    pub db: Db,
    /// The mistakes that are switched on.
    pub quirks: Quirks,
    /// The open sockets.
    pub hub: Hub,
    /// The planted faults.
    pub faults: Faults,
    /// The last requests.
    pub requests: RequestLog,
    /// The batches in work.
    pub workers: Workers,
    /// The present price list.
    pub prices: RwLock<Prices>,
    /// The number that leads and outcomes come from.
    pub seed: u64,
    /// Whether `/dev` exists.
    pub dev_controls: bool,
    /// The folder of the built bundle, if one was given.
    pub dist: Option<PathBuf>,
    speed: AtomicU64,
}

impl State {
    /// A state with nothing going on.
    pub fn new(
        db: Db,
        quirks: Quirks,
        seed: u64,
        speed: f64,
        dist: Option<PathBuf>,
        dev_controls: bool,
    ) -> Self {
        Self {
            db,
            quirks,
            hub: Hub::default(),
            faults: Faults::default(),
            requests: RequestLog::default(),
            workers: Workers::default(),
            prices: RwLock::new(Prices::default()),
            seed,
            dev_controls,
            dist,
            speed: AtomicU64::new(speed.to_bits()),
        }
    }

    /// Whether a quirk is switched on.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.quirks.has(quirk)
    }

    /// How many times faster than real time leads are processed.
    pub fn speed(&self) -> f64 {
        f64::from_bits(self.speed.load(Ordering::Relaxed))
    }

    /// Sets the speed; values that are not positive numbers are refused by the callers.
    pub fn set_speed(&self, speed: f64) {
        self.speed.store(speed.to_bits(), Ordering::Relaxed);
    }

    /// A copy of the present prices.
    pub fn prices(&self) -> Prices {
        self.prices
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Where a client follows a batch, as bodies name it.
    pub fn websocket_url(&self, batch_id: &str) -> String {
        if self.has(Quirk::WrongWebsocketUrl) {
            format!("/api/v1/batch/{batch_id}/progress")
        } else {
            format!("/api/batch/{batch_id}/progress")
        }
    }
}

/// The batches that this process is working on.
#[derive(Debug, Default)]
pub struct Workers {
    running: Mutex<HashMap<String, Arc<Worker>>>,
}

/// The strings by which a running batch is held.
#[derive(Debug)]
pub struct Worker {
    /// Told when the batch shall stop.
    pub cancel: Notify,
    ended: watch::Sender<bool>,
}

impl Workers {
    /// Registers a batch; `None` when it is being worked on already.
    pub fn begin(&self, batch_id: &str) -> Option<Arc<Worker>> {
        let mut running = lock(&self.running);
        if running.contains_key(batch_id) {
            return None;
        }
        let worker = Arc::new(Worker {
            cancel: Notify::new(),
            ended: watch::Sender::new(false),
        });
        running.insert(batch_id.to_owned(), Arc::clone(&worker));
        Some(worker)
    }

    /// Takes a batch off the list and wakes who waits for its end.
    pub fn end(&self, batch_id: &str) {
        if let Some(worker) = lock(&self.running).remove(batch_id) {
            worker.ended.send_replace(true);
        }
    }

    /// The worker of a batch, if there is one.
    pub fn get(&self, batch_id: &str) -> Option<Arc<Worker>> {
        lock(&self.running).get(batch_id).cloned()
    }

    /// Waits until nobody works on the batch any more.
    pub async fn ended(&self, batch_id: &str) {
        if let Some(worker) = self.get(batch_id) {
            // An error means that the sender is gone, which is an end too.
            let _ = worker.ended.subscribe().wait_for(|ended| *ended).await;
        }
    }
}

/// Locks, also after a panic elsewhere: no holder leaves the data half-changed.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
