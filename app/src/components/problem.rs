//! What stands where a list would be: an error with its next step, a missing permission, nothing yet.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_url;
use rolecall_shared::{ApiError, ErrorCode};

use super::icon::{Glyph, icon};
use crate::paths;

/// The state of a part of a page that could not be loaded.
pub fn problem(error: &ApiError) -> AnyView {
    let url = use_url();
    let here = url.with_untracked(|url| {
        if url.search().is_empty() {
            url.path().to_owned()
        } else {
            format!("{}?{}", url.path(), url.search())
        }
    });
    match error.code {
        ErrorCode::NotSignedIn => view! {
            <div class="rc-empty">
                {icon(Glyph::LogOut)}
                <h2>"Your session has ended"</h2>
                <p>"Sign in again to go on where you were."</p>
                <a class="btn" rel="external" href=paths::sign_in(&here)>"Sign in"</a>
            </div>
        }
        .into_any(),
        ErrorCode::NotFound => not_found(error.message.clone()),
        ErrorCode::NotAllowed => not_allowed(error),
        ErrorCode::ViewAsReadOnly | ErrorCode::ViewAsEnded => viewing(error, here),
        ErrorCode::Invalid => {
            let start = url.with_untracked(|url| url.path().to_owned());
            broken(
                "This address does not work",
                error,
                start,
                "Go to the start of the list",
            )
        }
        _ => broken("This could not be loaded", error, here, "Try again"),
    }
}

fn broken(title: &'static str, error: &ApiError, href: String, step: &'static str) -> AnyView {
    let id = error
        .request_id
        .clone()
        .filter(|_| error.code.status() >= 500);
    view! {
        <div class="rc-empty" data-kind="problem" role="alert">
            {icon(Glyph::Triangle)}
            <h2>{title}</h2>
            <p>{error.message.clone()}</p>
            {id.map(|id| view! { <p class="rc-id">"Request "{id}</p> })}
            <a class="btn" data-variant="outline" rel="external" href=href>{step}</a>
        </div>
    }
    .into_any()
}

fn not_allowed(error: &ApiError) -> AnyView {
    let permission = error
        .permission
        .clone()
        .filter(|name| !error.message.contains(name));
    view! {
        <div class="rc-empty">
            {icon(Glyph::Shield)}
            <h2>"You may not see this"</h2>
            <p>{error.message.clone()}</p>
            {permission.map(|name| view! { <p>"The permission is "<code class="rc-id">{name}</code>"."</p> })}
        </div>
    }
    .into_any()
}

/// What is not shown to somebody who views as a member, or not any more: a page that is loaded after
/// the end is their own again.
fn viewing(error: &ApiError, here: String) -> AnyView {
    let over = error.code == ErrorCode::ViewAsEnded;
    let (title, step) = if over {
        ("The view is over", Some("Go on as yourself"))
    } else {
        ("Not shown while you view as somebody", None)
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Eye)}
            <h2>{title}</h2>
            <p>{error.message.clone()}</p>
            {step.map(|step| view! {
                <a class="btn" data-variant="outline" rel="external" href=here>{step}</a>
            })}
        </div>
    }
    .into_any()
}

/// The page or the workspace does not exist, or not for the one who asks.
pub fn not_found(message: String) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::context::set_status(404);
    view! {
        <Title text="Not found"/>
        <div class="rc-empty">
            {icon(Glyph::Help)}
            <h1>"Not found"</h1>
            <p>{message}</p>
            <a class="btn" data-variant="outline" href=paths::HOME>"Go to your workspaces"</a>
        </div>
    }
    .into_any()
}

/// An error beside the thing that was tried.
pub fn alert(error: &ApiError) -> AnyView {
    let id = error
        .request_id
        .clone()
        .map(|id| view! { <span class="rc-id">"Request "{id}</span> });
    let fields = error
        .fields
        .iter()
        .filter(|field| field.message != error.message)
        .map(|field| view! { <p>{field.message.clone()}</p> })
        .collect_view();
    view! {
        <div class="alert" data-variant="destructive" role="alert">
            {icon(Glyph::Triangle)}
            <strong>{error.message.clone()}</strong>
            <div>{fields}{id}</div>
        </div>
    }
    .into_any()
}
