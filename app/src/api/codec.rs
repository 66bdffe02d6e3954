//! JSON for server functions, read as text.
//!
//! Leptos reads the data in a rendered page as text and answers of server functions as bytes, and
//! each way of reading is compiled for each type. One way for both keeps the second out of the browser.

use std::str::Utf8Error;

use leptos::{
    serde_json,
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{Serialize, de::DeserializeOwned};

/// JSON in the body of a POST request, and in its answer.
pub type Json = Post<JsonText>;

/// The encoding of [`Json`].
pub struct JsonText;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = String;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let text = std::str::from_utf8(&bytes).map_err(|error: Utf8Error| error.to_string())?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}
