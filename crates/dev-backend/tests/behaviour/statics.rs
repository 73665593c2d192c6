//! Static files, as recorded in `tests/recordings/*/static.*.json`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use dev_backend::Config;
use dev_backend::quirks::Mode;

use crate::support::{Server, config};

struct Bundle(PathBuf);

impl Bundle {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("dev-backend-dist-{}-{number}", std::process::id()));
        std::fs::create_dir_all(folder.join("assets")).expect("a folder");
        for (name, content) in [
            ("index.html", "<h1>Batch Runner</h1>"),
            ("app.js", "export default 1;"),
            ("app.js.gz", "not really"),
            ("app_bg.wasm", "\0asm"),
            ("style.css", "a { }"),
            ("i.svg", "<svg/>"),
            ("f.woff2", "xx"),
            ("site.webmanifest", "{}"),
            ("data.json", "{}"),
            ("m.mjs", "1;"),
        ] {
            std::fs::write(folder.join(name), content).expect("a file");
        }
        Self(folder)
    }
}

impl Drop for Bundle {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn server(bundle: &Bundle) -> Server {
    Server::start(Config {
        dist: Some(bundle.0.clone()),
        ..config(Mode::Default)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_have_the_recorded_types_and_no_more_headers() {
    let bundle = Bundle::new();
    let server = server(&bundle).await;
    for (name, kind) in [
        ("index.html", "text/html; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("m.mjs", "text/javascript; charset=utf-8"),
        ("app_bg.wasm", "application/wasm"),
        ("style.css", "text/css; charset=utf-8"),
        ("data.json", "application/json"),
        ("site.webmanifest", "application/manifest+json"),
        ("i.svg", "image/svg+xml"),
        ("f.woff2", "font/woff2"),
    ] {
        let path = format!("/static/batch_runner/{name}");
        let answer = server
            .send(
                "GET",
                &path,
                &[("accept-encoding", "gzip, deflate, br")],
                None,
            )
            .await;
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.header("content-type"), Some(kind));
        let tag = answer.header("etag").expect("a tag");
        assert!(
            tag.len() == 32 && tag.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{tag}"
        );
        assert!(
            answer
                .header("last-modified")
                .is_some_and(|text| text.ends_with(" GMT"))
        );
        assert!(
            answer.header("cache-control").is_none() && answer.header("content-encoding").is_none()
        );
        let head = server.send("HEAD", &path, &[], None).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
        assert_eq!(
            head.header("content-length"),
            answer.header("content-length")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_fallback_and_no_way_out() {
    let bundle = Bundle::new();
    let server = server(&bundle).await;
    std::fs::write(
        bundle
            .0
            .parent()
            .expect("a parent")
            .join("dev-backend-secret.txt"),
        "x",
    )
    .expect("a file");
    for path in [
        "/static/batch_runner/",
        "/static/batch_runner/history",
        "/static/batch_runner/batches/123",
        "/static/batch_runner/nope.js",
        "/static/batch_runner/assets",
        "/static/batch_runner/assets/",
        "/static/batch_runner/..%2fdev-backend-secret.txt",
        "/static/batch_runner/../dev-backend-secret.txt",
        "/static/batch_runner/%2fetc%2fpasswd",
        "/static/batch_runner//etc/passwd",
        "/static/batch_runner/index.html/",
        "/static/batch_runner/index.html%00",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.json(),
            serde_json::json!({ "detail": "Not Found" }),
            "{path}"
        );
    }
    let answer = server.get("/static/batch_runner").await;
    assert_eq!(answer.status, 307);
    assert_eq!(
        answer.header("location"),
        Some("http://127.0.0.1/static/batch_runner/")
    );
    let answer = server
        .send("POST", "/static/batch_runner/index.html", &[], None)
        .await;
    assert_eq!(answer.status, 405);
    assert_eq!(
        answer.json(),
        serde_json::json!({ "detail": "Method Not Allowed" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_files_are_not_sent_again() {
    let bundle = Bundle::new();
    let server = server(&bundle).await;
    let path = "/static/batch_runner/app.js";
    let first = server.get(path).await;
    let tag = first.header("etag").expect("a tag").to_owned();
    let modified = first.header("last-modified").expect("a date").to_owned();
    let quoted = format!("\"{tag}\"");
    for header in [
        ("if-none-match", tag.as_str()),
        ("if-none-match", &quoted),
        ("if-modified-since", &modified),
    ] {
        let answer = server.send("GET", path, &[header], None).await;
        assert_eq!(
            (answer.status.as_u16(), answer.bytes.len()),
            (304, 0),
            "{header:?}"
        );
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
    }
    assert_eq!(
        server
            .send("GET", path, &[("if-none-match", "other")], None)
            .await
            .status,
        200
    );
    std::fs::write(bundle.0.join("app.js"), "export default 2222;").expect("a file");
    assert_eq!(
        server
            .send("GET", path, &[("if-none-match", &tag)], None)
            .await
            .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_leads_to_the_page_and_the_shell_frames_it() {
    let bundle = Bundle::new();
    let server = server(&bundle).await;
    let root = server.get("/").await;
    assert_eq!(root.status, 307);
    assert_eq!(
        root.header("location"),
        Some("/static/batch_runner/index.html")
    );
    let shell = server.get("/shell").await;
    let page = String::from_utf8(shell.bytes.to_vec()).expect("text");
    assert!(
        page.contains("<iframe title=\"Batch Runner\" src=\"/static/batch_runner/index.html\">")
    );
}
