//! The signed-in person: who they are, how the console looks, and the way out.

use leptos::prelude::*;

use crate::{
    browser,
    components::{
        avatar::avatar,
        icon::{Glyph, icon},
        menu::MenuPanel,
    },
    pages::life::Life,
    paths,
};

const MENU: &str = "account";

/// Themes as the cookie and the document's class name them; empty follows the system.
const THEMES: [(&str, &str, Glyph); 3] = [
    ("", "Like the system", Glyph::Monitor),
    ("light", "Light", Glyph::Sun),
    ("dark", "Dark", Glyph::Moon),
];

/// The button at the foot of the navigation, and its menu.
#[component]
pub fn AccountMenu(
    name: String,
    email: String,
    form_token: String,
    /// The name of the workspace at hand.
    workspace: Option<String>,
) -> impl IntoView {
    let theme = RwSignal::new("");
    Effect::new(move |_| {
        let class = document()
            .document_element()
            .map(|root| root.class_name())
            .unwrap_or_default();
        let chosen = THEMES
            .iter()
            .find(|(name, ..)| *name == class)
            .map_or("", |(name, ..)| name);
        theme.set(chosen);
    });
    let choose = move |name: &'static str| {
        browser::set_cookie("theme", name);
        if let Some(root) = document().document_element() {
            root.set_class_name(name);
        }
        theme.set(name);
    };
    let themes = THEMES.map(|(name, title, glyph)| {
        view! {
            <button
                type="button"
                role="menuitemradio"
                tabindex="-1"
                aria-checked=move || if theme.get() == name { "true" } else { "false" }
                on:click=move |_| choose(name)
            >
                {icon(glyph)}
                <span class="grow">{title}</span>
                {move || (theme.get() == name).then(|| icon(Glyph::Check))}
            </button>
        }
    });
    view! {
        <button type="button" class="rc-nav-switch" aria-haspopup="menu" popovertarget=MENU>
            {avatar(&name, &email)}
            <span class="rc-person-text">
                <span class="rc-person-name">{name.clone()}</span>
                <span class="rc-person-mail">{email}</span>
            </span>
            {icon(Glyph::ChevronsUpDown)}
        </button>
        <MenuPanel id=MENU.to_owned() label=format!("Account of {name}") side="top">
            <div role="group" aria-label="Theme">
                <div class="rc-menu-head" aria-hidden="true">"Theme"</div>
                {themes}
            </div>
            <hr/>
            <a role="menuitem" tabindex="-1" href=paths::ACCOUNT>
                {icon(Glyph::User)}
                "Your account"
            </a>
            {workspace.map(leave)}
            <form method="post" action=paths::SIGN_OUT role="none">
                <input type="hidden" name="csrf" value=form_token/>
                <button type="submit" role="menuitem" tabindex="-1">
                    {icon(Glyph::LogOut)}
                    "Sign out"
                </button>
            </form>
        </MenuPanel>
    }
    .into_any()
}

/// The way out of the workspace, not of the session.
fn leave(workspace: String) -> AnyView {
    let life = Life::of_page();
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            popovertarget=MENU
            popovertargetaction="hide"
            on:click=move |_| life.ask_to_leave()
        >
            {icon(Glyph::UserX)}
            {format!("Leave {workspace}")}
        </button>
    }
    .into_any()
}
