//! `POST /access/v1/search/subject`, `/resource` and `/action`.

use axum::{Extension, Json, body::Bytes, extract::State, http::HeaderMap};
use rolecall_backend::service::{
    Failure,
    decisions::{self, Results, USER, Wish},
    denial,
    tokens::Bearer,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    body::{self, Sought},
    page::Page,
};
use crate::{problem::Problem, state::AppState};

type Answer = Result<Json<Value>, Problem>;

/// The members who may do something to a thing.
pub async fn subjects(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (question, wanted) = body::search(&headers, &body, Sought::Subjects)?;
    let wish = wanted.wish();
    let Bearer { caller, workspace } = &bearer;
    let found = decisions::subjects(&state.rolecall, caller, workspace, &question, wish).await;
    let found = refused(&state, &bearer, found).await?;
    Ok(page(&wanted, found, |id| json!({ "type": USER, "id": id })))
}

/// The things to which a member may do something.
pub async fn resources(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (question, wanted) = body::search(&headers, &body, Sought::Resources)?;
    let wish = wanted.wish();
    let Bearer { caller, workspace } = &bearer;
    let found = decisions::resources(&state.rolecall, caller, workspace, &question, wish).await;
    let found = refused(&state, &bearer, found).await?;
    let kind = &question.resource_type;
    Ok(page(&wanted, found, |id| json!({ "type": kind, "id": id })))
}

/// What a member may do to a thing.
pub async fn actions(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (question, wanted) = body::search(&headers, &body, Sought::Actions)?;
    let Bearer { caller, workspace } = &bearer;
    let found = decisions::actions(&state.rolecall, caller, workspace, &question).await;
    let found = cut(refused(&state, &bearer, found).await?, wanted.wish());
    Ok(page(&wanted, found, |name| json!({ "name": name })))
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

/// The page of a handful of results without ids: pages of them begin after a position.
fn cut(found: Results, wish: Wish) -> Results {
    let first = wish.after.map_or(0, |after| after.as_u128());
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    let mut results: Vec<String> = found.results.into_iter().skip(first).collect();
    let limit = wish.limit.unwrap_or(usize::MAX);
    let more = results.len() > limit;
    results.truncate(limit);
    let next = (first + results.len()) as u128;
    Results {
        next: more.then(|| Uuid::from_u128(next)),
        results,
    }
}

fn page(wanted: &Page, found: Results, result: impl Fn(String) -> Value) -> Json<Value> {
    // Who wants none is told whether there are any.
    let (results, next) = if wanted.is_empty() {
        let any = !found.results.is_empty() || found.next.is_some();
        let next = if any { wanted.again() } else { String::new() };
        (Vec::new(), next)
    } else {
        (found.results, wanted.token(found.next))
    };
    let results: Vec<Value> = results.into_iter().map(result).collect();
    Json(json!({
        "page": { "next_token": next, "count": results.len() },
        "results": results,
    }))
}
