//! A labelled control of the launch form with its hint and its complaint.

use crate::app::{Msg, Slice};
use crate::domain::plan::{Field, Settings};
use crate::ui::dom::{Node, el};
use crate::ui::live::follow;
use crate::ui::parts::kit::{labelled, truth, typed};
use crate::ui::store::Store;

/// A labelled text field of the launch form.
pub struct SettingField {
    pub field: Field,
    pub label: &'static str,
    /// What may be entered.
    pub hint: &'static str,
    pub kind: FieldKind,
}

/// What is typed into a field.
#[derive(Clone, Copy, PartialEq)]
pub enum FieldKind {
    Line,
    /// Several lines.
    Lines,
    /// Whole numbers: phones show their number pad.
    Number,
}

impl SettingField {
    /// Puts it into the view.
    pub fn view(self, store: Store) -> Node {
        let Self {
            field,
            label,
            hint,
            kind,
        } = self;
        let id = field.control_id();
        let value = store.watch(&[Slice::Compose], move |model| {
            setting(&model.compose.settings, field).to_owned()
        });
        let complaint = store.watch(&[Slice::Compose], move |model| {
            model.compose.complaint(field).map(str::to_owned)
        });
        let note_id = format!("{id}-note");
        let control = match kind {
            FieldKind::Lines => el("textarea").attr("rows", "2"),
            _ => el("input").attr("type", "text").attr("autocomplete", "off"),
        };
        let control = control
            .attr("id", id)
            .attr(
                "inputmode",
                (kind == FieldKind::Number).then_some("numeric"),
            )
            .attr("aria-describedby", note_id.clone())
            .attr(
                "aria-invalid",
                truth(follow(move || complaint.get().is_some())),
            )
            .prop("value", value)
            .on(
                "input",
                typed(move |text| store.send(Msg::SettingTyped(field, text))),
            );
        let class = follow(move || match complaint.get() {
            Some(_) => "field-complaint",
            None => "field-hint",
        });
        let note = follow(move || complaint.get().unwrap_or_else(|| hint.to_owned()));
        let note = el("p").class(class).attr("id", note_id).child(note);
        labelled("field", id, label, [control, note])
    }
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
