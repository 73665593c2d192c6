//! Name, description and settings of a batch, and the way to its review.

use crate::app::{Msg, Slice};
use crate::domain::plan::{Complaint, Field};
use crate::ui::dom::{Element, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::field::{FieldKind, SettingField};
use crate::ui::parts::focus::go_to;
use crate::ui::parts::kit::truth;
use crate::ui::store::Store;

/// Settings and the button that leads to the review.
pub fn launch_form(store: Store) -> Element {
    let busy = store.watch(&[Slice::Compose], |model| model.compose.launch.is_busy());
    let field = |field, label, hint, kind| {
        let field = SettingField {
            field,
            label,
            hint,
            kind,
        };
        field.view(store)
    };
    let pair = el("div").class("field-pair").child([
        field(
            Field::MaxConcurrent,
            "Leads at once",
            "1 to 20",
            FieldKind::Number,
        ),
        field(
            Field::RetryCount,
            "Tries again per lead",
            "0 to 5",
            FieldKind::Number,
        ),
    ]);
    let more = el("details")
        .class("more-settings")
        .child(el("summary").child("More settings"))
        .child(field(
            Field::Description,
            "Description (optional)",
            "",
            FieldKind::Lines,
        ))
        .child(pair);
    let review = el("button")
        .attr("type", "submit")
        .class("button button-primary button-wide")
        .testid("review-batch")
        .attr("aria-disabled", truth(busy))
        .child("Review batch");
    el("form")
        .class("launch-form")
        .attr("novalidate", true)
        .on("submit", move |event| {
            event.prevent_default();
            store.send(Msg::ReviewAsked);
        })
        .child(field(Field::Name, "Name (optional)", "", FieldKind::Line))
        .child(more)
        .child(complaints(store))
        .child(review)
}

/// Everything that is to be mended, each with a way to its field. Gets the focus after a refusal.
fn complaints(store: Store) -> Element {
    let complaints = store.watch(&[Slice::Compose], |model| model.compose.complaints.clone());
    let items = dynamic(move || complaints.get().into_iter().map(item).collect::<Vec<_>>());
    let heading = "Before this batch can be started:";
    el("div")
        .attr("id", "launch-complaints")
        .class("complaints")
        .attr("role", "group")
        .attr("aria-labelledby", "complaints-heading")
        .attr("tabindex", "-1")
        .attr("hidden", follow(move || complaints.get().is_empty()))
        .child(el("p").attr("id", "complaints-heading").child(heading))
        .child(el("ul").child(items))
}

fn item(complaint: Complaint) -> Element {
    let id = complaint.field.control_id();
    let link = el("a")
        .attr("href", format!("#{id}"))
        .on("click", move |event| {
            event.prevent_default();
            go_to(id);
        });
    el("li").child(link.child(complaint.text))
}
