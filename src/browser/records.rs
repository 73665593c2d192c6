//! The records of the ledger in IndexedDB: a text under each name. Where the browser denies it, that is said, and the
//! page goes on without.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::page;

const DATABASE: &str = "batch-runner";
const STORE: &str = "launches";
/// A storage that has not answered after so many milliseconds will not be waited for: a start must not hang on it.
const PATIENCE: u32 = 3_000;

/// Why nothing could be kept, in words.
pub const DENIED: &str = "the browser’s database is blocked or full";

/// All records.
///
/// # Errors
/// [`DENIED`].
pub async fn read_all() -> Result<Vec<String>, &'static str> {
    let all = within_patience(transact(IdbTransactionMode::Readonly, |store| {
        store.get_all()
    }));
    let all: Array = all.await.ok_or(DENIED)?.dyn_into().map_err(|_| DENIED)?;
    Ok(all.iter().filter_map(|record| record.as_string()).collect())
}

/// One record, if it is there.
pub async fn read(name: &str) -> Option<String> {
    let name = JsValue::from(name);
    let get = transact(IdbTransactionMode::Readonly, move |store| store.get(&name));
    within_patience(get).await?.as_string()
}

/// Writes a record, or forgets it.
///
/// # Errors
/// [`DENIED`].
pub async fn write(name: &str, text: Option<&str>) -> Result<(), &'static str> {
    let name = JsValue::from(name);
    let text = text.map(JsValue::from);
    let change = transact(IdbTransactionMode::Readwrite, move |store| match text {
        Some(text) => store.put_with_key(&text, &name),
        None => store.delete(&name),
    });
    within_patience(change).await.map(drop).ok_or(DENIED)
}

/// Runs one request in a transaction of its own and waits until the transaction is through: only then it is kept.
async fn transact(
    mode: IdbTransactionMode,
    ask: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Option<JsValue> {
    let database = open().await?;
    let answer = async {
        let transaction = database.transaction_with_str_and_mode(STORE, mode).ok()?;
        let store = transaction.object_store(STORE).ok()?;
        let request = ask(&store).ok()?;
        let through = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        JsFuture::from(through).await.ok()?;
        request.result().ok()
    };
    let answer = answer.await;
    database.close();
    answer
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

/// What comes of it in time.
async fn within_patience(work: impl Future<Output = Option<JsValue>> + 'static) -> Option<JsValue> {
    let work = future_to_promise(async move { work.await.ok_or(JsValue::NULL) });
    let limit = Promise::new(&mut |_, reject| {
        let out = move || drop(reject.call0(&JsValue::NULL));
        Timeout::new(PATIENCE, out).forget();
    });
    JsFuture::from(Promise::race(&Array::of2(&work, &limit)))
        .await
        .ok()
}
