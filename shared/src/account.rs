//! Rules of accounts that server and browser share.

/// Fewest code points of a password: it is the only factor (NIST SP 800-63B-4 §3.1.1.2, rule 9).
pub const PASSWORD_MIN: usize = 15;
/// Most bytes of a password, far above what anybody types; longer input is refused before hashing (rule 11).
pub const PASSWORD_MAX_BYTES: usize = 1_024;

/// Why a password can not be used, as a sentence that helps; the blocklist is the server's part.
pub fn password_problem(password: &str) -> Option<String> {
    let length = password.chars().count();
    if password.len() > PASSWORD_MAX_BYTES {
        return Some(format!("Use at most {PASSWORD_MAX_BYTES} bytes."));
    }
    if length < PASSWORD_MIN {
        return Some(format!(
            "Use at least {PASSWORD_MIN} characters; this has {length}. Four or five random words work well."
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_counted_in_characters_not_bytes() {
        assert!(password_problem("ääääääääääääää").is_some());
        assert!(password_problem("äääääääääääääää").is_none());
        assert!(password_problem(&"x".repeat(1_025)).is_some());
    }
}
