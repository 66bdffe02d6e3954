//! Mail: what is said, and how it reaches a mail server.
//!
//! [`render`] makes the words, [`build`] makes them an RFC 5322 message whose bytes the outbox
//! stores in the business transaction, and [`SmtpMailer`] hands those bytes to a mail server
//! later. Every mail has one recipient, a text part and an HTML part that say the same, and a
//! `Message-ID` that stays the same however often it is sent (F5, F6).

mod message;
pub mod render;
mod transport;

pub use message::{BuildError, MailFrom, Outgoing, build, recipient};
pub use render::Rendered;
pub use transport::{SendError, SmtpMailer, SmtpUrlError};
