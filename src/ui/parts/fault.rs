//! Trouble with a read, in the panel that it concerns: what happened, when it is tried again, and a way to try now.

use leptos::prelude::*;

use crate::app::Slice;
use crate::app::net::{Phase, Slot};
use crate::domain::time::{SECOND, duration_words};
use crate::ui::parts::erased::{dynamic, follow};
use crate::ui::parts::kit::{button, para};
use crate::ui::store::{Store, Watched};

/// Says what became of a failed read; nothing where all is well.
#[component]
pub fn Fault(
    store: Store,
    /// The read's slot, whose waiting is told with a countdown.
    of: Slot,
    /// The failure that is final until somebody tries again.
    error: Watched<Option<String>>,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let waiting = store.watch(&[Slice::Net], move |model| match model.net.phase(&of) {
        Some(Phase::Retry { at, error }) => Some((Some(*at), error.to_string())),
        Some(Phase::Network) => Some((
            None,
            "Offline: this goes on by itself when the network is back.".to_owned(),
        )),
        _ => None,
    });
    dynamic(move || match (waiting.get(), error.get()) {
        (Some((at, text)), _) => {
            let countdown = at.map(|at| {
                let left = follow(move || {
                    format!(
                        "Trying again in {}.",
                        duration_words((at - store.now()).max(0) + SECOND - 1)
                    )
                });
                para("fault-countdown", left)
            });
            Some(view! { <div class="fault fault-waiting" role="status">{para("", text)} {countdown}</div> }.into_any())
        }
        (None, Some(text)) => {
            let retry = button("Try again", move || on_retry.run(()));
            Some(
                view! { <div class="fault" role="alert">{para("", text)} {retry.view()}</div> }
                    .into_any(),
            )
        }
        (None, None) => None,
    })
}
