//! The page that tells people about the interface for programs, from what its document says.
//!
//! A pure function from the document to HTML, without any script, like the documents of [`crate::auth`].

mod operation;
#[cfg(test)]
mod tests;

use leptos::prelude::*;

/// All that the page tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// What the interface is called.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What holds for all operations, in paragraphs.
    pub intro: Vec<String>,
    /// The operations by what they are about.
    pub sections: Vec<Section>,
}

/// Operations about one kind of thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// What they are about; also their part of the address, after [`anchor`].
    pub name: String,
    /// A sentence about them.
    pub description: String,
    /// In the order of the document.
    pub operations: Vec<Operation>,
}

/// One method at one path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The name that client libraries give it; also its anchor.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With names of parameters in braces.
    pub path: String,
    /// One line.
    pub summary: String,
    /// More, in paragraphs; may be empty.
    pub description: Vec<String>,
    /// The permission that it needs; `None`: a token is enough, or nothing.
    pub permission: Option<String>,
    /// What stands in the path, the query and the headers.
    pub parameters: Vec<Field>,
    /// What stands in the body; empty: it has none.
    pub body: Vec<Field>,
    /// How it can be answered, by status.
    pub answers: Vec<Answer>,
    /// A command that asks it.
    pub example: String,
}

/// Something with a name and a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name; of a field in a field, with the names above it and dots.
    pub name: String,
    /// Where it stands, for parameters: `path`, `query` or `header`.
    pub place: String,
    /// Its type in words.
    pub kind: String,
    /// Whether it has to be there.
    pub required: bool,
    /// What it is.
    pub description: String,
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: String,
    /// When it is given.
    pub description: String,
    /// Headers that come with it.
    pub headers: Vec<String>,
    /// What stands in its body; empty: it has none, or one that is told elsewhere.
    pub fields: Vec<Field>,
    /// What it can look like.
    pub example: Option<String>,
}

/// What the page needs from the server.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// Address of the style sheet; its name holds a hash.
    pub css_href: String,
    /// The class of the document, from [`crate::context::theme_of`].
    pub theme: &'static str,
    /// Address of the document that the page is made from.
    pub document_href: &'static str,
}

/// A name as a part of an address.
pub fn anchor(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = parts
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

/// Writes the page out.
pub fn render(reference: &Reference, chrome: &Chrome) -> String {
    let view = view! {
        <html lang="en" class=chrome.theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{format!("{} · Rolecall", reference.title)}</title>
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=chrome.css_href.clone() />
            </head>
            <body class="rc-reference">
                <a class="rc-skip" href="#operations">"Skip to the operations"</a>
                <header class="rc-auth-top">
                    <img src="/favicon.svg" alt="" width="24" height="24" />
                    <a href="/">"Rolecall"</a>
                </header>
                <nav class="rc-reference-nav" aria-label="Operations">
                    {reference.sections.iter().map(contents).collect_view()}
                </nav>
                <main class="rc-reference-main" id="operations">
                    {intro(reference, chrome)}
                    {reference.sections.iter().map(section).collect_view()}
                </main>
            </body>
        </html>
    };
    // Without hydration the marks between texts mean nothing, as in the documents without scripts.
    let html = view.into_view().to_html().replace("<!>", "");
    format!("<!DOCTYPE html>{html}")
}

fn contents(section: &Section) -> AnyView {
    let operations = section.operations.iter().map(|operation| {
        view! {
            <li>
                <a href=format!("#{}", operation.id)>
                    {operation::method(&operation.method)}
                    <span>{operation.summary.clone()}</span>
                </a>
            </li>
        }
    });
    view! {
        <a class="rc-reference-name" href=format!("#{}", anchor(&section.name))>
            {section.name.clone()}
        </a>
        <ul>{operations.collect_view()}</ul>
    }
    .into_any()
}

fn intro(reference: &Reference, chrome: &Chrome) -> AnyView {
    let paragraphs = reference
        .intro
        .iter()
        .map(|text| view! { <p>{operation::with_code(text)}</p> })
        .collect_view();
    view! {
        <section class="rc-section">
            <h1>{reference.title.clone()}</h1>
            {paragraphs}
            <p>
                "Version "{reference.version.clone()}". For tools: "
                <a class="rc-link" href=chrome.document_href>"the same as OpenAPI 3.1"</a>"."
            </p>
        </section>
    }
    .into_any()
}

fn section(section: &Section) -> AnyView {
    let id = anchor(&section.name);
    let description = (!section.description.is_empty())
        .then(|| view! { <p>{operation::with_code(&section.description)}</p> });
    view! {
        <section class="rc-reference-section" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{section.name.clone()}</h2>
            {description}
            {section.operations.iter().map(operation::operation).collect_view()}
        </section>
    }
    .into_any()
}
