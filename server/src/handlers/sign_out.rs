//! `/sign-out`.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::{cookies, forms::Visitor, redirect};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Ends the session on the server and clears what the browser kept (rule 5). Twice is fine.
///
/// The form carries no token: the check of the origin keeps other sites out, and being signed out
/// is all that could be forged.
pub async fn submit(mut visitor: Visitor) -> Response {
    if let Err(failure) = visitor.end_session().await {
        return visitor.problem(&failure);
    }
    let mut response = redirect::see_other("/sign-in?notice=signed-out");
    let headers = response.headers_mut();
    headers.insert(
        CLEAR_SITE_DATA,
        HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""),
    );
    for name in [cookies::SESSION, cookies::FORM] {
        if let Some(cookie) = cookies::clear(name) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}
