//! `POST /access/v1/search/subject`, `/resource` and `/action`.

use axum::{Extension, Json, body::Bytes, extract::State, http::HeaderMap};
use rolecall_backend::service::{
    Failure,
    decisions::{self, Results, USER},
    denial,
    tokens::Bearer,
};
use serde_json::{Value, json};

use super::body::{self, Sought};
use crate::{problem::Problem, state::AppState};

type Answer = Result<Json<Value>, Problem>;

/// The members who may do something to a thing.
pub async fn subjects(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (question, wish) = body::search(&headers, &body, Sought::Subjects)?;
    let Bearer { caller, workspace } = &bearer;
    let found = decisions::subjects(&state.rolecall, caller, workspace, &question, wish).await;
    let found = refused(&state, &bearer, found).await?;
    Ok(page(found, |id| json!({ "type": USER, "id": id })))
}

/// The things to which a member may do something.
pub async fn resources(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (question, wish) = body::search(&headers, &body, Sought::Resources)?;
    let Bearer { caller, workspace } = &bearer;
    let found = decisions::resources(&state.rolecall, caller, workspace, &question, wish).await;
    let found = refused(&state, &bearer, found).await?;
    let kind = &question.resource_type;
    Ok(page(found, |id| json!({ "type": kind, "id": id })))
}

/// What a member may do to a thing.
pub async fn actions(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (question, _) = body::search(&headers, &body, Sought::Actions)?;
    let Bearer { caller, workspace } = &bearer;
    let found = decisions::actions(&state.rolecall, caller, workspace, &question).await;
    let found = refused(&state, &bearer, found).await?;
    Ok(page(found, |name| json!({ "name": name })))
}

/// A token without `team:view` is refused, and that is written down.
async fn refused(
    state: &AppState,
    bearer: &Bearer,
    found: Result<Results, Failure>,
) -> Result<Results, Problem> {
    match found {
        Ok(found) => Ok(found),
        Err(failure) => {
            let Bearer { caller, workspace } = bearer;
            denial::record(&state.rolecall, caller, workspace, "search", &failure).await;
            Err(Problem::of(&failure, &caller.meta.request_id))
        }
    }
}

fn page(found: Results, result: impl Fn(String) -> Value) -> Json<Value> {
    let next = found.next.map(|id| id.to_string()).unwrap_or_default();
    let results: Vec<Value> = found.results.into_iter().map(result).collect();
    Json(json!({
        "page": { "next_token": next, "count": results.len() },
        "results": results,
    }))
}
