//! What stands around each document: head, brand, card; and the small parts that all of them use.

use leptos::prelude::*;

use super::Chrome;

/// A document before it is written out.
pub(super) struct Document {
    /// Names the page and its state; the product's name is added.
    pub title: String,
    /// Whether the card is the wide one.
    pub wide: bool,
    /// The parts of the card.
    pub card: AnyView,
    /// A line under the card.
    pub foot: Option<AnyView>,
}

impl Document {
    /// A narrow card with nothing under it.
    pub fn new(title: impl Into<String>, card: impl IntoAny) -> Self {
        Self {
            title: title.into(),
            wide: false,
            card: card.into_any(),
            foot: None,
        }
    }

    /// The same with a line under the card.
    pub fn foot(self, foot: impl IntoAny) -> Self {
        Self {
            foot: Some(foot.into_any()),
            ..self
        }
    }

    /// The same with the state in front of the title, for people who hear it first.
    pub fn failed(self, failed: bool) -> Self {
        if failed {
            Self {
                title: format!("Error: {}", self.title),
                ..self
            }
        } else {
            self
        }
    }
}

/// Writes a document out.
pub(super) fn html(document: Document, chrome: &Chrome) -> String {
    let Document {
        title,
        wide,
        card,
        foot,
    } = document;
    let view = view! {
        <html lang="en" class=chrome.theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{format!("{title} · Rolecall")}</title>
                <meta name="robots" content="noindex" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link
                    rel="preload"
                    href="/fonts/inter.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="stylesheet" href=chrome.css_href.clone() />
            </head>
            <body class="rc-auth">
                <header class="rc-auth-top">
                    <img src="/favicon.svg" alt="" width="24" height="24" />
                    "Rolecall"
                </header>
                <main class="rc-auth-main">
                    <div class="rc-auth-card" data-size=wide.then_some("lg")>
                        {card}
                    </div>
                    {foot.map(|foot| view! { <p class="rc-auth-foot">{foot}</p> })}
                </main>
            </body>
        </html>
    };
    // Without hydration the marks between texts mean nothing. Text of people never holds one:
    // its `<` is written as `&lt;`.
    let html = view.into_view().to_html().replace("<!>", "");
    format!("<!DOCTYPE html>{html}")
}

/// An icon of the sprite; the words beside it say the same.
pub(super) fn icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="rc-icon" aria-hidden="true">
            <use href=format!("/icons.svg#{name}") />
        </svg>
    }
}

/// The icon above a heading, in the colour of its state.
pub(super) fn state_icon(name: &'static str, tone: &'static str) -> impl IntoView {
    view! {
        <svg class="rc-icon" data-size="lg" data-tone=tone aria-hidden="true">
            <use href=format!("/icons.svg#{name}") />
        </svg>
    }
}

/// Text that people chose, kept from turning the direction of the sentence around it.
pub(super) fn said(text: &str) -> impl IntoView + use<> {
    view! { <bdi>{text.to_owned()}</bdi> }
}

/// The same in strong type.
pub(super) fn strong(text: &str) -> impl IntoView + use<> {
    view! { <strong><bdi>{text.to_owned()}</bdi></strong> }
}

/// A link that looks like the primary button.
pub(super) fn button_link(href: &str, label: &str) -> impl IntoView + use<> {
    view! {
        <a class="btn" href=href.to_owned()>
            {label.to_owned()}
        </a>
    }
}
