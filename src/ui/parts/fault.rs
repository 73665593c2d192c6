//! Trouble with a read, in the panel that it concerns: what happened, when it is tried again, and a way to try now.

use std::rc::Rc;

use crate::app::Slice;
use crate::app::requests::{Phase, Slot};
use crate::domain::time::{SECOND, duration_words};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::live::{Watched, follow};
use crate::ui::parts::kit::{button, para};
use crate::ui::store::Store;

/// Says what became of a failed read; nothing where all is well. The slot's waiting is told with a countdown; `error`
/// is final until somebody tries again.
pub fn fault(
    store: Store,
    of: Slot,
    error: Watched<Option<String>>,
    on_retry: impl Fn() + 'static,
) -> Node {
    let waiting = store.watch(&[Slice::Net], move |model| match model.net.phase(&of) {
        Some(Phase::Retry { at, error }) => Some((Some(*at), error.to_string())),
        Some(Phase::Network) => Some((
            None,
            "Offline: this goes on by itself when the network is back.".to_owned(),
        )),
        _ => None,
    });
    let on_retry = Rc::new(on_retry);
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
            let waiting = el("div")
                .class("fault fault-waiting")
                .attr("role", "status");
            Some(waiting.child(para("", text)).child(countdown))
        }
        (None, Some(text)) => {
            let on_retry = on_retry.clone();
            let retry = button("Try again", move || on_retry());
            let failed = el("div").class("fault").attr("role", "alert");
            Some(failed.child(para("", text)).child(retry.view()))
        }
        (None, None) => None,
    })
}
