//! The sign-in form: a page of its own at first, in front of everything when a session has ended.

use leptos::html::Input;
use leptos::prelude::*;

use super::kit::{Labelled, part, true_or_absent};
use super::store::use_store;
use crate::app::session::account::Phase;
use crate::app::{Msg, Slice};

const EMAIL: &str = "sign-in-email";
const PASSWORD: &str = "sign-in-password";
const COMPLAINT: &str = "sign-in-complaint";

/// The form, with the reason why the last attempt failed.
#[component]
pub fn SignInForm(
    /// A session had ended, and what was being done is still there.
    again: bool,
) -> AnyView {
    let store = use_store();
    let complaint = store.select(&[Slice::Session], |model| model.sign_in_complaint());
    let busy = store.select(&[Slice::Session], |model| {
        matches!(model.session.phase, Phase::SigningIn { .. })
    });
    let known = store.peek(|model| {
        let user = model.session.user.as_ref();
        user.map(|user| user.email.clone()).unwrap_or_default()
    });
    let (email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    email.on_load(|email| {
        let _ = email.focus();
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let entered = |field: NodeRef<Input>| field.get_untracked().map(|field| field.value());
        store.send(Msg::SignInSubmitted {
            email: entered(email).unwrap_or_default(),
            password: entered(password).unwrap_or_default(),
        });
    };
    let (title, words) = title_and_words(again);
    let described_by = Signal::derive(move || complaint.get().map(|_| COMPLAINT.to_owned()));
    view! {
        <form class="sign-in" data-testid="sign-in" novalidate=true on:submit=submit>
            <h1 id="sign-in-heading">{title}</h1>
            <p class="muted">{words}</p>
            {part(move || complaint.get().map(complaint_view).into_any())}
            <Labelled id=EMAIL label="E-mail address">
                <input
                    id=EMAIL
                    data-testid=EMAIL
                    type="email"
                    name="email"
                    autocomplete="username"
                    value=known
                    aria-describedby=described_by
                    node_ref=email
                />
            </Labelled>
            <Labelled id=PASSWORD label="Password">
                <input
                    id=PASSWORD
                    data-testid=PASSWORD
                    type="password"
                    name="password"
                    autocomplete="current-password"
                    node_ref=password
                />
            </Labelled>
            <button
                type="submit"
                class="button button-primary"
                data-testid="sign-in-submit"
                aria-disabled=true_or_absent(busy.signal())
            >
                {Signal::derive(move || submit_label(busy.get()).to_owned())}
            </button>
        </form>
    }
    .into_any()
}

fn title_and_words(again: bool) -> (&'static str, &'static str) {
    match again {
        true => (
            "Sign in again",
            "Your session has ended. Nothing is lost: you go on where you were.",
        ),
        false => (
            "Sign in to Batch Runner",
            "Use the account that you have for the other pages of the product.",
        ),
    }
}

fn submit_label(busy: bool) -> &'static str {
    match busy {
        true => "Signing in…",
        false => "Sign in",
    }
}

fn complaint_view(text: String) -> AnyView {
    view! {
        <p class="fault" role="alert" id=COMPLAINT>
            {text}
        </p>
    }
    .into_any()
}
