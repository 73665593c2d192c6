//! Name, description and settings of a batch, and the way to its review.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::plan::{Complaint, Field};
use crate::ui::kit::{FieldKind, SettingField, go_to, part, true_or_absent};
use crate::ui::store::use_store;

/// Settings and the button that leads to the review.
#[component]
pub fn LaunchForm() -> AnyView {
    let store = use_store();
    let busy = store.select(&[Slice::Compose], |model| model.compose.launch.is_busy());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        store.send(Msg::ReviewAsked);
    };
    view! {
        <form class="launch-form" novalidate=true on:submit=submit>
            <SettingField field=Field::Name label="Name (optional)" hint="" />
            <details class="more-settings">
                <summary>"More settings"</summary>
                <SettingField
                    field=Field::Description
                    label="Description (optional)"
                    hint=""
                    kind=FieldKind::Lines
                />
                <div class="field-pair">
                    <SettingField
                        field=Field::MaxConcurrent
                        label="Leads at once"
                        hint="1 to 20"
                        kind=FieldKind::Number
                    />
                    <SettingField
                        field=Field::RetryCount
                        label="Tries again per lead"
                        hint="0 to 5"
                        kind=FieldKind::Number
                    />
                </div>
            </details>
            <Complaints />
            <button
                type="submit"
                class="button button-primary button-wide"
                data-testid="review-batch"
                aria-disabled=true_or_absent(busy.signal())
            >
                "Review batch"
            </button>
        </form>
    }
    .into_any()
}

/// Everything that is to be mended, each with a way to its field. Gets the focus after a refusal.
#[component]
fn Complaints() -> AnyView {
    let complaints =
        use_store().select(&[Slice::Compose], |model| model.compose.complaints.clone());
    let has_none = Signal::derive(move || complaints.with(Vec::is_empty));
    let items = move || {
        let item = |complaint| view! { <ComplaintItem complaint /> }.into_any();
        let items: Vec<_> = complaints.get().into_iter().map(item).collect();
        items.into_any()
    };
    view! {
        <div
            id="launch-complaints"
            class="complaints"
            role="group"
            aria-labelledby="complaints-heading"
            tabindex="-1"
            hidden=has_none
        >
            <p id="complaints-heading">"Before this batch can be started:"</p>
            <ul>{part(items)}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn ComplaintItem(
    /// What is to be mended.
    complaint: Complaint,
) -> AnyView {
    let id = complaint.field.control_id();
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        go_to(id);
    };
    view! {
        <li>
            <a href=format!("#{id}") on:click=go>
                {complaint.text}
            </a>
        </li>
    }
    .into_any()
}
