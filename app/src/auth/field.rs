//! Forms without script: fields with their help and error, hidden values, the button.

use leptos::{either::Either, prelude::*};
use rolecall_shared::{account::PASSWORD_MIN, error::ApiError};

use super::{Chrome, chrome::icon};

/// One line of input. The `id` is the name, with the form's prefix where a page has two forms.
pub(super) struct Field<'a> {
    pub form: &'static str,
    pub name: &'static str,
    pub label: &'static str,
    pub kind: &'static str,
    pub autocomplete: &'static str,
    pub value: &'a str,
    pub help: Option<&'static str>,
    /// Whether only digits are typed, so that a phone shows them.
    pub digits: bool,
    pub error: Option<&'a ApiError>,
    /// Whether this field takes the focus when no other one is wrong.
    pub focus: bool,
}

impl Default for Field<'_> {
    fn default() -> Self {
        Self {
            form: "form",
            name: "",
            label: "",
            kind: "text",
            autocomplete: "off",
            value: "",
            help: None,
            digits: false,
            error: None,
            focus: false,
        }
    }
}

impl Field<'_> {
    /// The first wrong field of the page takes the focus; there is only one with it.
    fn takes_focus(&self) -> bool {
        self.error.map_or(self.focus, |e| {
            e.fields
                .first()
                .is_some_and(|first| first.field == self.name)
        })
    }

    pub fn view(self) -> impl IntoView + use<> {
        let focus = self.takes_focus();
        let Self {
            form,
            name,
            label,
            kind,
            autocomplete,
            value,
            help,
            digits,
            error,
            ..
        } = self;
        let id = format!("{form}-{name}");
        let error = error.and_then(|e| e.for_field(name)).map(str::to_owned);
        let described = described_by(&id, help.is_some(), error.is_some());
        let new_password = autocomplete == "new-password";
        // What a machine would put right in prose is wrong in addresses, codes and passwords.
        let exact = kind != "text" || autocomplete == "one-time-code";
        view! {
            <div class="field">
                <label r#for=id.clone()>{label}</label>
                <input
                    class="input"
                    id=id.clone()
                    name=name
                    r#type=kind
                    value=(kind != "password").then(|| value.to_owned())
                    autocomplete=autocomplete
                    required=true
                    minlength=new_password.then(|| PASSWORD_MIN.to_string())
                    inputmode=digits.then_some("numeric")
                    autocapitalize=exact.then_some("none")
                    spellcheck=exact.then_some("false")
                    autofocus=focus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=described
                />
                {error.map(|text| error_text(&id, &text))}
                {help.map(|text| view! { <p class="rc-help" id=format!("{id}-help")>{text}</p> })}
            </div>
        }
    }
}

/// A new password, with help to find one.
pub(super) fn new_password(form: &'static str, error: Option<&ApiError>) -> impl IntoView + use<> {
    let field = Field {
        form,
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "new-password",
        help: Some("At least 15 characters. Four or five random words work well."),
        error,
        ..Field::default()
    };
    view! {
        <div class="rc-auth-password">
            {field.view()}
            <details class="rc-details">
                <summary>"How to make a good one"</summary>
                <ul>
                    <li>"Open a book on five pages and take one word from each."</li>
                    <li>"Spaces, letters of any language and signs are welcome, and none is demanded."</li>
                    <li>"Leave out names, the name of this product and anything you use elsewhere."</li>
                    <li>"What a password manager suggests is just as good."</li>
                </ul>
            </details>
        </div>
    }
}

/// The address an account belongs to. It is shown, not sent: the invitation decides it. Password
/// managers need it beside the password.
pub(super) fn fixed_email(form: &'static str, email: &str) -> impl IntoView + use<> {
    let id = format!("{form}-email");
    view! {
        <div class="field">
            <label r#for=id.clone()>"E-mail"</label>
            <input
                class="input"
                id=id
                r#type="email"
                value=email.to_owned()
                autocomplete="username"
                readonly=true
            />
        </div>
    }
}

/// What `aria-describedby` names, in the order of reading: the error first.
pub(super) fn described_by(id: &str, help: bool, error: bool) -> Option<String> {
    match (error, help) {
        (true, true) => Some(format!("{id}-error {id}-help")),
        (true, false) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-help")),
        (false, false) => None,
    }
}

/// The sentence beside a wrong field.
pub(super) fn error_text(id: &str, text: &str) -> impl IntoView + use<> {
    view! {
        <p class="rc-error" id=format!("{id}-error")>
            {icon("circle-alert")} <span>{text.to_owned()}</span>
        </p>
    }
}

/// A form with its hidden values; the token against forged requests is always one of them.
pub(super) fn form(
    action: &'static str,
    chrome: &Chrome,
    hidden: &[(&'static str, &str)],
    body: AnyView,
) -> impl IntoView + use<> {
    let hidden: Vec<_> = [("csrf", chrome.csrf.as_str())]
        .iter()
        .chain(hidden)
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    view! {
        <form class="rc-form" method="post" action=action>
            {hidden
                .into_iter()
                .map(|(name, value)| view! { <input r#type="hidden" name=name value=value /> })
                .collect_view()}
            {body}
        </form>
    }
}

/// The primary button of a form.
pub(super) fn submit(label: String) -> impl IntoView {
    view! {
        <button class="btn" r#type="submit" data-wide="true">
            {label}
        </button>
    }
}

/// What went wrong beyond the fields that this form shows. Nothing when each error has its field.
pub(super) fn problem(error: Option<&ApiError>, shown: &[&str]) -> impl IntoView + use<> {
    let text: Option<String> = error.and_then(|error| {
        let lost = error
            .fields
            .iter()
            .find(|e| !shown.contains(&e.field.as_str()));
        match lost {
            Some(field) => Some(field.message.clone()),
            None if error.fields.is_empty() => Some(error.message.clone()),
            None => None,
        }
    });
    let request = error
        .and_then(|e| e.request_id.clone())
        .filter(|_| error.is_some_and(|e| e.code.status() >= 500));
    text.map(|text| {
        view! {
            <div class="alert" data-variant="destructive" role="alert">
                {icon("circle-alert")}
                <p>{text}</p>
                {request.map(|id| view! { <p class="rc-id">{format!("Request {id}")}</p> })}
            </div>
        }
    })
}

/// Something to know before going on, said politely.
pub(super) fn notice(text: Option<&str>) -> impl IntoView + use<> {
    match text.filter(|t| !t.is_empty()) {
        Some(text) => Either::Left(view! {
            <div class="alert" role="status">
                {icon("info")} <p>{text.to_owned()}</p>
            </div>
        }),
        None => Either::Right(()),
    }
}
