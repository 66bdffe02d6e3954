//! What the handlers of forms share: the visitor, the posted fields, and writing a document.

use axum::{
    extract::{Form, FromRequest, FromRequestParts, Request, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse as _, Response},
};
use rolecall_app::{
    auth::{self, AuthPage, Chrome},
    context::{RequestContext, theme_of},
};
use rolecall_backend::{
    Caller, RequestMeta, Rolecall, Session,
    service::{Failure, SignedIn, sessions},
};
use rolecall_shared::error::{ApiError, ErrorCode};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{cookies, csp, csrf::FormKey, problem::Problem, redirect, state::AppState};

/// Somebody before one of our documents, signed in or not.
pub struct Visitor {
    state: AppState,
    context: RequestContext,
    form_key: FormKey,
    theme: &'static str,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let context = parts.extensions.get::<RequestContext>().cloned();
        let form_key = parts.extensions.get::<FormKey>().cloned();
        Ok(Self {
            state: state.clone(),
            context: context.ok_or_else(|| Problem::bare(StatusCode::INTERNAL_SERVER_ERROR))?,
            form_key: form_key.ok_or_else(|| Problem::bare(StatusCode::INTERNAL_SERVER_ERROR))?,
            theme: theme_of(&parts.headers),
        })
    }
}

impl Visitor {
    /// The services.
    pub fn rolecall(&self) -> &Rolecall {
        &self.context.rolecall
    }

    /// The circumstances of the request.
    pub fn meta(&self) -> &RequestMeta {
        &self.context.meta
    }

    /// The session, if signed in.
    pub fn session(&self) -> Option<&Session> {
        self.context.session.as_ref()
    }

    /// The signed-in person.
    pub fn caller(&self) -> Option<Caller> {
        let session = self.context.session.clone()?;
        Some(Caller {
            session,
            meta: self.context.meta.clone(),
        })
    }

    /// Ends the session the browser has, so that it can not come back beside a new one (rule 3).
    pub async fn end_session(&mut self) -> Result<(), Failure> {
        match self.context.session.take() {
            Some(session) => {
                sessions::end(&self.context.rolecall, &self.context.meta, &session).await
            }
            None => Ok(()),
        }
    }

    /// A document, with the token for its forms.
    pub fn page(&self, status: StatusCode, page: &AuthPage) -> Response {
        let keys = self.rolecall().keys();
        let chrome = Chrome {
            css_href: self.state.assets.css_href.clone(),
            csrf: self.form_key.token(keys, self.rolecall().random()),
            theme: self.theme,
        };
        let mut response = (status, Html(auth::render(page, &chrome))).into_response();
        if let Some(policy) = csp::document() {
            response
                .headers_mut()
                .insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(cookie) = self.form_key.set_cookie() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// The error of a failure, for a page that shows it in place.
    pub fn error(&self, failure: &Failure) -> ApiError {
        failure.to_api(&self.meta().request_id)
    }

    /// A failure that no page shows in place.
    pub fn problem(&self, failure: &Failure) -> Response {
        Problem::of(failure, &self.meta().request_id).into_response()
    }

    /// Goes to a page of ours, with the cookie of a new session.
    pub fn enter(&self, signed_in: &SignedIn, target: &str) -> Response {
        let Some(cookie) = cookies::set(cookies::SESSION, signed_in.cookie.expose()) else {
            return Problem::bare(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        };
        let mut response = redirect::see_other(target);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }

    /// The error of a form that was not shown in this browser, or so long ago that the cookie is gone.
    pub fn check<T>(&self, fields: &Posted<T>) -> Result<(), ApiError> {
        if self.form_key.fits(self.rolecall().keys(), &fields.csrf) {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::CrossSite,
            "This form was open for too long, or cookies are switched off. It is fresh again now: \
             fill in what is missing and send it once more.",
        ))
    }
}

/// Gives a page that shows an error in place the error's status and `Retry-After`.
pub fn with_error(mut response: Response, error: Option<&ApiError>) -> Response {
    let Some(error) = error else { return response };
    if let Ok(status) = StatusCode::from_u16(error.code.status()) {
        *response.status_mut() = status;
    }
    if let Some(seconds) = error.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The fields of a posted form. Each is there at most once; one that is missing is empty, so that
/// the service says what to do about it.
#[derive(Deserialize)]
pub struct Posted<T> {
    #[serde(default)]
    csrf: String,
    /// The fields of this form.
    #[serde(flatten)]
    pub fields: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        match Form::<Self>::from_request(request, state).await {
            Ok(Form(posted)) => Ok(posted),
            Err(FormRejection::InvalidFormContentType(_)) => {
                Err(Problem::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE))
            }
            Err(FormRejection::BytesRejection(_)) => {
                Err(Problem::bare(StatusCode::PAYLOAD_TOO_LARGE))
            }
            Err(_) => Err(Problem::bare(StatusCode::BAD_REQUEST)),
        }
    }
}
