//! The import of a list of leads: pasted, dropped or from a file, looked up, told line by line, and added.

mod entry;
mod progress;
mod report;

use leptos::prelude::*;

use self::entry::Entry;
use self::progress::Progress;
use self::report::Report;
use crate::app::lead_import::import::Stage;
use crate::app::{Msg, Slice};
use crate::ui::kit::{Button, Dialog, part};
use crate::ui::store::use_store;

/// The slices in which the import is.
const IMPORT: &[Slice] = &[Slice::Choice];

/// How far the import has come.
#[derive(Clone, Copy, Default, PartialEq)]
enum Step {
    #[default]
    Entering,
    LookingUp,
    Done,
}

/// The dialog in which a list is imported.
#[component]
pub fn ImportDialog() -> AnyView {
    let store = use_store();
    let step = store.select(IMPORT, |model| {
        match model.choice.bring.as_ref().map(|import| &import.stage) {
            Some(Stage::Reading(_)) => Step::LookingUp,
            Some(Stage::Done(_)) => Step::Done,
            Some(Stage::Editing) | None => Step::Entering,
        }
    });
    let body = move || match step.get() {
        Step::Entering => view! { <Entry /> }.into_any(),
        Step::LookingUp => view! { <Progress /> }.into_any(),
        Step::Done => view! { <Report /> }.into_any(),
    };
    view! {
        <Dialog labelled_by="bring-heading" on_close=move || store.send(Msg::BringOpened(false))>
            <h2 id="bring-heading">"Bring a list"</h2>
            {part(body)}
        </Dialog>
    }
    .into_any()
}

/// Closes the dialog.
#[component]
fn CloseButton() -> AnyView {
    let store = use_store();
    view! { <Button label="Close" on_press=move || store.send(Msg::BringOpened(false)) /> }
        .into_any()
}
