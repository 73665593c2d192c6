//! The browser's storage. Where it is missing, full or forbidden the app goes on, and says so.

use web_sys::Storage;

use crate::app::StoreKey;
use crate::config::Config;

/// Where a key lives. The choice and the draft are in both: this tab's own first, else what any tab left last.
fn places(key: StoreKey, config: &Config) -> (&str, bool, bool) {
    match key {
        StoreKey::Token => (&config.token_key, true, false),
        StoreKey::Refresh => ("refreshToken", true, false),
        StoreKey::Selection => ("batch-runner.selection", true, true),
        StoreKey::PageSize => ("batch-runner.page-size", true, false),
        StoreKey::Views => ("batch-runner.views", true, false),
        StoreKey::Columns => ("batch-runner.columns", true, false),
        StoreKey::HistoryColumns => ("batch-runner.history-columns", true, false),
        StoreKey::Marks => ("batch-runner.marks", true, false),
        StoreKey::Sound => ("batch-runner.sound", true, false),
        StoreKey::Draft => ("batch-runner.draft", true, true),
        StoreKey::Journal => ("batch-runner.journal", true, false),
        StoreKey::Ledger => ("batch-runner.ledger", true, false),
        StoreKey::Transport => ("batch-runner.transport", false, true),
        StoreKey::Watched => ("batch-runner.watched", false, true),
    }
}

/// The name under which a value is kept.
pub fn name(key: StoreKey, config: &Config) -> String {
    places(key, config).0.to_owned()
}

/// Reads a kept value.
pub fn read(key: StoreKey, config: &Config) -> Option<String> {
    let (name, local, session) = places(key, config);
    let from = |storage: Option<Storage>| storage?.get_item(name).ok().flatten();
    let own = if session {
        from(session_storage())
    } else {
        None
    };
    own.or_else(|| if local { from(local_storage()) } else { None })
}

/// Keeps or forgets a value.
///
/// # Errors
/// Why it could not be kept, in words.
pub fn write(key: StoreKey, value: Option<&str>, config: &Config) -> Result<(), String> {
    let (name, local, session) = places(key, config);
    let mut kept = Ok(());
    for (wanted, storage) in [(session, session_storage()), (local, local_storage())] {
        if !wanted {
            continue;
        }
        let outcome = match (&storage, value) {
            (Some(storage), Some(value)) => storage
                .set_item(name, value)
                .map_err(|_| "the browser’s storage is full"),
            (Some(storage), None) => storage
                .remove_item(name)
                .map_err(|_| "the browser’s storage is blocked"),
            (None, _) => Err("the browser’s storage is blocked"),
        };
        if let Err(why) = outcome {
            kept = Err(why.to_owned());
        }
    }
    kept
}

/// Forgets what this tab keeps for itself.
pub fn forget_own(key: StoreKey, config: &Config) {
    if let Some(storage) = session_storage() {
        // What cannot be forgotten says whose it is.
        let _ = storage.remove_item(places(key, config).0);
    }
}

fn local_storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn session_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
