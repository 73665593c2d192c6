//! Sends one request and says how it ended.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use web_sys::AbortController;

use super::early;
use crate::app::Outcome;
use crate::wire::rest::{Http, Method};

/// Sends one request; the controller or the time limit end it early.
pub async fn fetch(
    api_base: &str,
    http: Http,
    token: Option<String>,
    controller: AbortController,
) -> Outcome {
    if web_sys::window().is_some_and(|window| !window.navigator().on_line()) {
        return Outcome::Offline;
    }
    let timed_out = Rc::new(Cell::new(false));
    let timer = {
        let (timed_out, controller) = (timed_out.clone(), controller.clone());
        Timeout::new(
            u32::try_from(http.time_limit).unwrap_or(30_000),
            move || {
                timed_out.set(true);
                controller.abort();
            },
        )
    };
    let outcome = exchange(api_base, http, token, &controller).await;
    drop(timer);
    match outcome {
        Ok(outcome) => outcome,
        Err(_) if timed_out.get() => Outcome::Timeout,
        Err(_) => Outcome::Network,
    }
}

async fn exchange(
    api_base: &str,
    http: Http,
    token: Option<String>,
    controller: &AbortController,
) -> Result<Outcome, gloo_net::Error> {
    let method = match http.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
    };
    let address = format!("{api_base}{}", http.path);
    let begun = match http.method {
        Method::Get => early::answer(&address, token.as_deref()).await,
        Method::Post => None,
    };
    if let Some(answer) = begun {
        let answer = answer.map_err(|_| gloo_net::Error::GlooError("cut".to_owned()))?;
        return read(answer.into()).await;
    }
    let mut builder = RequestBuilder::new(&address)
        .method(method)
        .abort_signal(Some(&controller.signal()))
        .cache(web_sys::RequestCache::NoStore);
    if let Some(token) = token {
        builder = builder.header("Authorization", &format!("Bearer {token}"));
    }
    let response = match http.body {
        Some(body) => {
            builder
                .header("Content-Type", "application/json")
                .body(body)?
                .send()
                .await?
        }
        None => builder.send().await?,
    };
    read(response).await
}

async fn read(response: Response) -> Result<Outcome, gloo_net::Error> {
    let retry_after = response.headers().get("retry-after");
    let body = response.text().await?;
    Ok(Outcome::Http {
        status: response.status(),
        retry_after,
        body,
    })
}
