//! `/invite/{token}` and the forms on it. Looking never changes anything; the token is never in a
//! `Location` (rules 18, 25).

use axum::{
    extract::{Path, rejection::PathRejection},
    http::{StatusCode, header},
    response::Response,
};
use rolecall_app::auth::AuthPage;
use rolecall_backend::service::{
    Failure,
    acceptance::{self, AcceptFailure, Ended, Invited, Joined, NewPerson},
};
use rolecall_shared::error::{ApiError, ErrorCode};
use serde::Deserialize;

use crate::{
    cookies,
    forms::{Posted, Visitor, with_error},
    redirect,
};

/// The fields of all forms of the page; each form uses some.
#[derive(Deserialize)]
pub struct Fields {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// What the page says besides the invitation.
#[derive(Default)]
struct Remarks {
    name: String,
    error: Option<ApiError>,
    notice: Option<String>,
}

impl Remarks {
    fn error(error: ApiError) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }
}

/// The page that the link in the mail opens.
pub async fn show(visitor: Visitor, token: Result<Path<String>, PathRejection>) -> Response {
    let token = token.map(|Path(token)| token).unwrap_or_default();
    open(&visitor, &token, Remarks::default()).await
}

/// A new person gives a name and a passphrase, and joins.
pub async fn join(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let Fields {
        token,
        name,
        password,
        code,
    } = posted.fields;
    let remarks = |error| Remarks {
        name: name.clone(),
        error: Some(error),
        notice: None,
    };
    if let Err(error) = checked {
        return open(&visitor, &token, remarks(error)).await;
    }
    let person = NewPerson {
        name: name.clone(),
        password,
        code,
    };
    match acceptance::join_new(visitor.rolecall(), visitor.meta(), &token, person).await {
        Ok(joined) => enter(visitor, joined).await,
        Err(failure) => refused(&visitor, &token, failure, remarks).await,
    }
}

/// Somebody with an account signs in, and joins.
pub async fn sign_in(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let Fields {
        token, password, ..
    } = posted.fields;
    if let Err(error) = checked {
        return open(&visitor, &token, Remarks::error(error)).await;
    }
    match acceptance::join_known(visitor.rolecall(), visitor.meta(), &token, &password).await {
        Ok(joined) => enter(visitor, joined).await,
        Err(failure) => refused(&visitor, &token, failure, Remarks::error).await,
    }
}

/// Somebody who is signed in confirms, and joins.
pub async fn confirm(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let token = posted.fields.token;
    if let Err(error) = checked {
        return open(&visitor, &token, Remarks::error(error)).await;
    }
    let Some(caller) = visitor.caller() else {
        let message = "Your session has ended meanwhile. Sign in here to join.";
        let error = ApiError::new(ErrorCode::NotSignedIn, message);
        return open(&visitor, &token, Remarks::error(error)).await;
    };
    match acceptance::join_signed_in(visitor.rolecall(), &caller, &token).await {
        Ok(joined) => redirect::see_other(&start(&joined)),
        Err(failure) => refused(&visitor, &token, failure, Remarks::error).await,
    }
}

/// The invited person does not want to join.
pub async fn decline(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let token = posted.fields.token;
    if let Err(error) = checked {
        return open(&visitor, &token, Remarks::error(error)).await;
    }
    match acceptance::decline(
        visitor.rolecall(),
        visitor.meta(),
        visitor.session(),
        &token,
    )
    .await
    {
        Ok(workspace) => visitor.page(StatusCode::OK, &AuthPage::InvitationDeclined { workspace }),
        Err(failure) => refused(&visitor, &token, failure, Remarks::error).await,
    }
}

/// A copied link does not prove the mailbox: a code is mailed to it.
pub async fn code(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let Fields { token, name, .. } = posted.fields;
    let remarks = |error| Remarks {
        name: name.clone(),
        error: Some(error),
        notice: None,
    };
    if let Err(error) = checked {
        return open(&visitor, &token, remarks(error)).await;
    }
    match acceptance::send_code(visitor.rolecall(), visitor.meta(), &token).await {
        Ok(()) => {
            let notice = "A code is on its way to the invited address. It can take a minute.";
            open(
                &visitor,
                &token,
                Remarks {
                    name,
                    error: None,
                    notice: Some(notice.to_owned()),
                },
            )
            .await
        }
        Err(failure) => refused(&visitor, &token, failure, remarks).await,
    }
}

/// Somebody signed in with another address signs out, and sees the page again.
pub async fn switch(mut visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let token = posted.fields.token;
    if let Err(error) = checked {
        return open(&visitor, &token, Remarks::error(error)).await;
    }
    if let Err(failure) = visitor.end_session().await {
        return visitor.problem(&failure);
    }
    let notice = Some("You are signed out. Go on with the invited address.".to_owned());
    let mut response = open(
        &visitor,
        &token,
        Remarks {
            notice,
            ..Remarks::default()
        },
    )
    .await;
    if let Some(cookie) = cookies::clear(cookies::SESSION) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn open(visitor: &Visitor, token: &str, remarks: Remarks) -> Response {
    match acceptance::open(visitor.rolecall(), visitor.session(), token).await {
        Ok(Invited::Open(card, who)) => {
            let Remarks {
                name,
                error,
                notice,
            } = remarks;
            let token = token.to_owned();
            let page = AuthPage::Invitation {
                token,
                card,
                who,
                name,
                error: error.clone(),
                notice,
            };
            with_error(visitor.page(StatusCode::OK, &page), error.as_ref())
        }
        Ok(Invited::Ended(ended)) => gone(visitor, token, ended),
        Err(failure) => visitor.problem(&failure),
    }
}

async fn refused(
    visitor: &Visitor,
    token: &str,
    failure: AcceptFailure,
    remarks: impl FnOnce(ApiError) -> Remarks,
) -> Response {
    match failure {
        AcceptFailure::Ended(ended) => gone(visitor, token, ended),
        AcceptFailure::Failure(failure @ Failure::Store(_)) => visitor.problem(&failure),
        AcceptFailure::Failure(failure) => {
            open(visitor, token, remarks(visitor.error(&failure))).await
        }
    }
}

fn gone(visitor: &Visitor, token: &str, ended: Ended) -> Response {
    let status = match ended {
        Ended::Unknown => StatusCode::NOT_FOUND,
        _ => StatusCode::GONE,
    };
    let token = token.to_owned();
    visitor.page(status, &AuthPage::InvitationEnded { token, ended })
}

/// Goes to the workspace, in the new session if there is one.
async fn enter(mut visitor: Visitor, joined: Joined) -> Response {
    let target = start(&joined);
    let Some(signed_in) = joined.signed_in else {
        return redirect::see_other(&target);
    };
    if let Err(failure) = visitor.end_session().await {
        return visitor.problem(&failure);
    }
    visitor.enter(&signed_in, &target)
}

fn start(joined: &Joined) -> String {
    format!("/w/{}", joined.workspace_slug)
}
