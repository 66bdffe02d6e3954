//! The kept answer of an order: sealed, because without a mail server it holds the links.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use rolecall_shared::invitation::AddressVerdict;

use crate::{Rolecall, store::StoreError};

/// The answer as the database keeps it, bound to the order it belongs to.
pub(super) fn seal(app: &Rolecall, order: &[u8; 32], verdicts: &[AddressVerdict]) -> String {
    let plain = serde_json::to_vec(verdicts).unwrap_or_default();
    STANDARD_NO_PAD.encode(app.keys().seal(app.random(), order, &plain))
}

/// Reads [`seal`] back.
pub(super) fn open(
    app: &Rolecall,
    order: &[u8; 32],
    kept: &str,
) -> Result<Vec<AddressVerdict>, StoreError> {
    let corrupt = StoreError::Corrupt("a kept answer");
    let Ok(sealed) = STANDARD_NO_PAD.decode(kept) else {
        return Err(corrupt);
    };
    let Ok(plain) = app.keys().open(order, &sealed) else {
        return Err(corrupt);
    };
    serde_json::from_slice(&plain).map_err(|_| corrupt)
}
