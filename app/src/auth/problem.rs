//! Anything else that went wrong: what, what next, and the id under which the log has it.

use leptos::prelude::*;

use super::chrome::{Document, button_link, state_icon};

pub(super) fn page(
    status: u16,
    title: &str,
    message: &str,
    request_id: &str,
    action: Option<&(String, String)>,
) -> Document {
    let icon = match status {
        403 => state_icon("lock", "neutral"),
        404 => state_icon("search-x", "neutral"),
        429 | 503 => state_icon("timer", "warning"),
        400..=499 => state_icon("circle-alert", "warning"),
        _ => state_icon("circle-alert", "danger"),
    };
    let card = view! {
        <div class="rc-auth-head">
            {icon}
            <h1>{title.to_owned()}</h1>
            <p>{message.to_owned()}</p>
        </div>
        <div class="rc-auth-body">
            {action.map(|(href, label)| button_link(href, label))}
            <p class="rc-id">{format!("Error {status}. Request {request_id}")}</p>
        </div>
    };
    Document::new(title, card)
}
