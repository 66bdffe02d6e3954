//! The REST interface `/api/v1`: what people do in the console, for programs with a token.
//!
//! Each operation asks the same service as the console, with the same proofs, in the name of the member
//! whose token it is. A handler reads a request with [`call`] and [`body`], asks one service, and answers
//! with [`answer`]; what it documents beside it is completed by [`document`].

mod answer;
mod audit;
mod body;
mod call;
mod document;
mod group_members;
mod groups;
mod invitations;
mod members;
mod membership;
mod moment;
mod overrides;
mod previews;
mod project_members;
mod projects;
mod resources;
mod roles;
mod settings;
mod tokens;
mod words;
mod workspaces;

use std::sync::LazyLock;

use axum::{
    Json, Router,
    http::header,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::Value;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::{middleware, problem::Problem, state::AppState};

/// Where the document of the interface is.
pub const DOCUMENT: &str = "/api/v1/openapi.json";

/// All operations, one entry for each path.
fn all() -> Vec<UtoipaMethodRouter<AppState>> {
    [
        workspaces::routes(),
        settings::routes(),
        members::routes(),
        membership::routes(),
        invitations::routes(),
        roles::routes(),
        groups::routes(),
        group_members::routes(),
        projects::routes(),
        project_members::routes(),
        overrides::routes(),
        resources::routes(),
        previews::routes(),
        tokens::routes(),
        audit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The document never changes while the server runs.
static DESCRIBED: LazyLock<Value> = LazyLock::new(|| {
    let empty = OpenApiRouter::<AppState>::with_openapi(document::head());
    let router = all().into_iter().fold(empty, OpenApiRouter::routes);
    document::complete(router.into_openapi())
});

/// The OpenAPI 3.1 document, as `GET /api/v1/openapi.json` answers it.
pub fn document() -> &'static Value {
    &DESCRIBED
}

/// The routes of the interface, and what each answers: a method and a path.
pub fn router(state: &AppState) -> (Router<AppState>, Vec<(String, String)>) {
    let find = from_fn_with_state(state.clone(), middleware::bearer::find);
    let empty = OpenApiRouter::<AppState>::new();
    let (router, described) = all()
        .into_iter()
        .fold(empty, |router, (schemas, paths, methods)| {
            // On each path, so that a wrong method is told first.
            router.routes((schemas, paths, methods.route_layer(find.clone())))
        })
        .split_for_parts();
    let router = router
        .layer(from_fn(answer::conditional))
        .route(DOCUMENT, get(show))
        .route("/api/v1", any(nowhere))
        .route("/api/v1/{*nothing}", any(nowhere));
    let mut listed = vec![("GET".to_owned(), DOCUMENT.to_owned())];
    let described = serde_json::to_value(described.paths).unwrap_or_default();
    listed.extend(document::operations(&described));
    (router, listed)
}

/// `GET /api/v1/openapi.json`. Public: it tells nothing that is not the same everywhere.
async fn show() -> Response {
    let often = [(header::CACHE_CONTROL, "no-cache")];
    (often, Json(document())).into_response()
}

async fn nowhere() -> Problem {
    Problem::not_found()
}
