//! The frame of the app: header, navigation, the view that is open, and what lies in front of it.

use leptos::prelude::*;

use super::batch_history::{BatchHistory, batch_details};
use super::cost_preview::{CostPreview, LaunchDialog};
use super::debug_panel::DebugPanel;
use super::lead_selector::LeadSelector;
use super::parts::announcer::Announcer;
use super::parts::dialog::Dialog;
use super::parts::erased::{clicked, dynamic, follow};
use super::parts::kit::{button, status};
use super::parts::toasts::Toasts;
use super::progress_tracker::{CancelDialog, ProgressTracker, RunningNow};
use super::sign_in::SignInForm;
use super::store::Store;
use crate::app::{Msg, Slice};
use crate::domain::time::{SECOND, duration_words};
use crate::machine::connection::Health;
use crate::route::View;

/// Everything.
#[component]
pub fn App(store: Store) -> impl IntoView {
    let no_mock = store.peek(|model| model.config.mock && !cfg!(feature = "mock"));
    let inside = store.memo(&[Slice::Session], |model| model.session.is_inside());
    let asks_again = store.memo(&[Slice::Session], |model| model.session.asks_again());
    let outside = move || {
        view! { <main class="page-sign-in"><SignInForm store again=false /></main> }.into_any()
    };
    let in_front = move || {
        view! { <Dialog labelled_by="sign-in-heading"><SignInForm store again=true /></Dialog> }
            .into_any()
    };
    view! {
        <Announcer store />
        {no_mock.then(|| status("notice", "BATCH_RUNNER_MOCK_MODE is set, but this build has no built-in data."))}
        {dynamic(move || if inside.get() { view! { <Inside store /> }.into_any() } else { outside() })}
        {dynamic(move || asks_again.get().then(in_front))}
        <Toasts store />
    }
}

#[component]
fn Inside(store: Store) -> impl IntoView {
    let open = store.watch(&[Slice::Route], |model| {
        (model.route.batch.clone(), model.route.view)
    });
    let ws_debug = store.peek(|model| model.config.ws_debug);
    let page = move || match open.get() {
        (Some(id), _) => batch_details(store, id),
        (None, View::New) => compose(store),
        (None, View::Running) => view! { <ProgressTracker store /> }.into_any(),
        (None, View::History) => view! { <BatchHistory store /> }.into_any(),
    };
    view! {
        <a class="skip-link" href="#view-heading">"Skip to the content"</a>
        <Header store />
        <StorageNotice store />
        <main class="page">{dynamic(page)}</main>
        <LaunchDialog store />
        <CancelDialog store />
        {ws_debug.then(|| view! { <DebugPanel store /> }.into_any())}
    }
}

fn compose(store: Store) -> AnyView {
    view! {
        <h1 id="view-heading" class="visually-hidden" tabindex="-1">"New batch"</h1>
        <div class="compose">
            <LeadSelector store />
            <aside class="compose-side" aria-label="Price, launch and running batches">
                <CostPreview store />
                <RunningNow store />
            </aside>
        </div>
    }
    .into_any()
}

#[component]
fn Header(store: Store) -> impl IntoView {
    let user = store.memo(&[Slice::Session], |model| {
        let user = model.session.user.as_ref();
        user.map(|user| user.name.clone().unwrap_or_else(|| user.email.clone()))
            .unwrap_or_default()
    });
    let sign_out = button("Sign out", move || store.send(Msg::SignOutAsked)).class("button-link");
    view! {
        <header class="header">
            <p class="brand">"Batch Runner"</p>
            <nav class="nav" aria-label="Views">
                {nav_button(store, View::New)} {nav_button(store, View::Running)} {nav_button(store, View::History)}
            </nav>
            <ConnectionState store />
            <div class="account">
                <span class="account-name">{user}</span>
                {sign_out.view()}
            </div>
        </header>
    }
}

fn nav_button(store: Store, view: View) -> AnyView {
    let current = store.memo(&[Slice::Route], move |model| model.route.view == view);
    let count = store.memo(&[Slice::Batches], move |model| {
        match model.batches.running() {
            count if count > 0 && view == View::Running => count.to_string(),
            _ => String::new(),
        }
    });
    let none = follow(move || count.get().is_empty());
    let page = follow(move || current.get().then_some("page"));
    view! {
        <button type="button" class="nav-item" aria-current=page on:click=clicked(move || store.send(Msg::ViewOpened(view)))>
            {view.label()}
            <span class="nav-count" hidden=none>{count}</span>
        </button>
    }
    .into_any()
}

/// How news of running batches come in: a small, calm line, with a way to try at once where there is a wait.
#[component]
fn ConnectionState(store: Store) -> impl IntoView {
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
    let code = follow(move || health.get().code());
    let retry = move || {
        let can_retry = matches!(health.get(), Health::Waiting(_) | Health::Stopped(_));
        can_retry.then(|| {
            button("Retry now", move || store.send(Msg::RetryNow))
                .class("button-link")
                .view()
        })
    };
    view! {
        <div class="connection" data-testid="connection-state" data-state=code>
            <span class="connection-dot" aria-hidden="true"></span>
            <span>{words}</span>
            {dynamic(retry)}
        </div>
    }
}

#[component]
fn StorageNotice(store: Store) -> impl IntoView {
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
