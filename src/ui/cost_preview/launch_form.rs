//! Name, description and settings of a batch, and the way to its review.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::plan::{Complaint, Field};
use crate::ui::parts::erased::{dynamic, follow};
use crate::ui::parts::field::SettingField;
use crate::ui::parts::focus::go_to;
use crate::ui::store::Store;

/// Settings and the button that leads to the review.
#[component]
pub fn LaunchForm(store: Store) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        store.send(Msg::ReviewAsked);
    };
    let busy = store.memo(&[Slice::Compose], |model| model.compose.launch.is_busy());
    let disabled = follow(move || busy.get().then_some("true"));
    view! {
        <form class="launch-form" novalidate on:submit=submit>
            <SettingField store field=Field::Name label="Name (optional)" />
            <details class="more-settings">
                <summary>"More settings"</summary>
                <SettingField store field=Field::Description label="Description (optional)" multiline=true />
                <div class="field-pair">
                    <SettingField store field=Field::MaxConcurrent label="Leads at once" hint="1 to 20" numeric=true />
                    <SettingField store field=Field::RetryCount label="Tries again per lead" hint="0 to 5" numeric=true />
                </div>
            </details>
            <Complaints store />
            <button type="submit" class="button button-primary button-wide" data-testid="review-batch" aria-disabled=disabled>
                "Review batch"
            </button>
        </form>
    }
}

/// Everything that is to be mended, each with a way to its field. Gets the focus after a refusal.
#[component]
fn Complaints(store: Store) -> impl IntoView {
    let complaints = store.watch(&[Slice::Compose], |model| model.compose.complaints.clone());
    let none = follow(move || complaints.get().is_empty());
    view! {
        <div
            id="launch-complaints"
            class="complaints"
            role="group"
            aria-labelledby="complaints-heading"
            tabindex="-1"
            hidden=none
        >
            <p id="complaints-heading">"Before this batch can be started:"</p>
            <ul>{dynamic(move || complaints.get().into_iter().map(item).collect::<Vec<_>>())}</ul>
        </div>
    }
}

fn item(complaint: Complaint) -> AnyView {
    let id = complaint.field.control_id();
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        go_to(id);
    };
    view! { <li><a href=format!("#{id}") on:click=go>{complaint.text}</a></li> }.into_any()
}
