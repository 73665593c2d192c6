//! The frame of the app: header, navigation, the view that is open, and what lies in front of it.

use super::batch_history::{batch_comparison, batch_details, batch_history};
use super::cost_preview::{cost_preview, launch_dialog};
use super::debug_panel::debug_panel;
use super::dom::{Element, Node, dynamic, el};
use super::lead_selector::lead_selector;
use super::live::follow;
use super::parts::announcer::announcer;
use super::parts::dialog::dialog;
use super::parts::kit::{button, status};
use super::parts::toasts::toasts;
use super::progress_tracker::{cancel_dialog, progress_tracker, running_now};
use super::sign_in::sign_in_form;
use super::store::Store;
use crate::app::{Msg, Slice};
use crate::domain::live::Health;
use crate::domain::time::{SECOND, duration_words};
use crate::route::View;

/// Everything.
pub fn app(store: Store) -> Vec<Node> {
    leptos::prelude::provide_context(store);
    let no_mock = store.peek(|model| model.config.mock && !cfg!(feature = "mock"));
    let inside_now = store.watch(&[Slice::Session], |model| model.session.is_inside());
    let asks_again = store.watch(&[Slice::Session], |model| model.session.asks_again());
    let mut nodes = Vec::from(announcer(store));
    nodes.extend(no_mock.then(|| {
        let words = "BATCH_RUNNER_MOCK_MODE is set, but this build has no built-in data.";
        status("notice", words)
    }));
    nodes.push(dynamic(move || {
        if inside_now.get() {
            inside(store)
        } else {
            let page = el("main").class("page-sign-in");
            vec![page.child(sign_in_form(store, false)).into()]
        }
    }));
    nodes.push(dynamic(move || {
        let in_front = || dialog("sign-in-heading", None, sign_in_form(store, true));
        asks_again.get().then(in_front)
    }));
    nodes.push(toasts(store).into());
    nodes
}

fn inside(store: Store) -> Vec<Node> {
    let open = store.watch(&[Slice::Route], |model| {
        let route = &model.route;
        (route.batch.clone(), route.view, route.compare.clone())
    });
    let ws_debug = store.peek(|model| model.config.ws_debug);
    let page = dynamic(move || match open.get() {
        (Some(id), ..) => vec![batch_details(store, id)],
        (None, View::New, _) => compose(store).into_iter().map(Node::from).collect(),
        (None, View::Running, _) => vec![progress_tracker(store).into()],
        (None, View::History, Some(both)) => vec![batch_comparison(store, both)],
        (None, View::History, None) => vec![batch_history(store)],
    });
    let skip = el("a").class("skip-link").attr("href", "#view-heading");
    let mut nodes = vec![
        skip.child("Skip to the content").into(),
        header(store).into(),
        storage_notice(store),
        el("main").class("page").child(page).into(),
        launch_dialog(store),
        cancel_dialog(store),
    ];
    nodes.extend(ws_debug.then(|| debug_panel(store).into()));
    nodes
}

fn compose(store: Store) -> Vec<Element> {
    let heading = el("h1")
        .attr("id", "view-heading")
        .class("visually-hidden")
        .attr("tabindex", "-1")
        .child("New batch");
    let side = el("aside")
        .class("compose-side")
        .attr("aria-label", "Price, launch and running batches")
        .child(cost_preview(store))
        .child(running_now(store));
    let columns = el("div").class("compose").child(lead_selector(store));
    vec![heading, columns.child(side)]
}

fn header(store: Store) -> Element {
    let user = store.watch(&[Slice::Session], |model| {
        let user = model.session.user.as_ref();
        user.map(|user| user.name.clone().unwrap_or_else(|| user.email.clone()))
            .unwrap_or_default()
    });
    let sign_out = button("Sign out", move || store.send(Msg::SignOutAsked)).class("button-link");
    let views = [View::New, View::Running, View::History].map(|view| nav_button(store, view));
    let nav = el("nav")
        .class("nav")
        .attr("aria-label", "Views")
        .child(views);
    let account = el("div")
        .class("account")
        .child(el("span").class("account-name").child(user))
        .child(sign_out.view());
    el("header")
        .class("header")
        .child(el("p").class("brand").child("Batch Runner"))
        .child(nav)
        .child(connection_state(store))
        .child(account)
}

fn nav_button(store: Store, view: View) -> Element {
    let current = store.watch(&[Slice::Route], move |model| model.route.view == view);
    let count = store.watch(&[Slice::Batches], move |model| {
        match model.batches.running() {
            count if count > 0 && view == View::Running => count.to_string(),
            _ => String::new(),
        }
    });
    let badge = el("span").class("nav-count").child(count);
    let badge = badge.attr("hidden", follow(move || count.get().is_empty()));
    el("button")
        .attr("type", "button")
        .class("nav-item")
        .attr(
            "aria-current",
            follow(move || current.get().then_some("page")),
        )
        .on_click(move || store.send(Msg::ViewOpened(view)))
        .child(view.label())
        .child(badge)
}

/// How news of running batches come in: a small, calm line, with a way to try at once where there is a wait.
fn connection_state(store: Store) -> Element {
    let health = store.watch(&[Slice::Link], |model| model.link.health());
    let words = follow(move || match health.get() {
        Health::Live => "Live".to_owned(),
        Health::Connecting => "Connecting…".to_owned(),
        Health::Waiting(until) => {
            format!(
                "Reconnecting in {}",
                duration_words((until - store.now()).max(0) + SECOND - 1)
            )
        }
        Health::Polling(every) => format!("Updating every {}", duration_words(every)),
        Health::Offline => "Offline".to_owned(),
        Health::Stopped(why) => format!("Stopped: {why}"),
    });
    let retry = dynamic(move || {
        let can_retry = matches!(health.get(), Health::Waiting(_) | Health::Stopped(_));
        can_retry.then(|| {
            button("Retry now", move || store.send(Msg::RetryNow))
                .class("button-link")
                .view()
        })
    });
    el("div")
        .class("connection")
        .testid("connection-state")
        .attr("data-state", follow(move || health.get().code()))
        .child(
            el("span")
                .class("connection-dot")
                .attr("aria-hidden", "true"),
        )
        .child(el("span").child(words))
        .child(retry)
}

fn storage_notice(store: Store) -> Node {
    let why = store.watch(&[Slice::Notices], |model| model.notices.storage.clone());
    dynamic(move || {
        why.get().map(|why| {
            status(
                "notice",
                format!("What you choose is not kept over a reload: {why}. Everything else works."),
            )
        })
    })
}
