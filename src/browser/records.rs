//! The records of the ledger in IndexedDB: a text under each name. Where the browser denies it, that is said, and the
//! page goes on without.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode};

use super::page;

const DATABASE: &str = "batch-runner";
const STORE: &str = "launches";
/// A storage that has not answered after so many milliseconds will not be waited for: a start must not hang on it.
const PATIENCE: u32 = 3_000;

/// Why nothing could be kept, in words.
pub const DENIED: &str = "the browser’s database is blocked or full";

/// What is asked of the database.
enum Ask {
    Names,
    All,
    One(String),
    Write(String, String),
    Forget(String),
}

/// All records.
///
/// # Errors
/// [`DENIED`].
pub async fn read_all() -> Result<Vec<String>, &'static str> {
    texts(Ask::All).await
}

/// The names of all records.
///
/// # Errors
/// [`DENIED`].
pub async fn names() -> Result<Vec<String>, &'static str> {
    texts(Ask::Names).await
}

async fn texts(what: Ask) -> Result<Vec<String>, &'static str> {
    let all: Array = ask(what).await?.dyn_into().map_err(|_| DENIED)?;
    Ok(all.iter().filter_map(|text| text.as_string()).collect())
}

/// One record, if it is there.
///
/// # Errors
/// [`DENIED`].
pub async fn read(name: String) -> Result<Option<String>, &'static str> {
    Ok(ask(Ask::One(name)).await?.as_string())
}

/// Writes a record, or forgets it.
///
/// # Errors
/// [`DENIED`].
pub async fn write(name: String, text: Option<String>) -> Result<(), &'static str> {
    let change = match text {
        Some(text) => Ask::Write(name, text),
        None => Ask::Forget(name),
    };
    ask(change).await.map(drop)
}

/// Writes a record, unless one is there of which `is_other` says that it is in the way. Both in one transaction, so that
/// of two pages that do this at the same time the second one sees what the first one wrote. Answers whether it was written.
///
/// # Errors
/// [`DENIED`].
pub async fn claim(
    name: String,
    text: String,
    is_other: impl Fn(&str) -> bool + 'static,
) -> Result<bool, &'static str> {
    let claimed = async move {
        let database = open().await?;
        let claimed = claim_in(&database, name, text, is_other).await;
        database.close();
        claimed.map(JsValue::from)
    };
    Ok(patiently(claimed).await?.is_truthy())
}

async fn claim_in(
    database: &IdbDatabase,
    name: String,
    text: String,
    is_other: impl Fn(&str) -> bool + 'static,
) -> Option<bool> {
    let mode = IdbTransactionMode::Readwrite;
    let transaction = database.transaction_with_str_and_mode(STORE, mode).ok()?;
    let store = transaction.object_store(STORE).ok()?;
    let names = store.get_all_keys().ok()?;
    let (asked, is_free) = (names.clone(), Rc::new(Cell::new(false)));
    let found = is_free.clone();
    let write = Closure::once(move || {
        let names: Option<Array> = asked.result().ok().and_then(|names| names.dyn_into().ok());
        let names = names.unwrap_or_default();
        found.set(
            !names
                .iter()
                .filter_map(|name| name.as_string())
                .any(|name| is_other(&name)),
        );
        if found.get() {
            // Where it cannot be written the transaction ends as failed.
            let _ = store.put_with_key(&text.into(), &name.into());
        }
    });
    names.set_onsuccess(Some(write.as_ref().unchecked_ref()));
    JsFuture::from(through(&transaction)).await.ok()?;
    Some(is_free.get())
}

/// Asks, and waits for the answer no longer than patience lasts.
async fn ask(what: Ask) -> Result<JsValue, &'static str> {
    patiently(transact(what)).await
}

async fn patiently(
    work: impl Future<Output = Option<JsValue>> + 'static,
) -> Result<JsValue, &'static str> {
    let work = future_to_promise(async move { work.await.ok_or(JsValue::NULL) });
    let limit = Promise::new(&mut |_, reject| {
        let out = move || drop(reject.call0(&JsValue::NULL));
        Timeout::new(PATIENCE, out).forget();
    });
    let answer = JsFuture::from(Promise::race(&Array::of2(&work, &limit))).await;
    answer.map_err(|_| DENIED)
}

/// Runs one request in a transaction of its own and waits until the transaction is through: only then it is kept.
async fn transact(what: Ask) -> Option<JsValue> {
    let database = open().await?;
    let begun = begin(&database, what);
    let answer = match &begun {
        Some((request, through)) => {
            let through = JsFuture::from(through.clone()).await;
            through.ok().and_then(|_| request.result().ok())
        }
        None => None,
    };
    database.close();
    answer
}

fn begin(database: &IdbDatabase, what: Ask) -> Option<(IdbRequest, Promise)> {
    let mode = match what {
        Ask::Names | Ask::All | Ask::One(_) => IdbTransactionMode::Readonly,
        Ask::Write(..) | Ask::Forget(_) => IdbTransactionMode::Readwrite,
    };
    let transaction = database.transaction_with_str_and_mode(STORE, mode).ok()?;
    let store = transaction.object_store(STORE).ok()?;
    let request = match what {
        Ask::Names => store.get_all_keys(),
        Ask::All => store.get_all(),
        Ask::One(name) => store.get(&name.into()),
        Ask::Write(name, text) => store.put_with_key(&text.into(), &name.into()),
        Ask::Forget(name) => store.delete(&name.into()),
    };
    Some((request.ok()?, through(&transaction)))
}

/// Kept once all of the transaction is done.
fn through(transaction: &IdbTransaction) -> Promise {
    Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    })
}

async fn open() -> Option<IdbDatabase> {
    // Read by its name: a browser that denies the page its storage throws, or has none.
    let factory = Reflect::get(&page::window()?.into(), &"indexedDB".into()).ok()?;
    let open: Function = Reflect::get(&factory, &"open".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let request = open.call1(&factory, &DATABASE.into()).ok()?;
    let request: IdbOpenDbRequest = request.dyn_into().ok()?;
    let asked = request.clone();
    let upgrade = Closure::once(move || {
        let database = asked.result().ok().map(IdbDatabase::from);
        database.map(|database| database.create_object_store(STORE).is_ok());
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(opened).await.ok()?;
    request.result().ok()?.dyn_into().ok()
}
