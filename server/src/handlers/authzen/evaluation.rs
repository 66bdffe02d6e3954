//! `POST /access/v1/evaluation` and `/access/v1/evaluations`.

use axum::{Extension, Json, body::Bytes, extract::State, http::HeaderMap};
use rolecall_backend::service::{
    decisions::{self, Answer, Question, Semantic},
    denial,
    tokens::Bearer,
};
use serde_json::{Value, json};

use super::{
    body::{self, Asked},
    words::decision,
};
use crate::{problem::Problem, state::AppState};

/// One question, one answer.
pub async fn one(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let question = body::one(&headers, &body)?;
    alone(&state, &bearer, question).await
}

/// Several questions, answered in their order.
pub async fn several(
    State(state): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    match body::several(&headers, &body)? {
        Asked::One(question) => alone(&state, &bearer, question).await,
        Asked::Several(questions, semantic) => {
            let answers = ask(&state, &bearer, &questions, semantic).await?;
            let told: Vec<Value> = answers.iter().map(decision).collect();
            Ok(Json(json!({ "evaluations": told })))
        }
    }
}

async fn alone(
    state: &AppState,
    bearer: &Bearer,
    question: Question,
) -> Result<Json<Value>, Problem> {
    let answers = ask(state, bearer, &[question], Semantic::ExecuteAll).await?;
    let no = || json!({ "decision": false });
    Ok(Json(answers.first().map_or_else(no, decision)))
}

/// Asks about the one workspace of the token; a token without `team:view` is refused, and that is written
/// down.
async fn ask(
    state: &AppState,
    bearer: &Bearer,
    questions: &[Question],
    semantic: Semantic,
) -> Result<Vec<Answer>, Problem> {
    let Bearer { caller, workspace } = bearer;
    match decisions::decide(&state.rolecall, caller, workspace, questions, semantic).await {
        Ok(answers) => Ok(answers),
        Err(failure) => {
            let app = &state.rolecall;
            denial::record(app, caller, workspace, "evaluation", &failure).await;
            Err(Problem::of(&failure, &caller.meta.request_id))
        }
    }
}
