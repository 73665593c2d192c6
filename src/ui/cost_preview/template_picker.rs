//! Which report is made.

use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::domain::plan::Field;
use crate::domain::template::{self, TemplateVersion};
use crate::ui::dom::{Node, dynamic};
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::para;
use crate::ui::parts::local_date;
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

/// Which report is made; the newest active version unless somebody chooses.
pub fn template_picker(store: Store) -> [Node; 3] {
    const READS: &[Slice] = &[Slice::Compose, Slice::Ledger, Slice::Session];
    let options = store.watch(READS, |model| {
        let newest = model
            .compose
            .newest_template()
            .map(|template| &template.version);
        let offered = model
            .compose
            .templates
            .value()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let option = |template: &crate::domain::template::Template| {
            let mark = if newest == Some(&template.version) {
                " · newest"
            } else {
                ""
            };
            let label = format!("{} – {}{mark}", template.display_name, template.version.0);
            (template.version.0.clone(), label)
        };
        offered.iter().map(option).collect::<Vec<_>>()
    });
    let chosen = store.watch(READS, |model| {
        model
            .compose
            .template
            .clone()
            .map(|version| version.0)
            .unwrap_or_default()
    });
    let error = store.watch(READS, |model| {
        model.compose.templates.error().map(ToString::to_string)
    });
    let notes = store.watch(READS, |model| {
        let compose = &model.compose;
        let mut notes: Vec<(&'static str, String)> = Vec::new();
        notes.extend(
            compose
                .complaint(Field::Template)
                .map(|text| ("field-complaint", text.to_owned())),
        );
        if let Some(version) = &compose.template_gone {
            let text = format!(
                "Template version {} is not offered any more. The newest one is chosen instead.",
                version.0
            );
            notes.push(("field-complaint", text));
        }
        if compose.templates.value().is_some_and(Vec::is_empty) {
            notes.push((
                "field-complaint",
                "The server offers no report templates now.".into(),
            ));
        }
        let description = compose
            .chosen_template()
            .and_then(|template| template.description.clone());
        notes.extend(description.map(|text| ("field-hint", text)));
        if let Some(chosen) = compose.chosen_template() {
            let offered = compose
                .templates
                .value()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let last = model.ledger.last_use(model.session.person());
            let told = template::notes(chosen, offered, last.as_ref(), &|at| local_date(Some(at)));
            notes.extend(told.into_iter().map(|text| ("field-hint", text)));
        }
        notes
    });
    let select = Select {
        id: Field::Template.control_id(),
        testid: Some("template-select"),
        label: "Report template",
        options: options.into(),
        value: chosen.into(),
        on_change: Box::new(move |version| {
            store.send(Msg::TemplateChosen(TemplateVersion(version)))
        }),
    };
    let notes = dynamic(move || {
        let note = |(class, text)| para(class, text);
        notes.get().into_iter().map(note).collect::<Vec<_>>()
    });
    let fault = fault(store, Slot::Templates, error, move || {
        store.send(Msg::TemplatesRetried)
    });
    [select.view(), notes, fault]
}
