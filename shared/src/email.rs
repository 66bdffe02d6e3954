//! E-mail addresses: one normal form everywhere, and reading them from anything people paste.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest address, in bytes (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const MAX: usize = 254;
/// Most addresses in one invitation form.
pub const MAX_ADDRESSES: usize = 500;

/// An address as it was typed and in its normal form; comparisons use the normal form only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EmailAddress {
    raw: String,
    normal: String,
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailProblem {
    /// Nothing there.
    Empty,
    /// No `@`, or more than one.
    At,
    /// The part before the `@` is missing, too long or has characters that are not allowed.
    Local,
    /// The part after the `@` is not a domain name.
    Domain,
    /// Longer than [`MAX`] bytes.
    Long,
}

impl fmt::Display for EmailProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Enter an e-mail address.",
            Self::At => "An e-mail address has one @, as in ana@example.org.",
            Self::Local => "The part before the @ is not valid.",
            Self::Domain => "The part after the @ is not a domain, such as example.org.",
            Self::Long => "This is longer than an e-mail address can be.",
        })
    }
}

impl EmailAddress {
    /// Reads one bare address: trimmed, NFC, lower case, domain in its ASCII form (IDNA).
    /// Dots and plus signs stay: they belong to the mailbox.
    ///
    /// In the browser, where the tables are missing, domains outside ASCII keep their form; the
    /// server reads every address again.
    pub fn parse(text: &str) -> Result<Self, EmailProblem> {
        let raw = text.trim();
        if raw.is_empty() {
            return Err(EmailProblem::Empty);
        }
        if raw.len() > MAX {
            return Err(EmailProblem::Long);
        }
        let (local, domain) = raw.split_once('@').ok_or(EmailProblem::At)?;
        if domain.contains('@') {
            return Err(EmailProblem::At);
        }
        let local = fold(local);
        if !local_is_valid(&local) {
            return Err(EmailProblem::Local);
        }
        let domain = domain_to_ascii(&fold(domain)).ok_or(EmailProblem::Domain)?;
        if !domain_is_valid(&domain) {
            return Err(EmailProblem::Domain);
        }
        let normal = format!("{local}@{domain}");
        if normal.len() > MAX {
            return Err(EmailProblem::Long);
        }
        Ok(Self {
            raw: raw.to_owned(),
            normal,
        })
    }

    /// As it was typed, for showing and for sending.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The form for comparing and for unique indexes.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The normalised domain.
    pub fn domain(&self) -> &str {
        self.normal
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.raw)
    }
}

#[cfg(feature = "native")]
fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfc().collect::<String>().to_lowercase()
}

#[cfg(not(feature = "native"))]
fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(feature = "native")]
fn domain_to_ascii(domain: &str) -> Option<String> {
    idna::domain_to_ascii(domain).ok()
}

#[cfg(not(feature = "native"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the form of the native one, which can fail"
)]
fn domain_to_ascii(domain: &str) -> Option<String> {
    Some(domain.to_owned())
}

/// RFC 5321 dot-string, with UTF-8 letters (RFC 6531); quoted strings are not taken: nobody has one.
fn local_is_valid(local: &str) -> bool {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+/=?^_`{|}~-".contains(c)
            || (!c.is_ascii() && c.is_alphanumeric())
    };
    local.len() <= 64
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(allowed))
}

/// At least two labels of letters, digits and hyphens.
fn domain_is_valid(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii())
    };
    let numeric_end = domain
        .rsplit('.')
        .next()
        .is_some_and(|l| l.chars().all(|c| c.is_ascii_digit()));
    domain.contains('.') && !numeric_end && domain.len() <= 253 && domain.split('.').all(label)
}

/// One entry of a pasted text: the text as found, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The piece of the text that this entry came from, trimmed.
    pub text: String,
    /// The address, or why it is none.
    pub address: Result<EmailAddress, EmailProblem>,
}

/// Reads addresses from anything pasted: commas, semicolons, lines, tabs, blanks, `Name <mail>`,
/// `"Last, First" <mail>`, `mailto:`, CSV columns around the address. Order is kept, duplicates
/// (by normal form) are merged into the first. A CSV heading such as `email` is passed over.
pub fn parse_list(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        for piece in pieces(line) {
            let address = EmailAddress::parse(&piece);
            let seen = entries.iter().any(|e| match (&e.address, &address) {
                (Ok(a), Ok(b)) => a.normal == b.normal,
                _ => e.text == piece,
            });
            if !seen {
                entries.push(Entry {
                    text: piece,
                    address,
                });
            }
        }
    }
    entries
}

/// The candidates in one line. Text without an `@` beside a piece with one is a name or another
/// CSV column; a line with no `@` at all is kept whole, so that a typing mistake is shown.
fn pieces(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = Vec::new();
    for field in split_outside_quotes(line) {
        let bare = match (field.rfind('<'), field.rfind('>')) {
            (Some(open), Some(close)) if open < close => field[open + 1..close].to_owned(),
            _ => field,
        };
        for word in bare.split_whitespace() {
            let word = word.trim_matches(|c: char| "\"'<>()[]".contains(c));
            let word = word
                .strip_prefix("mailto:")
                .or_else(|| word.strip_prefix("MAILTO:"))
                .unwrap_or(word);
            let word = word.trim_end_matches('.');
            if word.contains('@') {
                found.push(word.to_owned());
            } else if !word.is_empty() {
                rest.push(word.to_owned());
            }
        }
    }
    let heading = |w: &String| {
        matches!(
            w.to_lowercase().as_str(),
            "email" | "e-mail" | "mail" | "address" | "name"
        )
    };
    if found.is_empty() && !rest.is_empty() && !rest.iter().any(heading) {
        // Single words are single mistakes; a sentence without any address is one.
        found.push(rest.join(" "));
    }
    found
}

/// Splits at `,`, `;` and tabs, but not inside double quotes.
fn split_outside_quotes(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' | '\t' if !quoted => parts.push(String::new()),
            _ => {}
        }
        let separates = !quoted && matches!(c, ',' | ';' | '\t');
        if let Some(last) = parts.last_mut().filter(|_| !separates) {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normals(text: &str) -> Vec<String> {
        parse_list(text)
            .into_iter()
            .map(|e| {
                e.address
                    .map_or_else(|p| format!("{}: {p:?}", e.text), |a| a.normal)
            })
            .collect()
    }

    #[cfg(feature = "native")]
    #[test]
    fn an_address_has_one_normal_form() {
        let a = EmailAddress::parse(" Ana.Ruiz+x@BÜCHER.example ").unwrap();
        assert_eq!(a.normal(), "ana.ruiz+x@xn--bcher-kva.example");
        assert_eq!(a.raw(), "Ana.Ruiz+x@BÜCHER.example");
        let composed = EmailAddress::parse("andr\u{e9}@example.org").unwrap();
        let decomposed = EmailAddress::parse("andre\u{301}@example.org").unwrap();
        assert_eq!(composed.normal(), decomposed.normal());
    }

    #[test]
    fn what_is_not_an_address_says_why() {
        for (text, problem) in [
            ("", EmailProblem::Empty),
            ("ana", EmailProblem::At),
            ("a@b@c.org", EmailProblem::At),
            ("@example.org", EmailProblem::Local),
            ("a..b@example.org", EmailProblem::Local),
            ("a b@example.org", EmailProblem::Local),
            ("a\r\nbcc@example.org", EmailProblem::Local),
            ("ana@localhost", EmailProblem::Domain),
            ("ana@-x.org", EmailProblem::Domain),
            ("ana@127.0.0.1", EmailProblem::Domain),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(problem), "{text}");
        }
        assert_eq!(
            EmailAddress::parse(&format!("{}@x.org", "a".repeat(300))),
            Err(EmailProblem::Long)
        );
    }

    #[test]
    fn anything_pasted_is_read() {
        assert_eq!(
            normals(
                "ana@x.org, Ben <BEN@x.org>; \"Doe, Jo\" <jo@x.org>\n<mailto:kim@x.org>\tana@X.org"
            ),
            ["ana@x.org", "ben@x.org", "jo@x.org", "kim@x.org"]
        );
        assert_eq!(
            normals("name,email\nAna,ana@x.org,Madrid\nBen,ben@x.org,Lagos"),
            ["ana@x.org", "ben@x.org"]
        );
        assert_eq!(normals("ana@x.org ben@x.org"), ["ana@x.org", "ben@x.org"]);
        assert_eq!(normals("oops\nana@"), ["oops: At", "ana@: Domain"]);
        assert!(normals(" \n ,, ; ").is_empty());
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_is_stable(text in "\\PC{0,200}") {
            for entry in parse_list(&text) {
                if let Ok(address) = entry.address {
                    prop_assert_eq!(EmailAddress::parse(&address.normal).unwrap().normal, address.normal.clone());
                    prop_assert!(!address.normal.contains(['\r', '\n', ' ', ',', '<']));
                }
            }
        }
    }
}
