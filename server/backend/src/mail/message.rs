//! From words to the bytes of one RFC 5322 message.

use std::time::{Duration, SystemTime};

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use rolecall_shared::{Timestamp, email::EmailAddress};

use super::Rendered;

/// The sender of all mail of this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFrom(Mailbox);

impl MailFrom {
    /// Reads `rolecall@example.org` or `Rolecall <rolecall@example.org>`; otherwise a sentence that says what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let help =
            "Write an address such as rolecall@example.org or Rolecall <rolecall@example.org>.";
        if text.chars().any(char::is_control) {
            return Err(help.to_owned());
        }
        let mailbox: Mailbox = text.trim().parse().map_err(|_| help.to_owned())?;
        // The rules for people's addresses hold for ours too: a domain with a dot, no quotes.
        EmailAddress::parse(mailbox.email.as_ref()).map_err(|problem| problem.to_string())?;
        Ok(Self(mailbox))
    }

    /// The bare address, for the envelope.
    pub fn address(&self) -> &str {
        self.0.email.as_ref()
    }

    /// A `Message-ID` from something unique, such as the id of the outbox row.
    pub fn message_id(&self, unique: &str) -> String {
        format!("<{unique}@{}>", self.0.email.domain())
    }
}

/// One message, ready to become bytes.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// Who sends it.
    pub from: &'a MailFrom,
    /// Who gets it: exactly one.
    pub to: &'a EmailAddress,
    /// Stable over all tries, with angle brackets: see [`MailFrom::message_id`].
    pub message_id: &'a str,
    /// When it was written.
    pub date: Timestamp,
    /// What it says.
    pub content: &'a Rendered,
}

/// Why a message can not be built; nothing that a person typed should ever get this far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Line breaks or other control characters in a header.
    #[error("the {0} of the mail has characters that a header can not hold")]
    Header(&'static str),
    /// The address can not stand in a message.
    #[error("the address of the mail can not be used")]
    Address,
    /// The parts could not be put together.
    #[error("the mail could not be put together")]
    Format,
}

/// The address as a mail server takes it: the mailbox as typed, the domain in its ASCII form.
///
/// Who owns the mailbox decides about upper and lower case in it, so the normal form that we
/// compare by is not what we send to.
pub fn recipient(address: &EmailAddress) -> String {
    let mailbox = address
        .raw()
        .rsplit_once('@')
        .map_or("", |(mailbox, _)| mailbox);
    format!("{mailbox}@{}", address.domain())
}

/// The bytes that the outbox stores and [`super::SmtpMailer::send_raw`] sends.
pub fn build(message: &Outgoing<'_>) -> Result<Vec<u8>, BuildError> {
    let Rendered {
        subject,
        text,
        html,
        unsubscribe,
    } = message.content;
    if subject.chars().any(char::is_control) {
        return Err(BuildError::Header("subject"));
    }
    let id = message.message_id;
    let shape = id.starts_with('<') && id.ends_with('>') && id.contains('@');
    if !shape || !id.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(BuildError::Header("message id"));
    }
    let to: Address = recipient(message.to)
        .parse()
        .map_err(|_| BuildError::Address)?;
    let date = u64::try_from(message.date.0).map_or(Duration::ZERO, Duration::from_micros);
    let mut builder = Message::builder()
        .from(message.from.0.clone())
        // No display name: the name of a stranger has no business in a header (rule 81).
        .to(Mailbox::new(None, to))
        .subject(subject)
        .date(SystemTime::UNIX_EPOCH + date)
        .message_id(Some(id.to_owned()))
        // Keeps out-of-office answers away (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    if let Some(page) = unsubscribe {
        builder = builder.raw_header(leading_to(page)?);
    }
    builder
        .multipart(MultiPart::alternative_plain_html(
            text.clone(),
            html.clone(),
        ))
        .map(|message| message.formatted())
        .map_err(|_| BuildError::Format)
}

/// `List-Unsubscribe` (RFC 2369 §3.2), which mail programs show as a button. It leads to the page where
/// people choose, and so never acts by itself (rule 81): there is no one-click form of it (RFC 8058).
fn leading_to(page: &str) -> Result<HeaderValue, BuildError> {
    if !page.bytes().all(|b| b.is_ascii_graphic() && b != b'>') {
        return Err(BuildError::Header("page to switch mails off"));
    }
    let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
    Ok(HeaderValue::new(name, format!("<{page}>")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Rendered {
        Rendered {
            subject: "Größe – an invitation".into(),
            text: "Hello Ana,\nhttps://access.example.org/invite/abc\n".into(),
            html: "<p>Hello Ana</p>".into(),
            unsubscribe: None,
        }
    }

    fn bytes(to: &str, id: &str, content: &Rendered) -> Result<String, BuildError> {
        let from = MailFrom::parse("Rolecall <rolecall@example.org>").unwrap();
        let to = EmailAddress::parse(to).unwrap();
        let date = Timestamp(1_795_379_295_000_000);
        build(&Outgoing {
            from: &from,
            to: &to,
            message_id: id,
            date,
            content,
        })
        .map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_message_has_both_parts_and_the_headers_it_was_given() {
        let message = bytes("Ana.Ruiz@EXAMPLE.org", "<1@example.org>", &content()).unwrap();
        for line in [
            "From: Rolecall <rolecall@example.org>\r\n",
            "To: Ana.Ruiz@example.org\r\n",
            "Date: Sun, 22 Nov 2026 20:28:15 +0000\r\n",
            "Message-ID: <1@example.org>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "MIME-Version: 1.0\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
            "https://access.example.org/invite/abc\r\n",
        ] {
            assert!(message.contains(line), "{line}\n{message}");
        }
        let (headers, _) = message.split_once("\r\n\r\n").unwrap();
        assert!(headers.is_ascii(), "{headers}");
        assert!(
            !headers.contains("Bcc") && !headers.contains("Cc:"),
            "{headers}"
        );
    }

    #[test]
    fn line_breaks_never_reach_a_header() {
        let mut bad = content();
        bad.subject = "Hello\r\nBcc: everybody@example.org".into();
        let found = bytes("ana@example.org", "<1@example.org>", &bad);
        assert_eq!(found, Err(BuildError::Header("subject")));
        for id in [
            "1@example.org",
            "<1@example.org>\r\nX: y",
            "<1 @example.org>",
            "<>",
        ] {
            let found = bytes("ana@example.org", id, &content());
            assert_eq!(found, Err(BuildError::Header("message id")), "{id}");
        }
        assert!(MailFrom::parse("Rolecall\r\nX: y <rolecall@example.org>").is_err());
    }

    #[test]
    fn what_can_be_switched_off_says_where_in_a_header_and_nothing_else_gets_into_it() {
        let mut mail = content();
        let sent = |mail: &Rendered| bytes("ana@example.org", "<1@example.org>", mail);
        assert!(!sent(&mail).unwrap().contains("List-Unsubscribe"));
        mail.unsubscribe = Some("https://access.example.org/account#notifications".into());
        let line = "List-Unsubscribe: <https://access.example.org/account#notifications>\r\n";
        assert!(sent(&mail).unwrap().contains(line));
        for bad in [
            "https://a.example/\r\nBcc: b@example.org",
            "https://a.example/>",
        ] {
            mail.unsubscribe = Some(bad.into());
            let refused = Err(BuildError::Header("page to switch mails off"));
            assert_eq!(sent(&mail), refused, "{bad}");
        }
    }

    #[test]
    fn the_sender_is_an_address_with_or_without_a_name() {
        let bare = MailFrom::parse(" rolecall@example.org ").unwrap();
        assert_eq!(bare.address(), "rolecall@example.org");
        assert_eq!(bare.message_id("7"), "<7@example.org>");
        assert_eq!(
            MailFrom::parse("Größe <a@example.org>").unwrap().address(),
            "a@example.org"
        );
        for wrong in [
            "",
            "rolecall",
            "Rolecall <rolecall>",
            "a@b@c.org",
            "rolecall@localhost",
        ] {
            assert!(MailFrom::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_domain_outside_ascii_is_sent_in_its_ascii_form() {
        let address = EmailAddress::parse("Ana@BÜCHER.example").unwrap();
        assert_eq!(recipient(&address), "Ana@xn--bcher-kva.example");
        assert!(bytes("Ana@BÜCHER.example", "<1@example.org>", &content()).is_ok());
    }
}
