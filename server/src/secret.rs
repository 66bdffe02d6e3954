//! The installation's one secret: a file only its owner can read, made on the first run (rule 82).

use std::{fmt, fs, io::ErrorKind, os::unix::fs::PermissionsExt as _, path::Path};

use rolecall_backend::{
    keys::{Keys, SECRET_LEN},
    random::Random,
};

use crate::{
    config::{Key, Mistake},
    private,
};

/// The secret that all keys come from.
pub struct Secret([u8; SECRET_LEN]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Reads the file, or makes it when it is missing.
    pub fn load_or_create(path: &Path, random: &Random) -> Result<Self, Mistake> {
        match Self::load(path)? {
            Some(secret) => Ok(secret),
            None => Self::create(path, random),
        }
    }

    /// Reads the file; `None` when it is missing.
    pub fn load(path: &Path) -> Result<Option<Self>, Mistake> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(mistake(path, &format!("It can not be read: {error}."))),
        };
        let mode = fs::metadata(path).map_or(0, |data| data.permissions().mode());
        if mode & 0o077 != 0 {
            let message = format!(
                "Others on this machine can read it. Run: chmod 600 {}",
                path.display()
            );
            return Err(mistake(path, &message));
        }
        match <[u8; SECRET_LEN]>::try_from(bytes.as_slice()) {
            Ok(secret) => Ok(Some(Self(secret))),
            Err(_) => Err(mistake(
                path,
                &format!(
                    "It has {} bytes instead of {SECRET_LEN}. Restore it from a backup; with another secret, \
                     links in mails that were sent stop working.",
                    bytes.len()
                ),
            )),
        }
    }

    fn create(path: &Path, random: &Random) -> Result<Self, Mistake> {
        private::folder(path.parent().unwrap_or(Path::new(".")))
            .map_err(|message| mistake(path, &message))?;
        let secret = Self(random.bytes());
        // Written beside and then linked: a second process that starts now sees all of it or nothing.
        let draft = path.with_extension(format!("new-{}", std::process::id()));
        let written = private::write(&draft, &secret.0);
        let linked = written.and_then(|()| fs::hard_link(&draft, path));
        let _ = fs::remove_file(&draft);
        match linked {
            Ok(()) => Ok(secret),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::load(path)?
                .ok_or_else(|| mistake(path, "It disappeared while it was read. Start again.")),
            Err(error) => Err(mistake(path, &format!("It can not be written: {error}."))),
        }
    }

    /// The keys that come from it.
    pub fn keys(&self) -> Keys {
        Keys::new(&self.0)
    }
}

fn mistake(path: &Path, message: &str) -> Mistake {
    Mistake::new(
        format!("{} ({})", Key::SECRET_FILE.env(), path.display()),
        message,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_run_makes_a_file_for_its_owner_only_and_the_next_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/secret");
        let first = Secret::load_or_create(&path, &Random::system()).unwrap();
        let again = Secret::load_or_create(&path, &Random::system()).unwrap();
        assert_eq!(first.0, again.0);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert_eq!(format!("{first:?}"), "Secret(…)");
    }

    #[test]
    fn a_secret_that_others_can_read_or_that_was_cut_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        Secret::load_or_create(&path, &Random::system()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(
            Secret::load(&path)
                .unwrap_err()
                .message
                .contains("chmod 600")
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, b"short").unwrap();
        assert!(Secret::load(&path).unwrap_err().message.contains("5 bytes"));
    }
}
