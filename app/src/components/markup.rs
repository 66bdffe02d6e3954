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

    /// Adds a literal of ours: tags.
    #[must_use]
    pub fn tags(mut self, literal: &'static str) -> Self {
        self.0.push_str(literal);
        self
    }

    /// Adds any text, as content or as the quoted value of an attribute.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
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
