//! Keeps the address and the model in step: the router tells of links, Back and Forward, the model of everything else.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};
use leptos_router::location::Url;

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
    let at_start = url.with_untracked(query_of);
    Effect::new(move |ran_before: Option<()>| {
        let query = url.with(query_of);
        // What it was at the start came with the start.
        if ran_before.is_none() && query == at_start {
            return;
        }
        page::show_query(&query);
        let is_known = store
            .peek(|model| Route::from_query(&query, model.route.usual_page_size) == *model.route);
        if !is_known {
            store.send(Msg::Navigated(query));
        }
    });
    ().into_any()
}

fn query_of(url: &Url) -> String {
    url.search().to_owned()
}
