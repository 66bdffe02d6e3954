//! What whoever runs Rolecall can watch, as Prometheus reads it, on a port of its own.
//!
//! Numbers only: labels are patterns of routes, methods and classes of status, so that there are as many
//! series as there are routes, whatever is asked. Nothing here names a workspace, a person or an address.

mod picture;
mod requests;

use std::time::Duration;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use prometheus_client::encoding::prometheus_text::{self, CONTENT_TYPE};
use rolecall_backend::outbox::{self, Waiting};

pub use self::requests::Requests;
use crate::state::AppState;

/// Where the numbers are, on their port.
pub const PATH: &str = "/metrics";
/// How long the database may take to say how much mail waits: the other numbers do not wait longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The router of the port for numbers; it answers nothing else.
pub fn router(state: &AppState) -> Router {
    Router::new()
        .route(PATH, get(show))
        .with_state(state.clone())
}

async fn show(State(state): State<AppState>) -> Response {
    let registry = picture::of(&state, waiting(&state).await);
    let mut text = String::new();
    match prometheus_text::encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the numbers could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The mail that waits; `None` when the database does not say.
async fn waiting(state: &AppState) -> Option<Waiting> {
    let asked = tokio::time::timeout(PATIENCE, outbox::waiting(&state.rolecall));
    asked.await.ok()?.ok()
}
