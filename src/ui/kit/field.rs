//! A labelled control of the launch form with its hint and its complaint.

use leptos::prelude::*;

use super::controls::Labelled;
use super::text::true_or_absent;
use crate::app::{Msg, Slice};
use crate::domain::plan::{Field, Settings};
use crate::ui::store::use_store;

/// What is typed into a field.
#[derive(Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// Words on one line.
    Line,
    /// Several lines.
    Lines,
    /// Whole numbers: phones show their number pad.
    Number,
}

/// A labelled text field of the launch form.
#[component]
pub fn SettingField(
    /// What it sets.
    field: Field,
    /// Its words.
    label: &'static str,
    /// What may be entered.
    hint: &'static str,
    /// What is typed into it.
    #[prop(default = FieldKind::Line)]
    kind: FieldKind,
) -> AnyView {
    let store = use_store();
    let id = field.control_id();
    let note_id = format!("{id}-note");
    let value = store.select(&[Slice::Compose], move |model| {
        setting(&model.compose.settings, field).to_owned()
    });
    let complaint = store.select(&[Slice::Compose], move |model| {
        model.compose.complaint(field).map(str::to_owned)
    });
    let is_wrong = Signal::derive(move || complaint.with(Option::is_some));
    let type_in = move |event| store.send(Msg::SettingTyped(field, event_target_value(&event)));
    let control = match kind {
        FieldKind::Lines => view! {
            <textarea
                rows="2"
                id=id
                aria-describedby=note_id.clone()
                aria-invalid=true_or_absent(is_wrong)
                prop:value=value.signal()
                on:input=type_in
            />
        }
        .into_any(),
        FieldKind::Line | FieldKind::Number => view! {
            <input
                type="text"
                autocomplete="off"
                id=id
                inputmode=(kind == FieldKind::Number).then_some("numeric")
                aria-describedby=note_id.clone()
                aria-invalid=true_or_absent(is_wrong)
                prop:value=value.signal()
                on:input=type_in
            />
        }
        .into_any(),
    };
    let class = Signal::derive(move || {
        let class = match is_wrong.get() {
            true => "field-complaint",
            false => "field-hint",
        };
        class.to_owned()
    });
    let note = Signal::derive(move || complaint.get().unwrap_or_else(|| hint.to_owned()));
    view! {
        <Labelled id label>
            {control}
            <p class=class id=note_id>
                {note}
            </p>
        </Labelled>
    }
    .into_any()
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
