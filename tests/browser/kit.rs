//! What the components that every room shares promise beyond their looks.

use std::cell::Cell;
use std::rc::Rc;

use batch_runner::config::Config;
use batch_runner::ui::kit::{Button, Dialog, Each, When, part};
use batch_runner::ui::store::Store;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, settle, tidy};

fn showing(view: impl FnOnce() -> AnyView + 'static) -> Page {
    tidy();
    Page::showing(Store::new(Config::default()), view)
}

/// Prevents: a row that stays is made anew, and loses what was typed into it; a row that left stays.
#[wasm_bindgen_test]
async fn rows_of_a_list_stay_for_as_long_as_their_key() {
    let keys = RwSignal::new(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]);
    let made = Rc::new(Cell::new(0));
    let count = made.clone();
    let page = showing(move || {
        let row = move |key: String| {
            count.set(count.get() + 1);
            view! { <li id=key.clone() tabindex="0">{key.clone()}</li> }.into_any()
        };
        view! {
            <ul>
                <Each keys row />
            </ul>
        }
        .into_any()
    });
    let kept = page.find("#b");
    kept.focus().unwrap();
    keys.set(vec!["d".to_owned(), "b".to_owned(), "a".to_owned()]);
    settle().await;
    assert_eq!(page.text_of("ul"), "d b a");
    assert!(page.find("#b").is_same_node(Some(&kept)));
    assert_eq!(focused(), "b");
    assert_eq!(made.get(), 4, "three at first, and one that came");
    keys.set(Vec::new());
    settle().await;
    assert!(!page.has("li"));
    keys.set(vec!["b".to_owned()]);
    settle().await;
    assert!(!page.find("#b").is_same_node(Some(&kept)));
}

/// Prevents: what is shown under a condition is made again with every change of what the condition reads.
#[wasm_bindgen_test]
async fn a_condition_is_looked_at_again_only_for_another_answer() {
    let number = RwSignal::new(1);
    let made = Rc::new(Cell::new(0));
    let count = made.clone();
    let page = showing(move || {
        let content = move || {
            count.set(count.get() + 1);
            "above"
        };
        view! {
            <p>
                <When
                    so=Signal::derive(move || number.get() > 2)
                    otherwise=|| view! { <b>"below"</b> }.into_any()
                >
                    {content()}
                </When>
            </p>
        }
        .into_any()
    });
    assert_eq!(page.text_of("p"), "below");
    for (set, text) in [(3, "above"), (4, "above"), (5, "above"), (0, "below")] {
        number.set(set);
        settle().await;
        assert_eq!(page.text_of("p"), text);
    }
    assert_eq!(made.get(), 1);
}

/// Prevents: a button that says it does nothing does something all the same.
#[wasm_bindgen_test]
async fn a_disabled_button_does_nothing_and_keeps_the_focus() {
    let disabled = RwSignal::new(true);
    let pressed = Rc::new(Cell::new(0));
    let count = pressed.clone();
    let page = showing(move || {
        let press = move || count.set(count.get() + 1);
        view! { <Button label="Start" disabled=disabled on_press=press /> }.into_any()
    });
    page.button("Start").focus().unwrap();
    page.click("Start").await;
    assert_eq!((pressed.get(), page.is_disabled("Start")), (0, true));
    disabled.set(false);
    settle().await;
    assert!(page.has("button:focus"));
    page.click("Start").await;
    assert_eq!((pressed.get(), page.is_disabled("Start")), (1, false));
}

/// Prevents: a dialog that is taken away leaves the focus nowhere, or Esc closes what must not be closed.
#[wasm_bindgen_test]
async fn a_dialog_gives_the_focus_back_and_asks_before_it_closes() {
    let open = RwSignal::new(false);
    let page = showing(move || {
        view! {
            <button id="opener" on:click=move |_| open.set(true)>
                "Open"
            </button>
            <When so=open>
                <Dialog labelled_by="title" on_close=move || open.set(false)>
                    <h2 id="title">"Sure?"</h2>
                    <button id="inside">"Yes"</button>
                </Dialog>
            </When>
        }
        .into_any()
    });
    page.find("#opener").focus().unwrap();
    page.click("Open").await;
    assert!(page.has("dialog[open]"));
    assert_eq!(focused(), "inside");
    page.escape().await;
    assert!(!page.has("dialog"));
    crate::page::until("back", || focused() == "opener").await;
}

/// Prevents: a part that changes takes elements away that are alike before and after, and the focus with them.
#[wasm_bindgen_test]
async fn a_part_keeps_elements_that_are_alike() {
    let words = RwSignal::new("one".to_owned());
    let page = showing(move || {
        part(move || {
            let words = words.get();
            view! { <button id="same" class=words.clone()>{words.clone()}</button> }.into_any()
        })
    });
    let same = page.find("#same");
    same.focus().unwrap();
    words.set("two".to_owned());
    settle().await;
    assert!(page.find("#same.two").is_same_node(Some(&same)));
    assert_eq!(
        (page.text_of("#same").as_str(), focused().as_str()),
        ("two", "same")
    );
}
