//! The built bundle under `/static/batch_runner`, with the recorded server's manners: no fallback, no
//! compression, no `Cache-Control`, entity tags without quotes.

use std::path::{Component, Path as FilePath, PathBuf};
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::clock;
use crate::http::errors::{method_not_allowed, not_found};
use crate::state::Shared;

/// `/static/batch_runner` without its slash.
pub async fn without_slash(headers: HeaderMap) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    let location = format!("http://{host}/static/batch_runner/");
    (
        StatusCode::TEMPORARY_REDIRECT,
        [(header::LOCATION, location)],
    )
        .into_response()
}

/// `/static/batch_runner/`: there is no index.
pub async fn directory(method: Method) -> Response {
    if is_read(&method) {
        not_found()
    } else {
        method_not_allowed(None)
    }
}

/// A file of the bundle.
pub async fn file(
    State(shared): State<Shared>,
    method: Method,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !is_read(&method) {
        return method_not_allowed(None);
    }
    let Some(path) = shared.dist.as_deref().and_then(|dist| inside(dist, &path)) else {
        return not_found();
    };
    let read = tokio::task::spawn_blocking(move || {
        // A link out of the folder is followed by the build's own doing only; it is not refused.
        let metadata = std::fs::metadata(&path)
            .ok()
            .filter(std::fs::Metadata::is_file)?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let bytes = std::fs::read(&path).ok()?;
        Some((bytes, modified, content_type(&path)))
    });
    let Ok(Some((bytes, modified, content_type))) = read.await else {
        return not_found();
    };
    let tag = entity_tag(modified.as_nanos(), bytes.len());
    let modified_text = clock::http_date(i64::try_from(modified.as_micros()).unwrap_or(0));
    if is_fresh(&headers, &tag, &modified_text) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let fields: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_LENGTH, bytes.len().to_string()),
        (header::ETAG, tag),
        (header::LAST_MODIFIED, modified_text),
    ];
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(bytes)
    };
    (fields, body).into_response()
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The file that a path names, or `None` for a path that leaves the folder.
fn inside(dist: &FilePath, path: &str) -> Option<PathBuf> {
    let relative = FilePath::new(path);
    let stays = relative
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    // A trailing slash names a folder.
    (stays && !path.is_empty() && !path.ends_with('/') && !path.contains('\0'))
        .then(|| dist.join(relative))
}

/// Whether the client has the file already. `If-None-Match` goes before `If-Modified-Since`.
fn is_fresh(headers: &HeaderMap, tag: &str, modified: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::IF_NONE_MATCH) {
        Some(tags) => tags.split(',').any(|candidate| {
            let candidate = candidate.trim();
            candidate
                .strip_prefix("W/")
                .unwrap_or(candidate)
                .trim_matches('"')
                == tag
        }),
        // The recorded server compares instants; an equal text is what browsers send.
        None => text(header::IF_MODIFIED_SINCE) == Some(modified),
    }
}

/// 128 bits in hexadecimal of the time and size of a file, the form of the recorded tags.
fn entity_tag(modified: u128, length: usize) -> String {
    let mut random =
        crate::random::Random::for_parts(0, &[&modified.to_string(), &length.to_string()]);
    format!("{:016x}{:016x}", random.bits(), random.bits())
}

fn content_type(path: &FilePath) -> &'static str {
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" | "htm" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "bin" => "application/octet-stream",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "text/plain; charset=utf-8",
    }
}
