//! `GET /.well-known/authzen-configuration`: where the decisions are.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use serde_json::{Value, json};

use crate::state::AppState;

/// Where it is found (AuthZEN §9.2).
pub const PATH: &str = "/.well-known/authzen-configuration";

/// For anybody: it says nothing that the documents do not say.
pub async fn metadata(
    State(state): State<AppState>,
) -> ([(HeaderName, HeaderValue); 1], Json<Value>) {
    let origin = state.public_url.origin();
    let told = json!({
        "policy_decision_point": origin,
        "access_evaluation_endpoint": format!("{origin}/access/v1/evaluation"),
        "access_evaluations_endpoint": format!("{origin}/access/v1/evaluations"),
        "search_subject_endpoint": format!("{origin}/access/v1/search/subject"),
        "search_resource_endpoint": format!("{origin}/access/v1/search/resource"),
        "search_action_endpoint": format!("{origin}/access/v1/search/action"),
    });
    let cache = HeaderValue::from_static("public, max-age=3600");
    ([(header::CACHE_CONTROL, cache)], Json(told))
}
