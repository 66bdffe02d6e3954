//! Taking the list out. Without script the form sends the browser to the file; with it the page reads
//! the file itself, says how much has come, and hands it over when it is whole.

use leptos::{ev, prelude::*, serde_json, task::spawn_local};
use rolecall_shared::{
    ApiError, ErrorCode,
    audit::{AuditQuery, ExportFormat},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, HtmlAnchorElement, ReadableStreamDefaultReader, RequestInit, Response,
    Url,
};

use crate::{
    components::{
        confirm::Confirm,
        icon::{Glyph, icon},
        loaded::loaded,
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
    paths,
    query::audit_pairs,
};

/// What is said when the reason is not known.
const BROKEN: &str = "The export did not arrive whole, so nothing was saved. Try again.";

/// What is said when there was no answer.
const UNREACHABLE: &str = "Rolecall can not be reached. Check the connection, then try again.";

/// The form with its two buttons. Only the question is sent, not the page.
#[component]
pub fn ExportForm(
    query: Memo<AuditQuery>,
    /// Why nothing can be taken out.
    blocked: Option<String>,
) -> impl IntoView {
    let blocked = StoredValue::new(blocked);
    let Here { slug, shell, .. } = Here::of_page();
    let (toasts, confirm) = (Toasts::of_page(), Confirm::of_page());
    let progress = RwSignal::new(None::<String>);
    let send = move |event: ev::MouseEvent, format: ExportFormat| {
        event.prevent_default();
        if progress.with_untracked(Option::is_some) || blocked.with_value(Option::is_some) {
            return;
        }
        progress.set(Some("Exporting…".to_owned()));
        let (slug, asked) = (slug.get_untracked(), query.get_untracked());
        spawn_local(async move {
            let token = shell.await.map(|shell| shell.form_token);
            let order = async || fetch(&slug, token.as_ref(), &asked, format, progress).await;
            match confirm.run(order).await {
                Ok(size) => toasts.done(format!("Exported {}.", size_in_words(size))),
                Err(failure) => toasts.failed(&failure),
            }
            let _ = progress.try_set(None);
        });
    };
    let button = move |format: ExportFormat, words: &'static str| {
        view! {
            <button
                class="btn" data-variant="outline" name="format" value=format.name()
                aria-disabled=move || {
                    let off = progress.with(Option::is_some) || blocked.with_value(Option::is_some);
                    off.then_some("true")
                }
                title=blocked.get_value()
                on:click=move |event| send(event, format)
            >
                {icon(Glyph::Download)}
                {words}
                {blocked.get_value().map(|why| view! { <span class="sr-only">{format!(". {why}")}</span> })}
            </button>
        }
    };
    let fields = move || {
        let pairs = query.with(|query| audit_pairs(&query.from_start()));
        pairs
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    view! {
        <form class="rc-actions" method="post" action=move || slug.with(|slug| paths::audit_export(slug))>
            {loaded(|| ().into_any(), None, move || async move {
                let token = shell.await.map(|shell| shell.form_token).unwrap_or_default();
                view! { <input type="hidden" name="csrf" value=token/> }.into_any()
            })}
            {fields}
            <span role="status" class="rc-audit-progress">{move || progress.get()}</span>
            {button(ExportFormat::Csv, "Export CSV")}
            {button(ExportFormat::Json, "Export JSON")}
        </form>
    }
    .into_any()
}

/// Reads the file piece by piece and hands it to the browser; gives its size.
async fn fetch(
    slug: &str,
    token: Result<&String, &ApiFailure>,
    query: &AuditQuery,
    format: ExportFormat,
    progress: RwSignal<Option<String>>,
) -> Result<f64, ApiFailure> {
    let token = token.map_err(Clone::clone)?;
    let response = ask(slug, token, query, format)
        .await
        .map_err(|_| failed(UNREACHABLE))?;
    if !response.ok() {
        return Err(refused(&response).await);
    }
    let broken = |_: JsValue| failed(BROKEN);
    let stream = response.body().ok_or_else(|| failed(BROKEN))?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let parts = js_sys::Array::new();
    let mut size = 0.0;
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broken)?;
        let value = js_sys::Reflect::get(&piece, &JsValue::from_str("value")).map_err(broken)?;
        if value.is_undefined() {
            break;
        }
        size += f64::from(js_sys::Uint8Array::new(&value).length());
        parts.push(&value);
        let _ = progress.try_set(Some(format!("{} so far", size_in_words(size))));
    }
    let kind = BlobPropertyBag::new();
    kind.set_type(match format {
        ExportFormat::Csv => "text/csv",
        ExportFormat::Json => "application/json",
    });
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).map_err(broken)?;
    save(&blob, &format!("audit-{slug}.{}", format.name())).map_err(broken)?;
    Ok(size)
}

async fn ask(
    slug: &str,
    token: &str,
    query: &AuditQuery,
    format: ExportFormat,
) -> Result<Response, JsValue> {
    let mut body = format!("csrf={}&format={}", paths::escape(token), format.name());
    for (name, value) in audit_pairs(&query.from_start()) {
        body.push('&');
        body.push_str(name);
        body.push('=');
        body.push_str(&paths::escape(&value));
    }
    let headers = js_sys::Object::new();
    for (name, value) in [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
    ] {
        js_sys::Reflect::set(
            &headers,
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        )?;
    }
    let order = RequestInit::new();
    order.set_method("POST");
    order.set_headers(&headers);
    order.set_body(&JsValue::from_str(&body));
    let asked = window().fetch_with_str_and_init(&paths::audit_export(slug), &order);
    JsFuture::from(asked).await?.dyn_into()
}

/// What the server says about a refused export.
async fn refused(response: &Response) -> ApiFailure {
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok(),
        Err(_) => None,
    };
    let text = text.and_then(|text| text.as_string()).unwrap_or_default();
    serde_json::from_str(&text).map_or_else(|_| failed(BROKEN), ApiFailure)
}

fn failed(message: &str) -> ApiFailure {
    ApiFailure(ApiError::new(ErrorCode::Unavailable, message))
}

fn save(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}

fn size_in_words(bytes: f64) -> String {
    if bytes < 1_000_000.0 {
        format!("{:.0} kB", (bytes / 1_000.0).max(1.0))
    } else {
        format!("{:.1} MB", bytes / 1_000_000.0)
    }
}
