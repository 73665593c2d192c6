//! The frame of the app: the view that is open, what stands around it, and what lies in front of it.

use leptos::prelude::*;
use leptos_router::components::Router;

use super::address::Address;
use super::header::Header;
use super::kit::{Announcer, Dialog, Status, Toasts, When, part};
use super::later::{Later, LaterView, MissingParts};
use super::lead_selector::LeadSelector;
use super::sign_in::SignInForm;
use super::store::{Store, use_store};
use crate::app::Slice;
use crate::browser::page;
use crate::route::View;

/// Everything.
#[component]
pub fn App(
    /// The store that every component finds by `use_store`.
    store: Store,
) -> AnyView {
    provide_context(store);
    let lacks_data = store.peek(|model| model.config.mock && !cfg!(feature = "mock"));
    let no_data = lacks_data.then(|| {
        let text = "BATCH_RUNNER_MOCK_MODE is set, but this build has no built-in data.";
        view! { <Status class="notice" text /> }.into_any()
    });
    let inside = store.select(&[Slice::Session], |model| model.session.is_inside());
    let asks_again = store.select(&[Slice::Session], |model| model.session.asks_again());
    // One path: whatever follows it belongs to the host.
    view! {
        <Router base=page::path()>
            <Address />
            <Announcer />
            {no_data}
            <When so=inside otherwise=sign_in_page>
                <Inside />
            </When>
            <When so=asks_again>
                <Dialog labelled_by="sign-in-heading">
                    <SignInForm again=true />
                </Dialog>
            </When>
            <Toasts />
        </Router>
    }
    .into_any()
}

fn sign_in_page() -> AnyView {
    view! {
        <main class="page-sign-in">
            <SignInForm again=false />
        </main>
    }
    .into_any()
}

/// What is shown to somebody who is signed in.
#[component]
fn Inside() -> AnyView {
    let store = use_store();
    let debug = store.peek(|model| model.config.ws_debug);
    let debug = debug.then(|| view! { <Later view=LaterView::DebugPanel /> }.into_any());
    view! {
        // The router would show the heading but leave the focus where it is.
        <a class="skip-link" href="#view-heading" rel="external">
            "Skip to the content"
        </a>
        <Header />
        <StorageNotice />
        <MissingParts />
        <main class="page">
            <OpenView />
        </main>
        <Later view=LaterView::LaunchDialog />
        <Later view=LaterView::CancelDialog />
        {debug}
    }
    .into_any()
}

/// The view that the address names.
#[component]
fn OpenView() -> AnyView {
    let store = use_store();
    let open = store.select(&[Slice::Route], |model| {
        let route = &model.route;
        (route.batch.clone(), route.view, route.compare.clone())
    });
    part(move || match open.get() {
        (None, View::New, _) => view! { <NewBatch /> }.into_any(),
        (Some(id), ..) => later(LaterView::BatchDetails(id)),
        (None, View::Running, _) => later(LaterView::ProgressTracker),
        (None, View::History, Some(both)) => later(LaterView::BatchComparison(both)),
        (None, View::History, None) => later(LaterView::BatchHistory),
    })
}

fn later(view: LaterView) -> AnyView {
    view! { <Later view /> }.into_any()
}

/// Choose leads, see the price, start.
#[component]
fn NewBatch() -> AnyView {
    view! {
        <h1 id="view-heading" class="visually-hidden" tabindex="-1">
            "New batch"
        </h1>
        <div class="compose">
            <LeadSelector />
            <aside class="compose-side" aria-label="Price, launch and running batches">
                <Later view=LaterView::CostPreview />
                <Later view=LaterView::RunningNow />
            </aside>
        </div>
    }
    .into_any()
}

/// Says that this browser keeps nothing over a reload, where that is so.
#[component]
fn StorageNotice() -> AnyView {
    let why = use_store().select(&[Slice::Notices], |model| model.notices.storage.clone());
    part(move || {
        let notice = why.get().map(|why| {
            let text =
                format!("What you choose is not kept over a reload: {why}. Everything else works.");
            view! { <Status class="notice" text /> }.into_any()
        });
        notice.into_any()
    })
}
