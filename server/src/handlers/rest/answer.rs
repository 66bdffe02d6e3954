//! How operations answer.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::call::Call;

/// Bytes of the sum in an `ETag`: two answers of one thing are told apart.
const SUM: usize = 6;

/// Something with a version. Its `ETag` is the version, by which a change says what it was made on, and a sum of
/// the answer: counts beside it change without a new version, and who has an old answer is to get the new one
/// (RFC 9110 §8.8.1).
pub struct Versioned<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let Self(version, body) = self;
        // What is made of texts and numbers is always written.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let sum = Sha256::digest(&body);
        let sum = URL_SAFE_NO_PAD.encode(&sum[..SUM]);
        let kind = HeaderValue::from_static("application/json");
        let tag = format!("\"{version}.{sum}\"");
        ([(header::CONTENT_TYPE, kind)], [(header::ETAG, tag)], body).into_response()
    }
}

/// What an order made.
#[derive(Serialize, ToSchema)]
pub struct Created {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    #[serde(skip)]
    href: String,
}

impl Created {
    /// Something at `below` the workspace of the call, followed by its id.
    pub fn at(call: &Call, below: &str, id: impl ToString) -> Self {
        let id = id.to_string();
        let href = call.href(&format!("{below}/{id}"));
        Self { id, href }
    }
}

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        let place = [(header::LOCATION, self.href.clone())];
        (StatusCode::CREATED, place, Json(self)).into_response()
    }
}

/// A list, or one page of it.
#[derive(Serialize, ToSchema)]
pub struct List<T> {
    /// The things.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; `null`: there is none.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }
}

/// One page of a list, with the address of the next in `Link` (RFC 8288).
pub struct Paged<T> {
    list: List<T>,
    next: Option<String>,
}

impl<T> Paged<T> {
    /// The page that was asked for at `below` the workspace with the pairs of `query`, and the cursor of the
    /// next one.
    pub fn new(
        call: &Call,
        below: &str,
        query: &[(&str, String)],
        items: Vec<T>,
        cursor: Option<String>,
    ) -> Self {
        let href = cursor.as_ref().map(|cursor| {
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            pairs.extend_pairs(query.iter().filter(|(name, _)| *name != "cursor"));
            pairs.append_pair("cursor", cursor);
            call.href(&format!("{below}?{}", pairs.finish()))
        });
        Self {
            list: List {
                items,
                next: cursor,
            },
            next: href,
        }
    }
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.list).into_response();
        let link = self.next.map(|href| format!("<{href}>; rel=\"next\""));
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// Answers 304 to whoever has the version already (RFC 9110 §13.1.2).
pub async fn conditional(request: Request, next: Next) -> Response {
    let had = (request.method() == Method::GET).then(|| request.headers().clone());
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || !had.is_some_and(|had| has(&had, &response)) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    Response::from_parts(parts, axum::body::Body::empty())
}

fn has(had: &HeaderMap, response: &Response) -> bool {
    let Some(tag) = response.headers().get(header::ETAG) else {
        return false;
    };
    let lines = had.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim);
    // Comparing weakly, as this header asks for.
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
