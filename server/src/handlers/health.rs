//! Probes for those who run the server (F4).

use axum::{extract::State, http::StatusCode};

use crate::state::AppState;

/// `/livez`: the process answers. Does not touch the database: restarting would not mend that.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `/readyz`: requests are welcome: the database answers and nobody asked the server to stop.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match state.rolecall.store().ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
