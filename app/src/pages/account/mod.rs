//! One's own account: name, address, password, sessions, mails. It stands beside the workspaces, so it is
//! there also for somebody who is in none.

mod email;
mod name;
mod notifications;
mod password;
mod sessions;

use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use rolecall_shared::account::AccountPage as Account;

use super::projects::form::Sending;
use crate::{
    api::account::load_account,
    components::{
        confirm::Confirm,
        icon::{Glyph, icon},
        loaded,
        problem::problem,
        toast::Toasts,
        unsaved::Unsaved,
    },
    here::Here,
};

/// What the sections share. What is typed lives here, outside of what is fetched again.
#[derive(Clone, Copy)]
struct Forms {
    here: StoredValue<Here>,
    confirm: Confirm,
    toasts: Toasts,
    /// Goes up with every change that is made here.
    version: RwSignal<u32>,
    name: name::NameForm,
    email: email::EmailForm,
    password: password::PasswordForm,
}

impl Forms {
    fn new() -> Self {
        Self {
            here: StoredValue::new(Here::of_page()),
            confirm: Confirm::of_page(),
            toasts: Toasts::of_page(),
            version: RwSignal::new(0),
            name: name::NameForm::new(),
            email: email::EmailForm::new(),
            password: password::PasswordForm::new(),
        }
    }

    /// Asks for the account again. The page may be gone by then.
    fn changed(self) {
        let _ = self.version.try_update(|version| *version += 1);
    }

    /// Asks for what the frame shows of the person again.
    fn renamed(self) {
        let _ = self
            .here
            .try_with_value(|here| here.live.settings_changed());
    }

    fn dirty(self) -> bool {
        self.name.dirty() || self.email.dirty() || self.password.dirty()
    }
}

/// The page.
pub struct AccountPage;

#[lazy_route]
impl LazyRoute for AccountPage {
    /// Nothing: it runs outside of the frame.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let AccountPage = this;
        let forms = Forms::new();
        let version = forms.version;
        let account = Resource::new(move || version.get(), |_| load_account());
        view! {
            <Title text="Your account"/>
            <div class="rc-head">
                <div>
                    <h1>"Your account"</h1>
                    <p>"Who you are in all your workspaces, how you sign in, and where you are signed in."</p>
                </div>
            </div>
            {loaded::loaded(skeleton, None, move || async move {
                    match account.await {
                        Ok(account) => sections(forms, account),
                        Err(failure) => problem(&failure.0),
                    }
                })}
            <Unsaved dirty=Signal::derive(move || forms.dirty())/>
        }
        .into_any()
    }
}

fn sections(forms: Forms, account: Account) -> AnyView {
    view! {
        {name::section(forms, &account)}
        {email::section(forms, &account)}
        {password::section(forms, &account)}
        {sessions::section(forms, account.sessions)}
        {notifications::section(forms, account.notifications, account.mail)}
    }
    .into_any()
}

fn skeleton() -> AnyView {
    let line = || {
        view! {
            <div class="rc-section" aria-hidden="true">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        }
    };
    view! { {line()} {line()} {line()} {line()} {line()} }.into_any()
}

/// A form that is sent by its button and by Enter.
fn form(send: impl Fn() + Copy + 'static, body: AnyView) -> AnyView {
    view! {
        <form
            class="rc-account-form"
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                send();
            }
        >
            {body}
        </form>
    }
    .into_any()
}

/// What one field is.
struct Field {
    /// Unique on the page.
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    help: &'static str,
    /// What stands in it before anybody types.
    start: String,
    value: Signal<String>,
    typed: Callback<String>,
    wrong: Signal<Option<String>>,
}

impl Field {
    fn view(self) -> AnyView {
        let Self {
            id,
            label,
            kind,
            autocomplete,
            help,
            start,
            value,
            typed,
            wrong,
        } = self;
        let described = format!("{id}-error {id}-help");
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input
                    id=id class="input" type=kind autocomplete=autocomplete
                    aria-describedby=described
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    value=(kind != "password").then_some(start)
                    prop:value=move || value.get()
                    on:input=move |event: ev::Event| typed.run(event_target_value(&event))
                />
                {move || wrong.get().map(|message| view! {
                    <p class="rc-error" id=format!("{id}-error")>{icon(Glyph::Triangle)}{message}</p>
                })}
                {(!help.is_empty()).then(|| view! { <p class="rc-help" id=format!("{id}-help")>{help}</p> })}
            </div>
        }
        .into_any()
    }
}

/// A field whose text is a signal.
fn plain(value: RwSignal<String>, wrong: Signal<Option<String>>) -> Field {
    Field {
        id: "",
        label: "",
        kind: "text",
        autocomplete: "off",
        help: "",
        start: String::new(),
        value: value.into(),
        typed: Callback::new(move |text| value.set(text)),
        wrong,
    }
}
