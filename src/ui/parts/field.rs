//! A labelled control of the launch form with its hint and its complaint.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::plan::{Field, Settings};
use crate::ui::parts::erased::{changed, follow};
use crate::ui::parts::kit::labelled;
use crate::ui::store::Store;

/// A labelled text or number field.
#[component]
pub fn SettingField(
    store: Store,
    field: Field,
    label: &'static str,
    /// What may be entered.
    #[prop(optional)]
    hint: &'static str,
    /// Several lines.
    #[prop(optional)]
    multiline: bool,
    /// Whole numbers: phones show their number pad.
    #[prop(optional)]
    numeric: bool,
) -> impl IntoView {
    let id = field.control_id();
    let value = store.memo(&[Slice::Compose], move |model| {
        setting(&model.compose.settings, field).to_owned()
    });
    let complaint = store.watch(&[Slice::Compose], move |model| {
        model.compose.complaint(field).map(str::to_owned)
    });
    let typed =
        changed(move |event| store.send(Msg::SettingTyped(field, event_target_value(&event))));
    let note_id = format!("{id}-note");
    let described = note_id.clone();
    let wrong = follow(move || complaint.get().map(|_| "true"));
    let control = if multiline {
        view! {
            <textarea id=id rows="2" aria-describedby=described aria-invalid=wrong prop:value=value on:input=typed></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=id
                type="text"
                autocomplete="off"
                inputmode=numeric.then_some("numeric")
                aria-describedby=described
                aria-invalid=wrong
                prop:value=value
                on:input=typed
            />
        }
        .into_any()
    };
    let class = follow(move || {
        if complaint.get().is_some() {
            "field-complaint"
        } else {
            "field-hint"
        }
    });
    let note = follow(move || complaint.get().unwrap_or_else(|| hint.to_owned()));
    let control = view! { {control} <p class=class id=note_id>{note}</p> };
    labelled("field", id, label, control.into_any())
}

fn setting(settings: &Settings, field: Field) -> &str {
    match field {
        Field::Name => &settings.name,
        Field::Description => &settings.description,
        Field::MaxConcurrent => &settings.max_concurrent,
        Field::RetryCount => &settings.retry_count,
        Field::Leads | Field::Template | Field::Price => "",
    }
}
