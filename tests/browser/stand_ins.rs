//! Stand-ins for the network: a `fetch` and a `WebSocket` that do what a test says.

use serde_json::{Value, json};

use crate::page::{js, settle, tidy};

/// The browser's own network is replaced for as long as this lives.
pub struct Network {
    address: String,
}

const REPLACE: &str = r#"
globalThis.__net ??= { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket };
__net.asked = []; __net.answers = []; __net.sockets = [];
globalThis.fetch = async (request) => {
  const { pathname, search } = new URL(request.url);
  const path = pathname + search;
  const body = await request.clone().text();
  __net.asked.push({ method: request.method, path, token: request.headers.get('authorization'),
    type: request.headers.get('content-type'), body });
  const known = __net.answers.findLast((one) => one.method === request.method && path.includes(one.part));
  if (known?.never) {
    const given_up = () => new DOMException('aborted', 'AbortError');
    if (request.signal.aborted) throw given_up();
    return new Promise((_, fail) => request.signal.addEventListener('abort', () => fail(given_up())));
  }
  if (known) return new Response(known.body, { status: known.status, headers: known.headers });
  return new Response('{"detail":"Not Found"}', { status: 404 });
};
globalThis.WebSocket = class {
  constructor(url) { this.url = new URL(url).href; this.sent = []; this.closed = false; this.readyState = 1; __net.sockets.push(this); }
  send(text) { this.sent.push(text); }
  close() { this.closed = true; this.readyState = 3; }
};
"#;

impl Network {
    pub fn new() -> Self {
        tidy();
        js(REPLACE);
        let address = js("location.href").as_string().unwrap_or_default();
        Self { address }
    }

    /// From now on requests whose path has this part are answered so.
    pub fn answers(&self, method: &str, part: &str, status: u16, body: &Value) {
        self.rule(
            &json!({"method": method, "part": part, "status": status, "body": body.to_string(),
            "headers": {"retry-after": "7"}}),
        );
    }

    /// From now on they are never answered.
    pub fn is_silent(&self, method: &str, part: &str) {
        self.rule(&json!({"method": method, "part": part, "never": true}));
    }

    fn rule(&self, rule: &Value) {
        js(&format!("__net.answers.push({rule})"));
    }

    /// Requests so far whose path has this part.
    pub fn asked(&self, part: &str) -> Vec<Value> {
        let all = js("JSON.stringify(__net.asked)")
            .as_string()
            .unwrap_or_default();
        let all: Vec<Value> = serde_json::from_str(&all).unwrap_or_default();
        let wanted = |one: &Value| one["path"].as_str().is_some_and(|path| path.contains(part));
        all.into_iter().filter(wanted).collect()
    }

    /// Sockets that were dialled: address, frames sent, closed by the app.
    pub fn sockets(&self) -> Vec<(String, Vec<String>, bool)> {
        let all = js("JSON.stringify(__net.sockets.map((s) => [s.url, s.sent, s.closed]))");
        serde_json::from_str(&all.as_string().unwrap_or_default()).unwrap_or_default()
    }

    /// The newest socket says something.
    pub async fn says(&self, frame: &Value) {
        let text = Value::String(frame.to_string());
        js(&format!(
            "__net.sockets.at(-1).onmessage?.(new MessageEvent('message', {{ data: {text} }}))"
        ));
        settle().await;
    }

    pub async fn says_binary(&self) {
        js(
            "__net.sockets.at(-1).onmessage?.(new MessageEvent('message', { data: new ArrayBuffer(2) }))",
        );
        settle().await;
    }

    /// The newest socket is closed by the server.
    pub async fn hangs_up(&self, code: u16) {
        js(&format!(
            "__net.sockets.at(-1).readyState = 3;\
             __net.sockets.at(-1).onclose?.(new CloseEvent('close', {{ code: {code} }}))"
        ));
        settle().await;
    }

    /// The page can be seen, or not, as far as the app is told.
    pub fn visible(&self, visible: bool) {
        let state = if visible { "visible" } else { "hidden" };
        js(&format!(
            "Object.defineProperty(document, 'visibilityState', {{ configurable: true, get: () => '{state}' }})"
        ));
    }

    pub fn online(&self, online: bool) {
        js(&format!(
            "Object.defineProperty(navigator, 'onLine', {{ configurable: true, get: () => {online} }})"
        ));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        js(&format!(
            "history.replaceState(null, '', {})",
            json!(self.address)
        ));
        tidy();
    }
}
