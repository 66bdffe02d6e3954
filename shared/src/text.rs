//! Limits and checks of the short texts people type: names, notes, reasons.

/// Longest name of a person, workspace, role or group, in characters.
pub const NAME_MAX: usize = 80;
/// Longest personal note in an invitation, in characters (rule 26).
pub const NOTE_MAX: usize = 500;

/// White space folded to single blanks, ends trimmed, control and direction-changing characters removed.
///
/// Direction overrides would let a name rewrite the sentence around it (rule 67).
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = out.len();
        out.extend(word.chars().filter(|c| !is_unsafe(*c)));
        // A blank only between words of which something is left.
        if before > 0 && out.len() > before {
            out.insert(before, ' ');
        }
    }
    out
}

/// The text with control and direction-changing characters written out, such as `\u{202e}`: for what
/// was kept as it came and has to be read as it is, in the trail and in files made of it (rule 67).
pub fn visible(text: &str) -> String {
    if !text.chars().any(is_unsafe) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character has no place in a line of text: it controls the terminal, hides, or turns the
/// direction of the text around it.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A tidy name of 1 to [`NAME_MAX`] characters, or the sentence that says what to change.
pub fn name(text: &str, what: &str) -> Result<String, String> {
    let name = tidy(text);
    match name.chars().count() {
        0 => Err(format!("Enter {what}.")),
        n if n > NAME_MAX => Err(format!("Use at most {NAME_MAX} characters; this has {n}.")),
        _ => Ok(name),
    }
}

/// A note of at most [`NOTE_MAX`] characters, lines kept, empty as `None`.
pub fn note(text: &str) -> Result<Option<String>, String> {
    let note: String = text
        .trim()
        .chars()
        .filter(|c| *c == '\n' || !is_unsafe(*c))
        .collect();
    match note.chars().count() {
        0 => Ok(None),
        n if n > NOTE_MAX => Err(format!("Use at most {NOTE_MAX} characters; this has {n}.")),
        _ => Ok(Some(note)),
    }
}

/// `1 person`, `3 people`: a count with the right form of its noun.
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
    }
}

/// Lower-case words joined by hyphens, for addresses: `Acme Inc.` → `acme-inc`. Empty when nothing is left.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 40 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_the_text_around_it_is_written_out() {
        assert_eq!(visible("Ana\u{202e}nimdA"), "Ana\\u{202e}nimdA");
        assert_eq!(visible("\u{1b}[31mred\r\n"), "\\u{1b}[31mred\\u{d}\\u{a}");
        assert_eq!(visible("Zoë"), "Zoë");
    }

    #[test]
    fn a_name_can_not_turn_the_text_around_it() {
        assert_eq!(tidy("  Ana \u{202e} \t Ruiz\r\nX "), "Ana Ruiz X");
        assert!(name("\u{200b} ", "a name").is_err());
        assert!(name(&"x".repeat(81), "a name").is_err());
    }

    #[test]
    fn a_slug_is_safe_in_an_address() {
        assert_eq!(slug("Acme, Inc. — Größe"), "acme-inc-gr-e");
        assert_eq!(slug("日本"), "");
    }
}
