//! In front of everything: what is about to be bought, and what became of it.

use leptos::prelude::*;

use super::review::Review;
use super::stages::{Several, UnderWay, Unsettled};
use crate::app::{Msg, Slice};
use crate::machine::launch::Launch;
use crate::ui::kit::{Content, Dialog, When, part};
use crate::ui::selected::select;
use crate::ui::store::use_store;

/// What the dialog is about.
#[derive(Clone, Copy, Default, PartialEq)]
enum Stage {
    /// Nothing that a person has to look at.
    #[default]
    Closed,
    Review,
    UnderWay,
    Unsettled,
    Several,
}

impl Stage {
    fn of(launch: &Launch) -> Self {
        match launch {
            Launch::Reviewing(_) => Self::Review,
            Launch::Approved(_) | Launch::Submitting { .. } | Launch::Checking(_) => Self::UnderWay,
            Launch::NotConfirmed { .. } | Launch::Unknown { .. } => Self::Unsettled,
            Launch::Several { .. } => Self::Several,
            Launch::Draft
            | Launch::Started { .. }
            | Launch::Refused { .. }
            | Launch::Elsewhere(_) => Self::Closed,
        }
    }
}

/// The review of a plan, its sending, and what to do when the answer got lost; nothing while nothing is bought.
#[component]
pub fn LaunchDialog() -> AnyView {
    let store = use_store();
    let stage = store.select(&[Slice::Compose], |model| Stage::of(&model.compose.launch));
    let is_open = select(move || stage.get() != Stage::Closed);
    let content = move || match stage.get() {
        Stage::Closed => ().into_any(),
        Stage::Review => view! { <Review /> }.into_any(),
        Stage::UnderWay => view! { <UnderWay /> }.into_any(),
        Stage::Unsettled => view! { <Unsettled /> }.into_any(),
        Stage::Several => view! { <Several /> }.into_any(),
    };
    view! {
        <When so=is_open>
            <Dialog labelled_by="launch-heading" on_close=move || store.send(Msg::LaunchDismissed)>
                {part(content)}
            </Dialog>
        </When>
    }
    .into_any()
}

/// The heading that names the dialog.
#[component]
pub fn Heading(
    /// Its words.
    #[prop(into)]
    text: Signal<String>,
) -> AnyView {
    view! { <h2 id="launch-heading">{text}</h2> }.into_any()
}

/// What a person can do, at the end of the dialog.
#[component]
pub fn Actions(
    /// Buttons.
    children: Content,
) -> AnyView {
    view! { <div class="dialog-actions">{children.run()}</div> }.into_any()
}
