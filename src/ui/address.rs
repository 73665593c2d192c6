//! Keeps the address and the model in step: the router tells of links, Back and Forward, the model of everything else.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::store::use_store;
use crate::app::Msg;
use crate::browser::page;
use crate::route::Route;

/// Shows nothing; stands inside the router.
#[component]
pub fn Address() -> AnyView {
    let store = use_store();
    let navigate = use_navigate();
    store.navigate_by(move |query, replace| {
        let options = NavigateOptions {
            resolve: false,
            replace,
            // Whoever changes more than filters moves the focus, and the page scrolls with it.
            scroll: false,
            ..NavigateOptions::default()
        };
        let mark = if query.is_empty() { "" } else { "?" };
        navigate(&format!("{}{mark}{query}", page::path()), options);
    });
    let url = use_url();
    Effect::new(move |old: Option<()>| {
        let query = url.with(|url| url.search().to_owned());
        // The first address came with the start.
        if old.is_some() {
            page::show_query(&query);
            let known = store.peek(|model| {
                Route::from_query(&query, model.route.usual_page_size) == *model.route
            });
            if !known {
                store.send(Msg::Navigated(query));
            }
        }
    });
    ().into_any()
}
