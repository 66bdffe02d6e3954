//! Reading a password: from a pipe, or from a person at a terminal.

use std::io::{self, IsTerminal as _, Read as _};

use rolecall_shared::account::PASSWORD_MAX_BYTES;

use crate::{config::Mistake, start::StartError};

/// The first line of standard input, of at most a password's length.
pub fn from_stdin() -> Result<String, StartError> {
    let mut text = String::new();
    let limit = u64::try_from(PASSWORD_MAX_BYTES + 2).unwrap_or(u64::MAX);
    io::stdin().take(limit).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Asks twice at the terminal, without showing what is typed.
pub fn ask() -> Result<String, StartError> {
    if !io::stdin().is_terminal() {
        return Err(wrong(
            "Nobody can be asked here. Pipe the password in and add --password-stdin.",
        ));
    }
    let first = rpassword::prompt_password("Password (at least 15 characters): ")?;
    let second = rpassword::prompt_password("The same again: ")?;
    if first == second {
        Ok(first)
    } else {
        Err(wrong(
            "The two passwords differ. Nothing was made; start again.",
        ))
    }
}

fn wrong(message: &str) -> StartError {
    Mistake::new("password", message).into()
}
