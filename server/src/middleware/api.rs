//! What server functions demand of a request: JSON, and nothing else (rule 54).

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{json::is_json, problem::Problem};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Refuses bodies that are not JSON: a form on another site can send those without asking first.
pub async fn json_only(mut request: Request, next: Next) -> Response {
    // Other methods get their 405 from the route.
    if request.method() == Method::POST && !is_json(request.headers()) {
        let message = "Send the arguments as application/json.";
        return Problem::with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE, message).into_response();
    }
    // Leptos answers requests that accept HTML with a redirect to their `Referer`: for plain
    // forms, which never come here.
    request.headers_mut().insert(header::ACCEPT, JSON);
    request.headers_mut().remove(header::REFERER);
    next.run(request).await
}
