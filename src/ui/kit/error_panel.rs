//! Trouble with a read, in the panel that it concerns: what happened, when it is tried again, and a way to try now.

use leptos::prelude::*;

use super::button::Button;
use super::part::part;
use crate::app::Slice;
use crate::app::requests::{Phase, Slot};
use crate::domain::time::{Millis, SECOND, duration_words};
use crate::ui::store::use_store;

/// Says what became of a failed read; nothing where all is well.
#[component]
pub fn ErrorPanel(
    /// The read; while it waits for another try that is told with a countdown.
    of: Slot,
    /// What went wrong; final until somebody tries again.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// What trying again does.
    #[prop(into)]
    on_retry: UnsyncCallback<()>,
) -> AnyView {
    let waiting = use_store().select(&[Slice::Net], move |model| match model.net.phase(&of) {
        Some(Phase::Retry { at, error }) => Some((Some(*at), error.to_string())),
        Some(Phase::Network) => Some((
            None,
            "Offline: this goes on by itself when the network is back.".to_owned(),
        )),
        _ => None,
    });
    part(move || match (waiting.get(), error.get()) {
        (Some((at, text)), _) => view! { <Waiting at text /> }.into_any(),
        (None, Some(text)) => view! {
            <div class="fault" role="alert">
                <p class="">{text}</p>
                <Button label="Try again" on_press=on_retry />
            </div>
        }
        .into_any(),
        (None, None) => ().into_any(),
    })
}

/// It is tried again by itself.
#[component]
fn Waiting(
    /// When, if that is known.
    at: Option<Millis>,
    /// What happened.
    text: String,
) -> AnyView {
    let store = use_store();
    let countdown = at.map(|at| {
        let left = Signal::derive(move || {
            let left = (at - store.now()).max(0) + SECOND - 1;
            format!("Trying again in {}.", duration_words(left))
        });
        view! { <p class="fault-countdown">{left}</p> }.into_any()
    });
    view! {
        <div class="fault fault-waiting" role="status">
            <p class="">{text}</p>
            {countdown}
        </div>
    }
    .into_any()
}
