//! Chosen leads that the server does not know any more.

use leptos::prelude::*;

use crate::app::Msg;
use crate::domain::lead::LeadId;
use crate::domain::text::counted;
use crate::ui::kit::{Button, Foreign};
use crate::ui::store::{Store, use_store};

/// So many leads that are gone are named at once, the others when somebody asks.
const GONE_NAMED: usize = 3;

/// Names them and offers to take them out; nothing where all are there.
#[component]
pub fn GoneLeads(
    /// The leads that are gone.
    gone: Vec<LeadId>,
) -> AnyView {
    if gone.is_empty() {
        return ().into_any();
    }
    let store = use_store();
    let names = names(store, &gone);
    let (named, more) = names.split_at(names.len().min(GONE_NAMED));
    let leads = counted(gone.len(), "chosen lead");
    let others = (!more.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("And {} more", more.len())}</summary>
                <p>
                    <Foreign text=more.join(", ") />
                </p>
            </details>
        }
        .into_any()
    });
    view! {
        <div class="budget budget-over" role="status">
            <p>
                {format!("{leads} cannot be reported on any more: ")}
                <Foreign text=named.join(", ") /> "."
            </p>
            {others}
            <Button label="Take them out" on_press=move || store.send(Msg::GoneLeadsDropped) />
        </div>
    }
    .into_any()
}

fn names(store: Store, gone: &[LeadId]) -> Vec<String> {
    store.peek(|model| {
        let name = |id| {
            let lead = model.choice.selection.get(id);
            let name = lead.map_or("a lead without a name", |lead| lead.name());
            name.to_owned()
        };
        gone.iter().map(name).collect()
    })
}
