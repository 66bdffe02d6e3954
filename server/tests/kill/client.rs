//! A browser with cookies that may lose its server at any moment.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::server::PASSWORD;

/// The server went away: whether it did what was asked is not known.
#[derive(Debug)]
pub struct Lost;

impl From<io::Error> for Lost {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    cookies: Vec<String>,
}

impl Answer {
    /// What a server function gave; anything but 200 fails the test, since all that is asked is allowed.
    #[track_caller]
    pub fn given<T: DeserializeOwned>(self) -> T {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Somebody's browser.
#[derive(Clone)]
pub struct Client {
    port: u16,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Client {
    pub fn new(port: u16) -> Self {
        Self {
            port,
            cookies: BTreeMap::new(),
            csrf: String::new(),
        }
    }

    /// Signs in; the session outlives the server.
    pub fn signed_in(port: u16, email: &str) -> Self {
        let mut client = Self::new(port);
        client.look_at_form("/sign-in").unwrap();
        let fields = [("email", email), ("password", PASSWORD), ("next", "")];
        assert_eq!(client.post("/sign-in", &fields).unwrap().status, 303);
        client
    }

    /// Opens a page with a form, whose token the next forms carry.
    pub fn look_at_form(&mut self, path: &str) -> Result<(), Lost> {
        let page = self.get(path)?;
        let (_, rest) = page.body.split_once("name=\"csrf\"").expect("a form");
        let (_, rest) = rest.split_once("value=\"").expect("its token");
        rest.split('"')
            .next()
            .unwrap_or_default()
            .clone_into(&mut self.csrf);
        Ok(())
    }

    pub fn get(&mut self, path: &str) -> Result<Answer, Lost> {
        self.send("GET", path, "text/plain", "")
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Lost> {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let body = body.finish();
        self.send("POST", path, "application/x-www-form-urlencoded", &body)
    }

    /// Calls a server function about Acme.
    pub fn call(&mut self, name: &str, mut arguments: Value) -> Result<Answer, Lost> {
        arguments["slug"] = json!("acme");
        self.send(
            "POST",
            &format!("/api/{name}"),
            "application/json",
            &arguments.to_string(),
        )
    }

    /// As if the browser had never been signed in.
    pub fn forget_session(&mut self) {
        self.cookies.remove("__Host-rolecall");
    }

    fn send(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Result<Answer, Lost> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let (port, length, cookies) = (self.port, body.len(), cookies.join("; "));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nAccept: */*\r\n\
             Sec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let answer = whole(&String::from_utf8_lossy(&bytes))?;
        for line in &answer.cookies {
            if let Some((name, rest)) = line.split_once('=') {
                let value = rest.split(';').next().unwrap_or_default();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

/// An answer that came to its end; a part of one acknowledges nothing.
fn whole(text: &str) -> Result<Answer, Lost> {
    let (head, body) = text.split_once("\r\n\r\n").ok_or(Lost)?;
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .ok_or(Lost)?;
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let value = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| *value)
    };
    let body = match value("content-length") {
        Some(length) if length.parse() == Ok(body.len()) => body.to_owned(),
        Some(_) => return Err(Lost),
        None if value("transfer-encoding") == Some("chunked") => unchunked(body).ok_or(Lost)?,
        None => body.to_owned(),
    };
    Ok(Answer {
        status: status.parse().map_err(|_| Lost)?,
        body,
        cookies: headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .map(|(_, value)| (*value).to_owned())
            .collect(),
    })
}

/// The pieces of a body put together; nothing when the last is missing.
fn unchunked(mut text: &str) -> Option<String> {
    let mut body = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n")?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.push_str(rest.get(..size)?);
        text = rest.get(size..)?.strip_prefix("\r\n")?;
    }
}
