//! Content security policies, one per kind of answer (rule 55).

use axum::http::HeaderValue;

/// What all documents share: nothing from elsewhere, no frames, no plug-ins, forms only to us.
const DOCUMENT: &str = "img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'; \
                        frame-ancestors 'none'; form-action 'self'";

/// For the console: only scripts that carry this answer's nonce, and what those load.
pub fn console(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; connect-src 'self'; manifest-src 'self'; {DOCUMENT}"
    ))
    .ok()
}

/// For the documents without scripts: sign-in, set-up, invitations, errors.
pub fn document() -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'none'; style-src 'self'; {DOCUMENT}"
    ))
    .ok()
}

/// For everything that is no document: should a browser show it as one, nothing in it may run.
pub const fn other() -> HeaderValue {
    HeaderValue::from_static(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
}
