//! Reading the mails that the sink has taken.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// What every link of an invitation begins with.
pub const LINK: &str = "https://access.example.org/invite/";

/// A message as the mail server got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The recipient of the envelope.
    pub to: String,
    /// The whole message, with line feeds only.
    raw: String,
}

impl Mail {
    pub fn new(to: &str, raw: String) -> Self {
        Self {
            to: to.to_owned(),
            raw,
        }
    }

    /// A header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.raw.split_once("\n\n").unwrap();
        header(head, name).unwrap_or_else(|| panic!("no {name} in {head}"))
    }

    /// The text part, decoded.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The HTML part, decoded.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The token of the link in the text part.
    pub fn token(&self) -> String {
        let text = self.text();
        let (_, rest) = text
            .split_once(LINK)
            .unwrap_or_else(|| panic!("no link in {text}"));
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// The token of the link to one of our pages, such as `reset`, in the text part.
    pub fn token_to(&self, page: &str) -> String {
        let text = self.text();
        let (_, rest) = text
            .split_once(&format!("https://access.example.org/{page}/"))
            .unwrap_or_else(|| panic!("no link to {page} in {text}"));
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// The six digits of a code mail.
    pub fn code(&self) -> String {
        let text = self.text();
        let code = text
            .split_whitespace()
            .find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()));
        code.unwrap_or_else(|| panic!("no code in {text}"))
            .to_owned()
    }

    fn part(&self, kind: &str) -> String {
        let boundary = self.header("Content-Type");
        let (_, boundary) = boundary.split_once("boundary=").unwrap();
        let boundary = format!(
            "--{}",
            boundary.trim_matches('"').split(['"', ';']).next().unwrap()
        );
        let part = self.raw.split(&boundary).find(|part| {
            let head = part.split_once("\n\n").map_or(*part, |(head, _)| head);
            header(head, "Content-Type").is_some_and(|value| value.starts_with(kind))
        });
        let (head, body) = part.unwrap().trim_start().split_once("\n\n").unwrap();
        let bytes = match header(head, "Content-Transfer-Encoding")
            .unwrap_or_default()
            .as_str()
        {
            "quoted-printable" => quoted_printable(body),
            "base64" => STANDARD
                .decode(body.split_whitespace().collect::<String>())
                .unwrap(),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8(bytes).unwrap()
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().skip_while(|line| {
        line.split_once(':')
            .is_none_or(|(found, _)| !found.eq_ignore_ascii_case(name))
    });
    let mut value = lines.next()?.split_once(':')?.1.trim().to_owned();
    for folded in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(folded.trim());
    }
    Some(value)
}

/// RFC 2045 §6.7.
fn quoted_printable(body: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in body.lines() {
        let (line, soft) = line
            .strip_suffix('=')
            .map_or((line, false), |line| (line, true));
        let mut pieces = line.split('=');
        out.extend(pieces.next().unwrap_or_default().bytes());
        for piece in pieces {
            out.push(u8::from_str_radix(&piece[..2], 16).unwrap());
            out.extend(piece[2..].bytes());
        }
        if !soft {
            out.push(b'\n');
        }
    }
    out
}
