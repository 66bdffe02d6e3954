//! What the server gives to pages and server functions, and what they set on the response.

use std::sync::Arc;

use axum::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use rolecall_backend::{
    Rolecall,
    authz::Glance,
    keys::SessionSecret,
    request::{RequestMeta, Session},
};

/// The circumstances of one request; the server provides it before a page or function runs.
#[derive(Clone)]
pub struct RequestContext {
    /// Everything the services need.
    pub rolecall: Rolecall,
    /// Where the request came from.
    pub meta: RequestMeta,
    /// Who is signed in.
    pub session: Option<Session>,
    /// What this request has found out about them already.
    pub glance: Arc<Glance>,
    /// What forms on the page have to carry (rule 53).
    pub form_token: String,
    /// How the server writes the cookie of a session with this secret.
    pub session_cookie: fn(&str) -> Option<HeaderValue>,
}

/// Gives the browser the new secret of its session with the answer.
pub fn set_session(secret: &SessionSecret) {
    let cookie = use_context::<RequestContext>()
        .and_then(|context| (context.session_cookie)(secret.expose()));
    if let (Some(cookie), Some(options)) = (cookie, use_context::<ResponseOptions>()) {
        options.append_header(SET_COOKIE, cookie);
    }
}

/// The id of the request, for the one who reports a failure.
pub fn request_id() -> Option<String> {
    use_context::<RequestContext>().map(|context| context.meta.request_id)
}

/// What forms on the page have to carry.
pub fn form_token() -> String {
    use_context::<RequestContext>()
        .map(|context| context.form_token)
        .unwrap_or_default()
}

/// Sets the status of the response; the first failure of a page decides it.
pub fn set_status(status: u16) {
    let (Some(options), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) else {
        return;
    };
    let undecided = options.0.read().is_ok_and(|parts| parts.status.is_none());
    if undecided {
        options.set_status(status);
    }
}

/// The class of the console's document: see [`theme_of`].
pub fn theme() -> &'static str {
    use_context::<Parts>().map_or("", |parts| theme_of(&parts.headers))
}

/// The class of a document: the theme that the browser's cookie chose; empty follows the system.
pub fn theme_of(headers: &HeaderMap) -> &'static str {
    let chosen = |name: &str| {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .any(|pair| pair.trim() == format!("theme={name}"))
    };
    ["dark", "light"]
        .into_iter()
        .find(|name| chosen(name))
        .unwrap_or("")
}
