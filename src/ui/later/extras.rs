//! The views of the part `extras`.

use leptos::prelude::*;

use super::{LaterView, Loaded};
use crate::app::parts;
use crate::ui::bridge::old;
use crate::ui::debug_panel::DebugPanel;
use crate::ui::lead_selector::{bring_dialog, shortcuts_sheet, views_dialog};
use crate::ui::store::use_store;

/// What the part consists of.
pub fn loaded() -> Loaded {
    Loaded {
        code: parts::extras::CODE,
        show,
    }
}

fn show(view: LaterView) -> AnyView {
    let store = use_store();
    match view {
        LaterView::ImportDialog => old(move || bring_dialog(store)),
        LaterView::ViewsDialog => old(move || views_dialog(store)),
        LaterView::ShortcutsSheet => old(move || shortcuts_sheet(store)),
        LaterView::DebugPanel => view! { <DebugPanel /> }.into_any(),
        _ => ().into_any(),
    }
}
