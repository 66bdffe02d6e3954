//! Keys derived from the installation's one secret, and the secrets handed to people.

mod api_token;

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

pub use self::api_token::{ApiToken, PATTERN as API_TOKEN_PATTERN};
use crate::random::Random;

/// Length of the installation's secret, in bytes.
pub const SECRET_LEN: usize = 32;

/// Keys for message authentication and for sealing, one per purpose (HKDF-SHA-256, RFC 5869).
#[derive(Clone)]
pub struct Keys {
    mac: Zeroizing<[u8; 32]>,
    seal: Zeroizing<[u8; 32]>,
    chain: Zeroizing<[u8; 32]>,
    checkpoint: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// A sealed text that this installation's key does not open: another secret, or a changed byte.
#[derive(Debug, thiserror::Error)]
#[error("the sealed text does not open with this installation's secret")]
pub struct NotOurs;

impl Keys {
    /// Derives all keys from the secret.
    pub fn new(secret: &[u8; SECRET_LEN]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, secret);
        let derive = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            #[expect(
                clippy::expect_used,
                reason = "32 bytes are always within HKDF's limit"
            )]
            hkdf.expand(purpose, &mut *key)
                .expect("32 bytes is a valid length");
            key
        };
        Self {
            mac: derive(b"rolecall mac v1"),
            seal: derive(b"rolecall seal v1"),
            chain: derive(b"rolecall audit chain v1"),
            checkpoint: derive(b"rolecall audit checkpoint v1"),
        }
    }

    /// HMAC-SHA-256 of `data` under a purpose, so that a tag made for one use fits no other.
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac =
            <Hmac<Sha256> as hmac::Mac>::new_from_slice(&*self.mac).expect("any key length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// The key that chains the audit trail.
    pub fn chain(&self) -> ChainKey {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mac =
            <Hmac<Sha256> as hmac::Mac>::new_from_slice(&*self.chain).expect("any key length");
        ChainKey(mac)
    }

    /// The key that signs checkpoints of the audit trail.
    pub fn checkpoints(&self) -> SigningKey {
        SigningKey::from_bytes(&self.checkpoint)
    }

    /// Compares a tag in constant time.
    pub fn verify(&self, purpose: &str, data: &[u8], tag: &[u8]) -> bool {
        let expected = self.mac(purpose, data);
        // Tags may be cut; never shorter than 128 bits.
        tag.len() >= 16 && tag.len() <= 32 && bool::from(expected[..tag.len()].ct_eq(tag))
    }

    /// Encrypts and authenticates (XChaCha20-Poly1305, random nonce in front); `bound` must be named again to open.
    pub fn seal(&self, random: &Random, bound: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 24] = random.bytes();
        let cipher = XChaCha20Poly1305::new((&*self.seal).into());
        #[expect(clippy::expect_used, reason = "fails only past 256 GiB")]
        let sealed = cipher
            .encrypt(
                XNonce::from_slice(&nonce),
                Payload {
                    msg: plain,
                    aad: bound,
                },
            )
            .expect("a mail is shorter than the cipher's limit");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Keys::seal`] made with the same `bound`.
    pub fn open(&self, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, NotOurs> {
        let (nonce, body) = sealed.split_at_checked(24).ok_or(NotOurs)?;
        XChaCha20Poly1305::new((&*self.seal).into())
            .decrypt(
                XNonce::from_slice(nonce),
                Payload {
                    msg: body,
                    aad: bound,
                },
            )
            .map_err(|_| NotOurs)
    }
}

/// The key of the audit trail's chain (rule 65). Only who has it can write a row that fits.
#[derive(Clone)]
pub struct ChainKey(Hmac<Sha256>);

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKey(…)")
    }
}

/// The first byte of every link: which key and which canonical form made it.
const LINK_VERSION: u8 = 1;

impl ChainKey {
    /// The link of a row: a version and HMAC-SHA-256 over the link before and the row in its
    /// canonical form. The first row has an empty link before it.
    pub fn link(&self, previous: &[u8], canonical: &[u8]) -> Vec<u8> {
        let mut mac = self.0.clone();
        mac.update(&(previous.len() as u64).to_be_bytes());
        mac.update(previous);
        mac.update(canonical);
        let mut link = Vec::with_capacity(33);
        link.push(LINK_VERSION);
        link.extend_from_slice(&mac.finalize().into_bytes());
        link
    }
}

/// SHA-256, for secrets that are random themselves: a dump of the database holds no usable one.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// The secret of a session, as the cookie carries it: 256 random bits (rule 1).
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<String>);

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

impl SessionSecret {
    /// A new secret.
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// The text for the cookie. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// The token in a link about somebody's account: 256 random bits. The row with its hash decides.
#[derive(Clone)]
pub struct AccountToken(Zeroizing<String>);

impl fmt::Debug for AccountToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountToken(…)")
    }
}

impl AccountToken {
    /// A new token.
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// The text for the link. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// The token in an invitation link: 256 random bits and a tag over them.
///
/// Text form: 43 characters, a dot, the key version, a dot, 22 characters of the tag. The tag lets
/// a made-up link be refused before the database is asked; the row stays the authority (rule 17).
#[derive(Clone)]
pub struct LinkToken(Zeroizing<String>);

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

const LINK_PURPOSE: &str = "invitation link v1";

impl LinkToken {
    /// A new token, signed.
    pub fn new(random: &Random, keys: &Keys) -> Self {
        let secret = URL_SAFE_NO_PAD.encode(random.bytes::<32>());
        let tag = URL_SAFE_NO_PAD.encode(&keys.mac(LINK_PURPOSE, secret.as_bytes())[..16]);
        Self(Zeroizing::new(format!("{secret}.1.{tag}")))
    }

    /// A token from a link; `None` when it was never signed by this installation.
    pub fn parse(text: &str, keys: &Keys) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (secret, version, tag) = (parts.next()?, parts.next()?, parts.next()?);
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        let sound = version == "1"
            && secret.len() == 43
            && tag.len() == 16
            && keys.verify(LINK_PURPOSE, secret.as_bytes(), &tag);
        sound.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text for the link. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(&[7; 32])
    }

    #[test]
    fn a_link_with_one_changed_character_was_never_ours() {
        let token = LinkToken::new(&Random::seeded(1), &keys());
        let text = token.expose().to_owned();
        assert_eq!(
            LinkToken::parse(&text, &keys()).unwrap().hash(),
            token.hash()
        );
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(
                LinkToken::parse(&changed, &keys()).is_none(),
                "position {at}"
            );
        }
        assert!(LinkToken::parse(&text, &Keys::new(&[8; 32])).is_none());
        assert!(LinkToken::parse("", &keys()).is_none());
    }

    #[test]
    fn what_is_sealed_opens_only_unchanged_and_under_its_name() {
        let sealed = keys().seal(&Random::seeded(1), b"row 1", b"a secret");
        assert_eq!(keys().open(b"row 1", &sealed).unwrap(), b"a secret");
        assert!(keys().open(b"row 2", &sealed).is_err());
        assert!(keys().open(b"row 1", &sealed[1..]).is_err());
        assert!(keys().open(b"row 1", b"short").is_err());
        assert!(!String::from_utf8_lossy(&sealed).contains("secret"));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let session = SessionSecret::new(&Random::seeded(2));
        let token = LinkToken::new(&Random::seeded(3), &keys());
        let shown = format!("{:?} {session:?} {token:?} {:?}", keys(), keys().chain());
        assert_eq!(shown, "Keys(…) SessionSecret(…) LinkToken(…) ChainKey(…)");
    }
}
