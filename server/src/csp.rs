//! Content security policies, one per kind of answer (rule 55).

use axum::http::HeaderValue;
use leptos::config::LeptosOptions;

/// What all documents share: nothing from elsewhere, no frames, no plug-ins, forms only to us.
const DOCUMENT: &str = "img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'; \
                        frame-ancestors 'none'; form-action 'self'";

/// For the console: only scripts that carry this answer's nonce, and what those load. `reload` is the
/// further origin that a development server's pages listen to.
pub fn console(nonce: &str, reload: Option<&str>) -> Option<HeaderValue> {
    let reload = reload
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; connect-src 'self'{reload}; manifest-src 'self'; {DOCUMENT}"
    ))
    .ok()
}

/// Where pages hear that cargo-leptos has built anew: only in debug builds that it watches.
pub fn reload_socket(origin: &str, options: &LeptosOptions) -> Option<String> {
    let watched = cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some();
    let port = options.reload_external_port.unwrap_or(options.reload_port);
    if watched { socket(origin, port) } else { None }
}

/// The socket that the script of Leptos opens: same host, another port.
fn socket(origin: &str, port: u32) -> Option<String> {
    let origin = url::Url::parse(origin).ok()?;
    let scheme = if origin.scheme() == "https" {
        "wss"
    } else {
        "ws"
    };
    Some(format!("{scheme}://{}:{port}", origin.host_str()?))
}

/// For the documents without scripts: sign-in, set-up, invitations, errors.
pub fn document() -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'none'; style-src 'self'; {DOCUMENT}"
    ))
    .ok()
}

/// For everything that is no document: should a browser show it as one, nothing in it may run.
pub const fn other() -> HeaderValue {
    HeaderValue::from_static(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_watched_debug_build_lets_pages_listen_elsewhere() {
        let policy = |reload| console("n", reload).unwrap().to_str().unwrap().to_owned();
        assert!(policy(None).contains("connect-src 'self';"));
        let socket = socket("http://127.0.0.1:3000", 3001);
        assert_eq!(socket.as_deref(), Some("ws://127.0.0.1:3001"));
        assert!(policy(socket.as_deref()).contains("connect-src 'self' ws://127.0.0.1:3001;"));
        assert_eq!(
            super::socket("https://access.example.org", 3001).as_deref(),
            Some("wss://access.example.org:3001")
        );
    }
}
