//! How later parts come. Where the page is one piece, they are there from the start.

use super::Loaded;
use crate::app::parts::Part;

/// A part, once it has come; nothing where it could not be fetched.
#[cfg(feature = "split")]
pub async fn load(part: Part) -> Option<Loaded> {
    crate::browser::clock::after_paint().await;
    let loaded = match part {
        Part::Live => split::live().await,
        // It builds on the other one.
        Part::History => match split::live().await {
            Ok(_) => split::history().await,
            missing => missing,
        },
        Part::Extras => split::extras().await,
    };
    loaded.ok()
}

/// A part; nothing is missing where the page is one piece.
#[cfg(not(feature = "split"))]
pub async fn load(part: Part) -> Option<Loaded> {
    Some(there(part))
}

/// A part of a page in one piece.
#[cfg(not(feature = "split"))]
fn there(part: Part) -> Loaded {
    match part {
        Part::Live => super::live::loaded(),
        Part::History => super::history::loaded(),
        Part::Extras => super::extras::loaded(),
    }
}

/// A part that is there from the start.
pub(in crate::ui) fn at_start(part: Part) -> Option<Loaded> {
    #[cfg(feature = "split")]
    {
        let _ = part;
        None
    }
    #[cfg(not(feature = "split"))]
    Some(there(part))
}

/// The places where the build cuts the page: whatever only these functions reach comes with them.
#[cfg(feature = "split")]
mod split {
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    use super::super::Loaded;

    #[wasm_split(live, wasm_split_path = leptos::wasm_split, fallible)]
    pub fn live() -> Result<Loaded, SplitLoaderError> {
        Ok(super::super::live::loaded())
    }

    #[wasm_split(history, wasm_split_path = leptos::wasm_split, fallible)]
    pub fn history() -> Result<Loaded, SplitLoaderError> {
        Ok(super::super::history::loaded())
    }

    #[wasm_split(extras, wasm_split_path = leptos::wasm_split, fallible)]
    pub fn extras() -> Result<Loaded, SplitLoaderError> {
        Ok(super::super::extras::loaded())
    }
}
