//! The second step of an import: its lines are looked up.

use leptos::prelude::*;

use super::IMPORT;
use crate::app::lead_import::import::{Bring, Lookup, Stage};
use crate::app::requests::Slot;
use crate::app::{Model, Msg};
use crate::domain::text::grouped;
use crate::ui::kit::{Button, ErrorPanel, Status};
use crate::ui::store::use_store;

/// How far the lines have been looked up, and a way to stop.
#[component]
pub fn Progress() -> AnyView {
    let store = use_store();
    let words = store.select(IMPORT, |model| match lookup(model) {
        None => String::new(),
        Some(lookup) if lookup.total == 0 => "Looking them up…".to_owned(),
        Some(lookup) => {
            let [done, total] = [lookup.done, lookup.total].map(|count| grouped(count.into()));
            format!("Looking them up: {done} of {total}.")
        }
    });
    let error = store.select(IMPORT, |model| lookup(model)?.error.clone());
    view! {
        <Status text=words />
        <ErrorPanel of=Slot::Bring error on_retry=move || store.send(Msg::LookupRetried) />
        <div class="dialog-actions">
            <Button
                label="Stop"
                testid="bring-stop"
                on_press=move || store.send(Msg::LookupStopped)
            />
        </div>
    }
    .into_any()
}

fn lookup(model: &Model) -> Option<&Lookup> {
    match &model.choice.bring {
        Some(Bring {
            stage: Stage::Reading(lookup),
            ..
        }) => Some(lookup),
        _ => None,
    }
}
