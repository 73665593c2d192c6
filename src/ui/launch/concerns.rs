//! What speaks against a launch.

use leptos::prelude::*;

use crate::app::launch::warnings::Concern;
use crate::app::{Msg, Slice};
use crate::browser::clock;
use crate::domain::text::counted;
use crate::ui::kit::{Button, Checkbox, Foreign, When, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

/// What concerns depend on. They tell of running batches and of time that passes, which news bring along.
const CONCERNED: &[Slice] = &[
    Slice::Compose,
    Slice::Ledger,
    Slice::Others,
    Slice::Batches,
    Slice::Session,
];

/// What speaks against it, and the box by which a person says that it is meant so; nothing where nothing does.
#[component]
pub fn Concerns() -> AnyView {
    let store = use_store();
    let concerns = store.select(CONCERNED, |model| model.concerns(clock::now()));
    let accepted = store.select(CONCERNED, |model| {
        let concerns = model.concerns(clock::now());
        model.is_accepted(&concerns)
    });
    let are_any = select(move || !concerns.with(Vec::is_empty));
    let accept = move |accepted| store.send(Msg::ConcernAccepted(accepted));
    view! {
        <When so=are_any>
            <div class="budget budget-over concerns" role="status" data-testid="concerns">
                <ConcernList concerns />
                // Outside the list, so that it keeps the focus while the words change.
                <label class="check check-inline">
                    <Checkbox checked=accepted testid="accept-concerns" on_change=accept />
                    <span>"I know, and want it all the same"</span>
                </label>
            </div>
        </When>
    }
    .into_any()
}

#[component]
fn ConcernList(
    /// What speaks against it.
    concerns: Selected<Vec<Concern>>,
) -> AnyView {
    let items = move || {
        let item = |concern| view! { <ConcernItem concern /> }.into_any();
        let items: Vec<_> = concerns.get().into_iter().map(item).collect();
        items.into_any()
    };
    view! { <ul>{part(items)}</ul> }.into_any()
}

#[component]
fn ConcernItem(
    /// What speaks against it.
    concern: Concern,
) -> AnyView {
    let store = use_store();
    let Concern {
        words, leave_out, ..
    } = concern;
    let count = leave_out.len();
    let leave_out = (count > 0).then(|| {
        let label = format!("Leave {} out", counted(count, "lead"));
        let leave = move || store.send(Msg::OverlapLeftOut(leave_out.clone()));
        view! { <Button label testid="leave-overlap-out" on_press=leave /> }.into_any()
    });
    view! {
        <li>
            <p>
                <Foreign text=words />
            </p>
            {leave_out}
        </li>
    }
    .into_any()
}
