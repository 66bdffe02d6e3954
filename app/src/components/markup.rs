//! Parts of a page that never change and hold nothing to press, written as text.
//!
//! A view of such a part costs the server ten times as much, and a list shows fifty of each.

use leptos::{prelude::*, tachys::html::InertElement};

/// HTML in the making. Only our own literals get into it as they are; every other text is escaped.
pub struct Markup(String);

impl Default for Markup {
    fn default() -> Self {
        Self(String::with_capacity(512))
    }
}

impl Markup {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, with room for a long text.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Adds a literal of ours: tags.
    #[must_use]
    pub fn tags(mut self, literal: &'static str) -> Self {
        self.0.push_str(literal);
        self
    }

    /// Adds any text, as content or as the quoted value of an attribute.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, special) = rest.split_at(at);
            self.0.push_str(plain);
            self.0.push_str(match special.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            });
            rest = &special[1..];
        }
        self.0.push_str(rest);
        self
    }

    /// For `inner_html`.
    pub fn into_html(self) -> String {
        self.0
    }

    /// As a view, of exactly one element. The browser keeps each different text for ever: not for
    /// the parts of rows.
    pub fn into_view(self) -> AnyView {
        InertElement::new(self.0).into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_can_not_become_a_tag_or_end_an_attribute() {
        let html = Markup::new()
            .tags("<b title=\"")
            .text("a\" onclick='x'")
            .tags("\">")
            .text("<script>&é")
            .tags("</b>")
            .into_html();
        assert_eq!(
            html,
            "<b title=\"a&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;é</b>"
        );
    }
}
