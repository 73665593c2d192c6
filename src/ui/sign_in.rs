//! The sign-in form: a page of its own at first, in front of everything when a session has ended.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::dom::{Element, dynamic, el};
use super::live::follow;
use super::parts::kit::{labelled, para, truth};
use super::store::Store;
use crate::app::session::account::Phase;
use crate::app::{Msg, Slice};

const EMAIL: &str = "sign-in-email";
const PASSWORD: &str = "sign-in-password";

/// The form, with the reason why the last attempt failed. `again`: a session had ended, and what was being done is
/// still there.
pub fn sign_in_form(store: Store, again: bool) -> Element {
    let complaint = store.watch(&[Slice::Session], |model| model.sign_in_complaint());
    let busy = store.watch(&[Slice::Session], |model| {
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
    let email = el("input")
        .attr("id", EMAIL)
        .testid(EMAIL)
        .attr("type", "email")
        .attr("name", "email")
        .attr("autocomplete", "username")
        .attr("value", known)
        .attr(
            "aria-describedby",
            follow(move || complaint.get().map(|_| "sign-in-complaint")),
        )
        .mounted(|input| {
            let _ = input.focus();
        });
    let password = el("input")
        .attr("id", PASSWORD)
        .testid(PASSWORD)
        .attr("type", "password")
        .attr("name", "password")
        .attr("autocomplete", "current-password");
    let told = dynamic(move || {
        let told = |text: String| {
            el("p")
                .class("fault")
                .attr("role", "alert")
                .attr("id", "sign-in-complaint")
                .child(text)
        };
        complaint.get().map(told)
    });
    let submit = el("button")
        .attr("type", "submit")
        .class("button button-primary")
        .testid("sign-in-submit")
        .attr("aria-disabled", truth(busy))
        .child(follow(move || match busy.get() {
            true => "Signing in…",
            false => "Sign in",
        }));
    el("form")
        .class("sign-in")
        .testid("sign-in")
        .attr("novalidate", true)
        .on("submit", move |event| {
            event.prevent_default();
            store.send(Msg::SignInSubmitted {
                email: entered(EMAIL),
                password: entered(PASSWORD),
            });
        })
        .child(el("h1").attr("id", "sign-in-heading").child(title))
        .child(para("muted", words))
        .child(told)
        .child(labelled("field", EMAIL, "E-mail address", email))
        .child(labelled("field", PASSWORD, "Password", password))
        .child(submit)
}

fn entered(id: &str) -> String {
    document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlInputElement>().ok())
        .map(|input| input.value())
        .unwrap_or_default()
}
