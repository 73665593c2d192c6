//! The line at the top: navigation, how news come in, and who is signed in.

use leptos::prelude::*;

use super::kit::{Button, Link, When};
use super::store::use_store;
use crate::app::{Msg, Slice};
use crate::domain::live::Health;
use crate::domain::time::{SECOND, duration_words};
use crate::route::{Route, View};

/// The line at the top.
#[component]
pub fn Header() -> AnyView {
    view! {
        <header class="header">
            <p class="brand">"Batch Runner"</p>
            <nav class="nav" aria-label="Views">
                <NavItem view=View::New />
                <NavItem view=View::Running />
                <NavItem view=View::History />
            </nav>
            <ConnectionState />
            <Account />
        </header>
    }
    .into_any()
}

/// The way to a view, and how many batches run there.
#[component]
fn NavItem(
    /// The view.
    view: View,
) -> AnyView {
    let store = use_store();
    let is_open = store.select(&[Slice::Route], move |model| model.route.view == view);
    let count = store.select(&[Slice::Batches], move |model| {
        match model.batches.running() {
            count if count > 0 && view == View::Running => count.to_string(),
            _ => String::new(),
        }
    });
    view! {
        <Link to=move |here: &Route| here.at_view(view) class="nav-item" is_open=is_open>
            {view.label()}
            <span
                class="nav-count"
                translate="no"
                hidden=Signal::derive(move || count.with(String::is_empty))
            >
                {count}
            </span>
        </Link>
    }
    .into_any()
}

/// How news of running batches come in: a small, calm line, with a way to try at once where there is a wait.
#[component]
fn ConnectionState() -> AnyView {
    let store = use_store();
    let health = store.select(&[Slice::Link], |model| model.link.health());
    let words = Signal::derive(move || match health.get() {
        Health::Live => "Live".to_owned(),
        Health::Connecting => "Connecting…".to_owned(),
        Health::Waiting(until) => {
            let left = (until - store.now()).max(0) + SECOND - 1;
            format!("Reconnecting in {}", duration_words(left))
        }
        Health::Polling(every) => format!("Updating every {}", duration_words(every)),
        Health::Offline => "Offline".to_owned(),
        Health::Stopped(why) => format!("Stopped: {why}"),
    });
    let can_retry = Signal::derive(move || {
        health.with(|health| matches!(health, Health::Waiting(_) | Health::Stopped(_)))
    });
    view! {
        <div
            class="connection"
            data-testid="connection-state"
            data-state=Signal::derive(move || health.with(|health| health.code().to_owned()))
        >
            <span class="connection-dot" aria-hidden="true"></span>
            <span translate="no">{words}</span>
            <When so=can_retry>
                <Button
                    label="Retry now"
                    class="button-link"
                    on_press=move || store.send(Msg::RetryNow)
                />
            </When>
        </div>
    }
    .into_any()
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> AnyView {
    let store = use_store();
    let name = store.select(&[Slice::Session], |model| {
        let user = model.session.user.as_ref();
        user.map(|user| user.name.clone().unwrap_or_else(|| user.email.clone()))
            .unwrap_or_default()
    });
    view! {
        <div class="account">
            <span class="account-name" translate="no">
                {name}
            </span>
            <Button
                label="Sign out"
                class="button-link"
                on_press=move || store.send(Msg::SignOutAsked)
            />
        </div>
    }
    .into_any()
}
