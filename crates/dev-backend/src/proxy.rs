//! `--proxy URL`: `/api` is forwarded to the real server, sockets included, so that the page and the
//! API have one origin.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;

use crate::error::{Error, Result};

/// How long the far server may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// The far server.
#[derive(Debug, Clone)]
pub struct Proxy {
    host: String,
    port: u16,
    prefix: String,
}

impl Proxy {
    /// A proxy to an `http://host[:port][/prefix]`.
    ///
    /// # Errors
    /// For anything else.
    pub fn to(url: &str) -> Result<Self> {
        let uri: Uri = url
            .parse()
            .map_err(|_| Error::Config(format!("--proxy {url}: not a URL")))?;
        match (uri.scheme_str(), uri.host()) {
            (Some("http"), Some(host)) => Ok(Self {
                host: host.to_owned(),
                port: uri.port_u16().unwrap_or(80),
                prefix: uri.path().trim_end_matches('/').to_owned(),
            }),
            _ => Err(Error::Config(format!(
                "--proxy {url}: only http://host:port works"
            ))),
        }
    }

    /// Sends a request on and hands the answer back.
    pub async fn forward(&self, request: Request<Body>) -> Response<Body> {
        match self.try_forward(request).await {
            Ok(response) => response,
            Err(reason) => {
                let detail = format!(
                    "The server behind the proxy, {}:{}, cannot be reached: {reason}",
                    self.host, self.port
                );
                (StatusCode::BAD_GATEWAY, Json(json!({ "detail": detail }))).into_response()
            }
        }
    }

    async fn try_forward(&self, mut request: Request<Body>) -> Result<Response<Body>, String> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = tokio::time::timeout(CONNECT_LIMIT, connecting)
            .await
            .map_err(|_| "no connection within 5 s".to_owned())?
            .map_err(|error| error.to_string())?;
        // Without it small frames are only slower.
        let _ = stream.set_nodelay(true);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
        // One connection per request: it ends with the answer, or lives on as a tunnel.
        tokio::spawn(connection.with_upgrades());
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        let target = format!("{}{path}", self.prefix);
        let is_upgrade = request.headers().contains_key(header::UPGRADE);
        let near = is_upgrade.then(|| hyper::upgrade::on(&mut request));
        *request.uri_mut() = target
            .parse()
            .map_err(|_| "the path cannot be forwarded".to_owned())?;
        let host = HeaderValue::try_from(format!("{}:{}", self.host, self.port))
            .map_err(|error| error.to_string())?;
        request.headers_mut().insert(header::HOST, host);
        let mut response = sender
            .send_request(request)
            .await
            .map_err(|error| error.to_string())?;
        if let Some(near) = near.filter(|_| response.status() == StatusCode::SWITCHING_PROTOCOLS) {
            let far = hyper::upgrade::on(&mut response);
            tokio::spawn(async move {
                if let (Ok(near), Ok(far)) = (near.await, far.await) {
                    // Either side going away ends the tunnel.
                    let _ = tokio::io::copy_bidirectional(
                        &mut TokioIo::new(near),
                        &mut TokioIo::new(far),
                    )
                    .await;
                }
            });
        }
        Ok(response.map(Body::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_is_accepted() {
        assert!(Proxy::to("http://127.0.0.1:8000").is_ok());
        for url in ["https://example.org", "127.0.0.1:8000", "ws://x", ""] {
            assert!(Proxy::to(url).is_err(), "{url}");
        }
    }
}
