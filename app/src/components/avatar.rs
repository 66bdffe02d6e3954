//! Initials on a neutral tone; the same person always looks the same.

use leptos::prelude::*;

use super::markup::Markup;

/// The initials of a name: first and last word.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

/// One of six tones, from the text alone (FNV-1a).
fn tone(seed: &str) -> String {
    let hash = seed.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash % 6).to_string()
}

/// A person's avatar; the name stands beside it.
pub fn avatar(name: &str, seed: &str) -> AnyView {
    written(Markup::new(), name, seed).into_view()
}

/// The same among other text.
pub fn written(into: Markup, name: &str, seed: &str) -> Markup {
    into.tags(r#"<span class="rc-avatar" data-tone=""#)
        .text(&tone(seed))
        .tags(r#"" aria-hidden="true">"#)
        .text(&initials(name))
        .tags("</span>")
}

/// A workspace's mark; its name stands beside it.
pub fn mark(name: &str) -> AnyView {
    let first: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    view! {
        <span class="rc-avatar" data-kind="workspace" data-tone=tone(name) aria-hidden="true">
            {first}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana Maria Ruiz"), "AR");
        assert_eq!(initials("ben"), "B");
        assert_eq!(initials(""), "");
        assert_eq!(tone("ana@example.org"), tone("ana@example.org"));
    }
}
