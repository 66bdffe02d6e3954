//! Names that people can not tell apart: the same but for case, or written with look-alike letters
//! (R-41, rule 40). "Аdmin" with a Cyrillic А must not stand beside "Admin".

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

/// Whether two names could be taken for each other: equal without case, or alike to the eye by the
/// skeletons of UTS #39.
pub fn alike(one: &str, other: &str) -> bool {
    first_alike(one, [other]).is_some()
}

/// The first of some names that could be taken for this one.
pub fn first_alike<'a>(name: &str, others: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (lower_name, folded_name) = (lower(name), folded(name));
    others
        .into_iter()
        .find(|other| lower(other) == lower_name || folded(other) == folded_name)
}

fn lower(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).collect()
}

/// How a name looks, without case. ASCII letters lose their case before their skeleton is taken, so
/// that case is ignored; other letters after it, since there the capital looks like another letter
/// than the small one does (В like B, в like nothing Latin).
fn folded(name: &str) -> String {
    let mut seen = String::with_capacity(name.len());
    for c in name.nfkc() {
        if c.is_ascii() {
            seen.push(c.to_ascii_lowercase());
        } else {
            let looks_like: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
            seen.extend(looks_like.chars().flat_map(char::to_lowercase));
        }
    }
    // I, l and 1 are one stroke: which letter was meant can not be seen.
    skeleton(&seen)
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'i' { 'l' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_alike() {
        for (one, other) in [
            ("Admin", "admin"),
            ("Admin", "ADMIN"),
            ("Admin", "\u{410}dmin"),
            ("Billing", "\u{412}ILLING"),
            ("Admin", "Adm\u{456}n"),
            ("ADMIN", "ADM\u{406}N"),
            ("Admin", "\u{ff21}dmin"),
            ("Admin", "Ad\u{ad}min"),
            ("Admin", "Adrnin"),
            ("View only", "View on1y"),
            ("Level O", "Level 0"),
            ("Zo\u{eb}", "Zoe\u{308}"),
            ("Οperator", "Operator"),
        ] {
            assert!(alike(one, other), "{one} {other}");
            assert_eq!(first_alike(other, ["Guest", one]), Some(one));
        }
    }

    #[test]
    fn names_that_differ_are_not() {
        for (one, other) in [
            ("Admin", "Admins"),
            ("Operator", "Operators"),
            ("Viewer", "View only"),
            ("Zoë", "Zoe"),
            ("日本", "日木"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }
}
