//! Settings of one deployment: a JSON block in `index.html`, read at start.

use serde_json::Value;

/// Settings of one deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the REST endpoints are, without a slash at the end; a path, or an address with its origin.
    pub api_base: String,
    /// Path of the multiplexed socket.
    pub socket_path: String,
    /// The `localStorage` key of the access token, shared with the other pages of the product.
    pub token_key: String,
    /// `BATCH_RUNNER_MOCK_MODE`: run on built-in data without a server. Needs a build that has them.
    pub mock: bool,
    /// `BATCH_RUNNER_WS_DEBUG`: show the events of the live connection.
    pub ws_debug: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            api_base: "/api".into(),
            socket_path: "/api/batch/ws".into(),
            token_key: "authToken".into(),
            mock: false,
            ws_debug: false,
        }
    }
}

impl Config {
    /// Reads the JSON block; what is missing or has the wrong type keeps its default. The two flags, never an
    /// address, may be set by the page's query as well.
    pub fn read(json: &str, query: &str) -> Self {
        let block: Value = serde_json::from_str(json).unwrap_or(Value::Null);
        let defaults = Self::default();
        let text = |name: &str, default: String| match block[name].as_str() {
            Some(value) if !value.is_empty() => value.trim_end_matches('/').to_owned(),
            _ => default,
        };
        let in_query = |name: &str| {
            let parts = query.trim_start_matches('?').split('&');
            parts
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let flag = |name: &str| match in_query(name) {
            Some(value) => matches!(value, "1" | "true"),
            None => block[name].as_bool().unwrap_or(false),
        };
        Self {
            api_base: text("api_base", defaults.api_base),
            socket_path: text("socket_path", defaults.socket_path),
            token_key: text("token_key", defaults.token_key),
            mock: flag("BATCH_RUNNER_MOCK_MODE"),
            ws_debug: flag("BATCH_RUNNER_WS_DEBUG"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_broken_keeps_its_default() {
        for json in [
            "",
            "{}",
            "[1]",
            "not json",
            r#"{"api_base":7,"token_key":""}"#,
        ] {
            assert_eq!(Config::read(json, ""), Config::default(), "{json}");
        }
        assert_eq!(
            Config::read(r#"{"api_base":"/other/"}"#, "").api_base,
            "/other"
        );
    }

    #[test]
    fn the_query_sets_flags_but_no_address() {
        let config = Config::read(
            "{}",
            "?api_base=https://evil.example&BATCH_RUNNER_WS_DEBUG=1&token_key=x",
        );
        assert_eq!(
            config,
            Config {
                ws_debug: true,
                ..Config::default()
            }
        );
        let config = Config::read(
            r#"{"BATCH_RUNNER_MOCK_MODE":true}"#,
            "?BATCH_RUNNER_MOCK_MODE=0",
        );
        assert!(!config.mock);
    }
}
