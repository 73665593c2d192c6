//! The two pages that are not part of the bundle.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// Where the page lives.
pub const PAGE: &str = "/static/batch_runner/index.html";

/// `/`: on to the page.
pub async fn root() -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, PAGE)]).into_response()
}

/// `/shell`: the page in a same-origin frame, as the product's navigation shows it.
pub async fn shell() -> Html<&'static str> {
    Html(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Navigation shell</title>
<style>
  html, body { height: 100%; margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
  body { display: flex; flex-direction: column; }
  header { padding: 0.5rem 1rem; background: #1a1a2e; color: #fff; }
  iframe { flex: 1; border: 0; }
</style>
</head>
<body>
<header>Navigation shell</header>
<iframe title="Batch Runner" src="/static/batch_runner/index.html"></iframe>
</body>
</html>
"#,
    )
}
