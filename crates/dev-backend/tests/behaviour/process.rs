//! The program itself: start, end, death and resurrection; and the proxy.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dev_backend::Config;
use dev_backend::quirks::Mode;
use serde_json::{Value, json};

use crate::support::{Answer, Connection, Server, Socket, config, eventually};

struct Program {
    child: Child,
    address: SocketAddr,
    lines: Vec<String>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dev-backend"))
            .args(["--port", "0", "--leads", "600", "--dev-controls"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = out.next().expect("a line").expect("text");
        let address = first
            .strip_prefix("listening on http://")
            .expect("the address")
            .parse()
            .expect("an address");
        let second = out.next().expect("a line").expect("text");
        Self {
            child,
            address,
            lines: vec![first, second],
        }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = (!body.is_null()).then(|| body.to_string().into());
        Connection::open(self.address)
            .await
            .try_send(method, path, &[], body)
            .await
            .expect("an answer")
    }

    async fn start_batch(&self, leads: usize) -> String {
        let token = self
            .send(
                "POST",
                "/api/v1/accounts/login",
                &json!({ "email": "second@harborlane.example", "password": "Batch-Runner-1" }),
            )
            .await
            .json()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        let bearer = format!("Bearer {token}");
        let page = Connection::open(self.address)
            .await
            .try_send(
                "GET",
                &format!("/api/v1/leads?limit={leads}"),
                &[("authorization", &bearer)],
                None,
            )
            .await
            .expect("an answer")
            .json();
        let ids: Vec<Value> = page["leads"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|lead| lead["id"].clone())
            .collect();
        let body = json!({ "lead_ids": ids, "estimated_cost_usd": 10, "cost_approved": true });
        self.send("POST", "/api/batch/start", &body).await.json()["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    async fn status(&self, id: &str) -> Value {
        self.send("GET", &format!("/api/batch/{id}/status"), &Value::Null)
            .await
            .json()
    }

    async fn until_processed(&self, id: &str, least: i64) -> i64 {
        let mut processed = 0;
        eventually("leads are processed", async || {
            let status = self.status(id).await;
            status["processed_leads"]
                .as_i64()
                .is_some_and(|count| count >= least)
        })
        .await;
        if let Some(count) = self.status(id).await["processed_leads"].as_i64() {
            processed = count;
        }
        processed
    }

    fn kill(&mut self) {
        self.child.kill().expect("it dies");
        self.child.wait().expect("it is dead");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct File(PathBuf);

impl File {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!(
            "dev-backend-process-{}-{number}.sqlite",
            std::process::id()
        )))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_where_it_listens_and_ends_at_once_with_open_sockets() {
    let mut program = Program::start(&["--memory"]);
    assert!(program.lines[1].contains("/static/batch_runner/index.html"));
    assert!(program.lines[1].contains("operator@harborlane.example"));
    let id = program.start_batch(100).await;
    let mut socket = Socket::open(program.address, &format!("/api/batch/{id}/progress"))
        .await
        .expect("a socket");
    socket.next().await;
    let begun = Instant::now();
    let told = Command::new("kill")
        .args(["-TERM", &program.child.id().to_string()])
        .status()
        .expect("kill");
    assert!(told.success());
    let status = tokio::task::spawn_blocking(move || program.child.wait())
        .await
        .expect("a wait")
        .expect("a status");
    assert!(status.success());
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_takes_its_batches_up_where_they_were() {
    let file = File::new();
    let arguments = ["--db", file.path(), "--speed", "4"];
    let mut program = Program::start(&arguments);
    let id = program.start_batch(100).await;
    let mut socket = Socket::open(program.address, "/api/batch/ws")
        .await
        .expect("a socket");
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id], "since": { id.as_str(): 0 } }))
        .await;
    let mut seq = Value::Null;
    while seq.as_u64() < Some(10) {
        seq = socket.next_of("lead_update").await["seq"].clone();
    }
    let before = program.until_processed(&id, 10).await;
    program.kill();
    drop(program);
    let program = Program::start(&["--db", file.path(), "--speed", "40"]);
    assert!(program.status(&id).await["processed_leads"].as_i64() >= Some(before));
    // The numbers go on above the old ones, and the hole is called one.
    let mut socket = Socket::open(program.address, "/api/batch/ws")
        .await
        .expect("a socket");
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id], "since": { id.as_str(): seq } }))
        .await;
    socket.next_of("subscribed").await;
    assert_eq!(socket.next().await["type"], "gap");
    let end = socket.next_of("batch_completed").await;
    assert!(end["seq"].as_u64() > seq.as_u64());
    let leads = program
        .send(
            "GET",
            &format!("/api/batch/{id}/leads?limit=1000"),
            &Value::Null,
        )
        .await
        .json();
    let leads = leads["leads"].as_array().expect("a list");
    assert_eq!(leads.len(), 100);
    assert!(
        leads
            .iter()
            .all(|lead| lead["status"] == "completed" || lead["status"] == "failed")
    );
    let status = program.status(&id).await;
    assert_eq!(
        (&status["status"], &status["processed_leads"]),
        (&json!("completed"), &json!(100))
    );
    let sum: f64 = leads
        .iter()
        .filter_map(|lead| lead["actual_cost_usd"].as_f64())
        .sum();
    assert!((sum - status["actual_cost_usd"].as_f64().expect("a cost")).abs() < 1e-6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_repaired_server_leaves_orphans_as_recorded() {
    let file = File::new();
    let arguments = ["--db", file.path(), "--repaired"];
    let mut program = Program::start(&arguments);
    let id = program.start_batch(300).await;
    program.until_processed(&id, 20).await;
    let mut socket = Socket::open(program.address, &format!("/api/batch/{id}/progress"))
        .await
        .expect("a socket");
    socket.next().await;
    program.kill();
    // The socket ends without a closing handshake, as in ws-progress.server-killed.
    loop {
        match socket.next_text().await {
            Ok(_) => {}
            Err(end) => {
                assert_eq!(end, None);
                break;
            }
        }
    }
    let program = Program::start(&arguments);
    let before = program.status(&id).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let after = program.status(&id).await;
    assert_eq!(before, after);
    assert_eq!(after["status"], "running");
    let cancelled = program
        .send("POST", &format!("/api/batch/{id}/cancel"), &Value::Null)
        .await;
    assert_eq!(
        cancelled.json(),
        json!({ "message": "Batch cancelled successfully" })
    );
    assert_eq!(program.status(&id).await["status"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_forwards_requests_and_sockets() {
    let behind = Server::start(Config {
        speed: 20.0,
        ..config(Mode::Default)
    })
    .await;
    let proxy = Server::start(Config {
        proxy: Some(format!("http://{}", behind.address())),
        ..config(Mode::Default)
    })
    .await;
    let id = behind.start_batch(10, json!({})).await;
    assert_eq!(proxy.status(&id).await["batch_id"], id.as_str());
    assert_eq!(proxy.get("/api/batch?limit=x").await.status, 422);
    let body = json!({ "lead_ids": behind.lead_ids(2).await });
    assert_eq!(
        proxy.post("/api/batch/preview", &body).await.json()["lead_count"],
        2
    );
    let mut socket = proxy.multiplexed().await;
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id], "since": { id.as_str(): 0 } }))
        .await;
    socket.next_of("batch_completed").await;
    // Faults apply in front of the proxy.
    proxy
        .dev("faults", json!({ "path": "/api/health", "status": 429 }))
        .await;
    assert_eq!(proxy.get("/api/health").await.status, 429);
    assert_eq!(
        behind.get("/dev/requests?path=/api/health").await.json()["count"],
        0
    );
    behind.dev("sockets", json!({ "drop": true })).await;
    assert_eq!(socket.next_text().await, Err(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_behind_the_proxy_is_said_to_be() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port");
    let proxy = Server::start(Config {
        proxy: Some(format!("http://{port}")),
        ..config(Mode::Default)
    })
    .await;
    let answer = proxy.get("/api/health").await;
    assert_eq!(answer.status, 502);
    assert!(
        answer.json()["detail"]
            .as_str()
            .is_some_and(|text| text.contains("cannot be reached"))
    );
    assert_eq!(
        Socket::open(proxy.address(), "/api/batch/ws").await.err(),
        Some(502)
    );
    assert_eq!(proxy.get("/").await.status, 307);
}
