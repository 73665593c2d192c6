//! The views of the part `extras`.

use leptos::prelude::*;

use super::{LaterView, Loaded};
use crate::app::parts;
use crate::ui::debug_panel::DebugPanel;
use crate::ui::lead_import::ImportDialog;
use crate::ui::saved_views::ViewsDialog;
use crate::ui::shortcuts::ShortcutsSheet;

/// What the part consists of.
pub fn loaded() -> Loaded {
    Loaded {
        code: parts::extras::CODE,
        show,
        start: |_| {},
    }
}

fn show(view: LaterView) -> AnyView {
    match view {
        LaterView::ImportDialog => view! { <ImportDialog /> }.into_any(),
        LaterView::ViewsDialog => view! { <ViewsDialog /> }.into_any(),
        LaterView::ShortcutsSheet => view! { <ShortcutsSheet /> }.into_any(),
        LaterView::DebugPanel => view! { <DebugPanel /> }.into_any(),
        _ => ().into_any(),
    }
}
