//! `/setup`: the first person, workspace and owner.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use rolecall_app::auth::{AuthPage, SetupValues, TemplateCard};
use rolecall_backend::{
    Rolecall,
    service::{Failure, setup},
};
use rolecall_shared::error::ApiError;
use serde::Deserialize;

use super::sign_in::home;
use crate::forms::{Posted, Visitor, with_error};

/// What the address of the page carries: the code, when the address was opened from the log.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    code: String,
}

/// The fields of the form.
#[derive(Deserialize)]
pub struct Fields {
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    workspace: String,
    #[serde(default)]
    template: String,
}

/// Shows the form, until somebody has completed it.
pub async fn show(visitor: Visitor, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(Asked { code }) = asked.unwrap_or_default();
    match setup::needed(visitor.rolecall()).await {
        Ok(true) => form(
            &visitor,
            SetupValues {
                code,
                ..SetupValues::default()
            },
            None,
        ),
        Ok(false) => visitor.page(StatusCode::GONE, &AuthPage::SetupDone),
        Err(failure) => visitor.problem(&failure),
    }
}

/// Makes the first person, workspace and owner, and signs them in.
pub async fn submit(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let Fields {
        code,
        name,
        email,
        password,
        workspace,
        template,
    } = posted.fields;
    let typed = SetupValues {
        code: code.clone(),
        name: name.clone(),
        email: email.clone(),
        workspace: workspace.clone(),
        template: template.clone(),
    };
    if let Err(error) = checked {
        return form(&visitor, typed, Some(error));
    }
    let order = setup::SetupForm {
        code,
        name,
        email,
        password,
        workspace,
        template,
    };
    match setup::complete(visitor.rolecall(), visitor.meta(), order).await {
        Ok(signed_in) => visitor.enter(&signed_in, &home(&signed_in)),
        Err(Failure::Conflict(_)) => visitor.page(StatusCode::CONFLICT, &AuthPage::SetupDone),
        Err(failure) => {
            let error = visitor.error(&failure);
            form(&visitor, typed, Some(error))
        }
    }
}

fn form(visitor: &Visitor, form: SetupValues, error: Option<ApiError>) -> Response {
    let templates = cards(visitor.rolecall());
    let page = AuthPage::Setup {
        form,
        templates,
        error: error.clone(),
    };
    with_error(visitor.page(StatusCode::OK, &page), error.as_ref())
}

fn cards(app: &Rolecall) -> Vec<TemplateCard> {
    let card = |template: &rolecall_backend::templates::Template| TemplateCard {
        key: template.key.clone(),
        title: template.title.clone(),
        description: template.description.clone(),
        roles: template
            .roles
            .iter()
            .map(|role| role.name.clone())
            .collect(),
    };
    app.templates().iter().map(card).collect()
}
