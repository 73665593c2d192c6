//! The sign-in form: a page of its own at first, in front of everything when a session has ended.

use leptos::html;
use leptos::prelude::*;

use super::parts::erased::{dynamic, follow};
use super::parts::kit::{labelled, para};
use super::store::Store;
use crate::app::session::Phase;
use crate::app::{Msg, Slice};

/// The form, with the reason why the last attempt failed.
#[component]
pub fn SignInForm(
    store: Store,
    /// A session had ended: what was being done is still there.
    again: bool,
) -> impl IntoView {
    let email = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();
    let complaint = store.watch(&[Slice::Session], |model| model.sign_in_complaint());
    let busy = store.memo(&[Slice::Session], |model| {
        matches!(model.session.phase, Phase::SigningIn { .. })
    });
    let known = store.peek(|model| {
        model
            .session
            .user
            .as_ref()
            .map(|user| user.email.clone())
            .unwrap_or_default()
    });
    Effect::new(move |_| {
        if let Some(input) = email.get() {
            let _ = input.focus();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let value = |node: NodeRef<html::Input>| {
            node.get_untracked()
                .map(|input| input.value())
                .unwrap_or_default()
        };
        store.send(Msg::SignInSubmitted {
            email: value(email),
            password: value(password),
        });
    };
    let (title, words) = if again {
        (
            "Sign in again",
            "Your session has ended. Nothing is lost: you go on where you were.",
        )
    } else {
        (
            "Sign in to Batch Runner",
            "Use the account that you have for the other pages of the product.",
        )
    };
    let described = follow(move || complaint.get().map(|_| "sign-in-complaint"));
    let email_input = view! {
        <input
            node_ref=email
            id="sign-in-email"
            data-testid="sign-in-email"
            type="email"
            name="email"
            autocomplete="username"
            value=known
            aria-describedby=described
        />
    };
    let password_input = view! {
        <input
            node_ref=password
            id="sign-in-password"
            data-testid="sign-in-password"
            type="password"
            name="password"
            autocomplete="current-password"
        />
    };
    let told = move || {
        complaint.get().map(|text| {
            view! { <p class="fault" role="alert" id="sign-in-complaint">{text}</p> }.into_any()
        })
    };
    let label = follow(move || {
        if busy.get() {
            "Signing in…"
        } else {
            "Sign in"
        }
    });
    let disabled = follow(move || busy.get().then_some("true"));
    view! {
        <form class="sign-in" data-testid="sign-in" novalidate on:submit=submit>
            <h1 id="sign-in-heading">{title}</h1>
            {para("muted", words)}
            {dynamic(told)}
            {labelled("field", "sign-in-email", "E-mail address", email_input.into_any())}
            {labelled("field", "sign-in-password", "Password", password_input.into_any())}
            <button type="submit" class="button button-primary" data-testid="sign-in-submit" aria-disabled=disabled>
                {label}
            </button>
        </form>
    }
}
