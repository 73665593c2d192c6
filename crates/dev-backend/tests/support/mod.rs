//! What the tests share: servers in this process, a small HTTP client, a small WebSocket client.
#![allow(dead_code)]

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use dev_backend::quirks::Mode;
use dev_backend::seed::{PASSWORD, Seed};
use dev_backend::{Config, Running, start};
use futures_util::{SinkExt, StreamExt};
use http_body_util::BodyExt;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const OPERATOR: &str = "operator@harborlane.example";

/// A small, fast server with the developer's controls.
pub fn config(mode: Mode) -> Config {
    Config {
        seed: Seed {
            leads: 2500,
            number: 1,
        },
        dev_controls: true,
        mode,
        ..Config::default()
    }
}

pub struct Server {
    pub running: Running,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("not JSON: {} {:?}", self.status, self.bytes))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Server {
    pub async fn start(config: Config) -> Self {
        Self {
            running: start(config).await.expect("the server starts"),
        }
    }

    pub async fn of(mode: Mode) -> Self {
        Self::start(config(mode)).await
    }

    pub async fn fast() -> Self {
        Self::start(Config {
            speed: 50.0,
            ..config(Mode::Default)
        })
        .await
    }

    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[], Some(body.to_string().into()))
            .await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Answer {
        self.try_send(method, path, headers, body)
            .await
            .expect("an answer")
    }

    pub async fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Result<Answer, String> {
        Connection::open(self.address())
            .await
            .try_send(method, path, headers, body)
            .await
    }

    /// Does something under `/dev`.
    pub async fn dev(&self, path: &str, body: Value) -> Value {
        let answer = self.post(&format!("/dev/{path}"), &body).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "/dev/{path} {body} {:?}",
            answer.bytes
        );
        answer.json()
    }

    pub async fn login(&self, email: &str) -> Value {
        let answer = self
            .post(
                "/api/v1/accounts/login",
                &json!({ "email": email, "password": PASSWORD }),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.bytes);
        answer.json()
    }

    pub async fn token(&self) -> String {
        self.login(OPERATOR).await["access_token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    pub async fn get_signed_in(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token().await);
        self.send("GET", path, &[("authorization", &bearer)], None)
            .await
    }

    /// Ids of seeded leads.
    pub async fn lead_ids(&self, count: usize) -> Vec<String> {
        let ids: Vec<String> = self
            .running
            .shared
            .db
            .read(move |connection| {
                let mut statement = connection
                    .prepare("SELECT id FROM leads WHERE NOT is_deleted AND created_by = 'seed' ORDER BY position LIMIT ?1")?;
                let ids = statement
                    .query_map([i64::try_from(count).unwrap_or(0)], |row| row.get(0))?
                    .collect::<Result<_, _>>()?;
                Ok(ids)
            })
            .await
            .expect("ids");
        assert_eq!(ids.len(), count);
        ids
    }

    /// Starts a batch and returns its id.
    pub async fn start_batch(&self, leads: usize, more: Value) -> String {
        let mut body = json!({
            "lead_ids": self.lead_ids(leads).await,
            "estimated_cost_usd": 10.0,
            "cost_approved": true,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let answer = self.post("/api/batch/start", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.bytes);
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    pub async fn status(&self, id: &str) -> Value {
        self.get(&format!("/api/batch/{id}/status")).await.json()
    }

    /// Waits until nobody works on the batch any more.
    pub async fn ended(&self, id: &str) {
        tokio::time::timeout(PATIENCE, self.running.shared.workers.ended(id))
            .await
            .expect("the batch ends");
    }

    /// The batch as the developer's controls see it.
    pub async fn facts(&self, id: &str) -> Value {
        let batches = self.get("/dev/batches").await.json();
        let batches = batches["batches"].as_array().expect("a list").clone();
        batches
            .into_iter()
            .find(|batch| batch["id"] == id)
            .expect("the batch is listed")
    }

    pub async fn socket(&self, path: &str) -> Socket {
        Socket::open(self.address(), path)
            .await
            .expect("the handshake succeeds")
    }

    /// A multiplexed socket that has been greeted.
    pub async fn multiplexed(&self) -> Socket {
        let mut socket = self.socket("/api/batch/ws").await;
        let greeting = socket.next().await;
        assert_eq!(greeting["type"], "connection_established");
        assert!(greeting.get("batch_id").is_none());
        socket
    }
}

/// One kept-alive connection.
pub struct Connection {
    sender: SendRequest<Body>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .expect("a handshake");
        tokio::spawn(connection);
        Self { sender }
    }

    pub async fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Result<Answer, String> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(body.map_or_else(Body::empty, Body::from))
            .expect("a request");
        let exchange = async {
            self.sender
                .ready()
                .await
                .map_err(|error| error.to_string())?;
            let response = self
                .sender
                .send_request(request)
                .await
                .map_err(|error| error.to_string())?;
            let (parts, body) = response.into_parts();
            let bytes = body
                .collect()
                .await
                .map_err(|error| format!("body: {error}"))?
                .to_bytes();
            Ok(Answer {
                status: parts.status,
                headers: parts.headers,
                bytes,
            })
        };
        tokio::time::timeout(PATIENCE, exchange)
            .await
            .map_err(|_| "no answer".to_owned())?
    }
}

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// The status of a refused handshake is the error.
    pub async fn open(address: SocketAddr, path: &str) -> Result<Self, u16> {
        match tokio_tungstenite::connect_async(format!("ws://{address}{path}")).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                Err(response.status().as_u16())
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn say(&mut self, message: Value) {
        self.say_text(&message.to_string()).await;
    }

    pub async fn say_text(&mut self, text: &str) {
        self.stream
            .send(Message::text(text))
            .await
            .expect("the message is sent");
    }

    pub async fn say_bytes(&mut self, bytes: &'static [u8]) {
        self.stream
            .send(Message::binary(bytes))
            .await
            .expect("the message is sent");
    }

    /// The next text frame, or the end: a closing code, or `None` for an abrupt one.
    pub async fn next_text(&mut self) -> Result<String, Option<u16>> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.stream.next())
                .await
                .expect("a frame in time");
            match frame {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map(|frame| u16::from(frame.code)));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next message.
    pub async fn next(&mut self) -> Value {
        let text = self.next_text().await.expect("a message, not the end");
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"))
    }

    /// The next message of a type; others are passed over.
    pub async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Messages up to and including the first that `is_last` holds of.
    pub async fn until(&mut self, is_last: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut messages = Vec::new();
        loop {
            let message = self.next().await;
            let done = is_last(&message);
            messages.push(message);
            if done {
                return messages;
            }
        }
    }

    /// Asserts that nothing comes before the answer to a ping, which shows that the socket lives.
    pub async fn is_quiet(&mut self) {
        self.say(json!({ "type": "ping" })).await;
        assert_eq!(self.next().await["type"], "pong");
    }

    /// Asserts that nothing comes for a short while.
    pub async fn is_silent(&mut self) {
        let frame = tokio::time::timeout(Duration::from_millis(250), self.stream.next()).await;
        assert!(frame.is_err(), "{frame:?}");
    }

    pub async fn close(mut self) {
        self.stream.close(None).await.expect("the socket closes");
        while let Some(Ok(_)) = self.stream.next().await {}
    }
}

/// Waits for something that the server tells only when asked.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
