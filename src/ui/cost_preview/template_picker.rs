//! Which report is made.

use leptos::prelude::*;

use crate::app::requests::Slot;
use crate::app::{Model, Msg, Slice};
use crate::domain::plan::Field;
use crate::domain::template::{self, Template, TemplateVersion};
use crate::ui::kit::{ErrorPanel, Select, local_date, part};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Compose, Slice::Ledger, Slice::Session];

/// Which report is made; the newest active version unless somebody chooses.
#[component]
pub fn TemplatePicker() -> AnyView {
    let store = use_store();
    let options = store.select(READS, options);
    let chosen = store.select(READS, |model| {
        let version = model.compose.template.clone();
        version.map(|version| version.0).unwrap_or_default()
    });
    let error = store.select(READS, |model| {
        model.compose.templates.error().map(ToString::to_string)
    });
    view! {
        <Select
            id=Field::Template.control_id()
            testid="template-select"
            label="Report template"
            options=options
            value=chosen
            on_change=move |version| store.send(Msg::TemplateChosen(TemplateVersion(version)))
        />
        <Notes />
        <ErrorPanel
            of=Slot::Templates
            error=error
            on_retry=move || store.send(Msg::TemplatesRetried)
        />
    }
    .into_any()
}

/// What is wrong with the choice, and what is to be known of the template.
#[component]
fn Notes() -> AnyView {
    let store = use_store();
    let complaints = store.select(READS, complaints);
    let hints = store.select(READS, hints);
    part(move || {
        let complaint = |text: String| view! { <p class="field-complaint">{text}</p> }.into_any();
        let hint = |text: String| view! { <p class="field-hint">{text}</p> }.into_any();
        let complaints = complaints.get().into_iter().map(complaint);
        let notes: Vec<_> = complaints
            .chain(hints.get().into_iter().map(hint))
            .collect();
        notes.into_any()
    })
}

/// The templates that the server offers.
fn offered(model: &Model) -> &[Template] {
    let templates = model.compose.templates.value();
    templates.map(Vec::as_slice).unwrap_or_default()
}

/// Versions and labels.
fn options(model: &Model) -> Vec<(String, String)> {
    let newest = model.compose.newest_template();
    let newest = newest.map(|template| &template.version);
    let option = |template: &Template| {
        let mark = match newest == Some(&template.version) {
            true => " · newest",
            false => "",
        };
        let version = &template.version.0;
        let label = format!("{} – {version}{mark}", template.display_name);
        (version.clone(), label)
    };
    offered(model).iter().map(option).collect()
}

fn complaints(model: &Model) -> Vec<String> {
    let compose = &model.compose;
    let mut complaints = Vec::new();
    complaints.extend(compose.complaint(Field::Template).map(str::to_owned));
    complaints.extend(compose.template_gone.as_ref().map(|version| {
        format!(
            "Template version {} is not offered any more. The newest one is chosen instead.",
            version.0
        )
    }));
    if compose.templates.value().is_some_and(Vec::is_empty) {
        complaints.push("The server offers no report templates now.".to_owned());
    }
    complaints
}

fn hints(model: &Model) -> Vec<String> {
    let Some(chosen) = model.compose.chosen_template() else {
        return Vec::new();
    };
    let last = model.ledger.last_use(model.session.person());
    let date = |at| local_date(Some(at));
    let told = template::notes(chosen, offered(model), last.as_ref(), &date);
    chosen.description.clone().into_iter().chain(told).collect()
}
