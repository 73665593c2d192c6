//! Connections, and the layer around the routes: faults, the request log, cross-origin answers, and
//! the recorded server's manners towards connections.

mod faulty;
mod routes;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tower::ServiceExt;

use crate::faults::{Cut, Fault};
use crate::http::errors::AfterAnswer;
use crate::proxy::Proxy;
use crate::quirks::Quirk;
use crate::sockets;
use crate::state::{Shared, lock};
use faulty::{cut_in_half, replacement};
use routes::routes;

/// Marks the answer to a successful start with its batch.
#[derive(Debug, Clone)]
pub struct StartedBatch(pub String);

/// What a request can do to the connection that it came on.
#[derive(Debug, Default)]
pub struct Connection {
    kill: Notify,
    /// Quirk `start_blocks_connection`: nothing is answered before this batch has ended.
    blocked_by: Mutex<Option<String>>,
}

/// Everything that serves requests.
#[derive(Clone)]
pub struct Server {
    shared: Shared,
    router: Router,
    proxy: Option<Arc<Proxy>>,
    /// Told when idle connections shall be closed, so that the next request opens a fresh one.
    refresh: watch::Sender<u64>,
}

impl Server {
    /// A server over the shared state. With a proxy, `/api` is somebody else's.
    pub fn new(shared: Shared, proxy: Option<Proxy>) -> Self {
        let refresh = watch::Sender::new(0);
        let router = routes(&shared, &refresh);
        Self {
            shared,
            router,
            proxy: proxy.map(Arc::new),
            refresh,
        }
    }

    /// Accepts connections for ever.
    pub async fn run(self, listener: TcpListener) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, from)) => {
                    tokio::spawn(self.clone().connection(stream, from));
                }
                // Out of file handles, most likely: wait for some to be given back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn connection(self, stream: TcpStream, _from: SocketAddr) {
        // Small frames shall not wait for each other; without it they are only slower.
        let _ = stream.set_nodelay(true);
        let control = Arc::new(Connection::default());
        let for_requests = Arc::clone(&control);
        let mut refreshed = self.refresh.subscribe();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let (server, control) = (self.clone(), Arc::clone(&for_requests));
            async move { Ok::<_, Infallible>(server.answer(request.map(Body::new), &control).await) }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        loop {
            tokio::select! {
                // Errors are the far side's: it went away or did not speak HTTP.
                _ = connection.as_mut() => return,
                () = control.kill.notified() => return,
                Ok(()) = refreshed.changed() => connection.as_mut().graceful_shutdown(),
            }
        }
    }

    async fn answer(self, request: Request<Body>, connection: &Arc<Connection>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        if path == "/dev" || path.starts_with("/dev/") {
            return run(self.router, request).await;
        }
        let method = request.method().clone();
        let query = request.uri().query().map(str::to_owned);
        let shared = Arc::clone(&self.shared);
        let note = |status| {
            shared
                .requests
                .note(method.as_str(), &path, query.as_deref(), status)
        };
        self.wait_if_blocked(connection).await;
        let fault = shared.faults.take(method.as_str(), &path);
        let mut response = match fault {
            None => self.act(request, connection).await,
            Some(fault) => match self.act_with_fault(request, connection, fault).await {
                Some(response) => response,
                None => {
                    note(None);
                    connection.kill.notify_one();
                    std::future::pending().await
                }
            },
        };
        if response.extensions().get() == Some(&AfterAnswer::Withhold) {
            note(None);
            return std::future::pending().await;
        }
        if shared.faults.any_cut() {
            // Browsers silently resend a request that was cut on a kept-alive connection, even a POST.
            // Only on a fresh connection does the page get to see the cut.
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        note(Some(response.status().as_u16()));
        response
    }

    async fn wait_if_blocked(&self, connection: &Connection) {
        let batch = lock(&connection.blocked_by).take();
        if let Some(batch) = batch {
            self.shared.workers.ended(&batch).await;
        }
    }

    /// Applies a fault. `None` when the connection is to be cut.
    async fn act_with_fault(
        self,
        request: Request<Body>,
        connection: &Arc<Connection>,
        fault: Fault,
    ) -> Option<Response<Body>> {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
        if fault.cut == Some(Cut::Before) {
            return None;
        }
        let replaces = fault.status.is_some() || fault.body.is_some();
        let mut response = if replaces {
            replacement(&fault)
        } else {
            self.act(request, connection).await
        };
        for (name, value) in &fault.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                response.headers_mut().insert(name, value);
            }
        }
        tokio::time::sleep(Duration::from_millis(fault.delay_after_ms)).await;
        match fault.cut {
            Some(Cut::After) => None,
            Some(Cut::MidBody) => Some(cut_in_half(response).await),
            Some(Cut::Before) | None => Some(response),
        }
    }

    /// Serves a request without faults.
    async fn act(self, request: Request<Body>, connection: &Arc<Connection>) -> Response<Body> {
        let path = request.uri().path();
        let is_api = path.starts_with("/api/");
        if let Some(proxy) = self.proxy.filter(|_| is_api) {
            return proxy.forward(request).await;
        }
        let origin = request
            .headers()
            .get(header::ORIGIN)
            .filter(|_| is_api)
            .cloned();
        if let Some(origin) = &origin {
            let asks = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
            if request.method() == Method::OPTIONS && asks.is_some() {
                return preflight(
                    origin,
                    request
                        .headers()
                        .get(header::ACCESS_CONTROL_REQUEST_HEADERS),
                );
            }
        }
        if is_api && path.len() > "/api/".len() && path.ends_with('/') {
            return without_slash(&request);
        }
        let is_socket = request
            .headers()
            .get(header::UPGRADE)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
        let mut response = run(self.router, request).await;
        if is_socket && response.status() == StatusCode::NOT_FOUND {
            // The recorded server refuses sockets on unknown paths with 403.
            response = sockets::refused();
        }
        if let Some(StartedBatch(batch)) = response.extensions().get()
            && self.shared.has(Quirk::StartBlocksConnection)
        {
            *lock(&connection.blocked_by) = Some(batch.clone());
        }
        let is_uncaught = response.extensions().get() == Some(&AfterAnswer::MayDrop);
        if is_uncaught && self.shared.has(Quirk::InternalErrorDropsConnection) {
            let connection = Arc::clone(connection);
            tokio::spawn(async move {
                // Long enough for the answer to leave, short enough to hit the next request.
                tokio::time::sleep(Duration::from_millis(30)).await;
                connection.kill.notify_one();
            });
        }
        if origin.is_some() && !is_uncaught {
            let headers = response.headers_mut();
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_ORIGIN,
                HeaderValue::from_static("*"),
            );
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
        }
        response
    }
}

async fn run(router: Router, request: Request<Body>) -> Response<Body> {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn preflight(origin: &HeaderValue, headers: Option<&HeaderValue>) -> Response<Body> {
    let mut response = (
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::VARY, "Origin"),
            (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
            (
                header::ACCESS_CONTROL_ALLOW_METHODS,
                "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ],
        "OK",
    )
        .into_response();
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    if let Some(headers) = headers {
        response
            .headers_mut()
            .insert(header::ACCESS_CONTROL_ALLOW_HEADERS, headers.clone());
    }
    response
}

fn without_slash(request: &Request<Body>) -> Response<Body> {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    let path = request.uri().path().trim_end_matches('/');
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let location = format!("http://{host}{path}{query}");
    (
        StatusCode::TEMPORARY_REDIRECT,
        [(header::LOCATION, location)],
    )
        .into_response()
}
