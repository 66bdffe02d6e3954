//! People with browsers: who asks is a type, what they ask are the verbs that all share.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    ops::Deref,
    sync::{Mutex, PoisonError},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
};
use http_body_util::BodyExt as _;
use rolecall_server::middleware::client_address::Peer;
use rolecall_shared::{
    error::{ApiError, ErrorCode},
    invitation::{AddressVerdict, InvitationRow, InviteOptions, Verdict},
    page::Page,
    shell::Shell,
    token::CreatedToken,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::world::{ORIGIN, PASSWORD, World};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads; empty when nowhere.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.body.contains(text),
            "“{text}” is not in:\n{}",
            self.body
        );
        self
    }

    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.body.contains(text), "“{text}” is in:\n{}", self.body);
        self
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The error of an interface for programs, which names its request.
    #[track_caller]
    pub fn error(&self, code: ErrorCode) -> ApiError {
        assert_eq!(
            self.header("content-type"),
            "application/json",
            "{}",
            self.body
        );
        let error: ApiError = self.json();
        assert_eq!(error.code, code, "{}", self.body);
        assert_eq!(self.status.as_u16(), code.status());
        assert_eq!(
            error.request_id.as_deref(),
            Some(self.header("x-request-id"))
        );
        error
    }

    /// The value of a hidden or typed field of the first form that has it.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let tag = self
            .body
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))
            .unwrap_or_else(|| panic!("no field {name} in:\n{}", self.body));
        let value = tag
            .split_once("value=\"")
            .map_or("", |(_, rest)| rest.split('"').next().unwrap());
        value.to_owned()
    }
}

/// A browser: an address and cookies.
pub struct Browser {
    pub world: World,
    pub address: IpAddr,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    fn new(world: World) -> Self {
        Self {
            world,
            address: [203, 0, 113, 7].into(),
            cookies: Mutex::default(),
        }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).cloned()
    }

    /// Plants a cookie, as nobody but this browser can.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar().insert(name.to_owned(), value.to_owned());
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request as this browser would send it from a page of ours.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .jar()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .extension(Peer(self.address))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::USER_AGENT, "Test browser")
            .header("sec-fetch-site", "same-origin");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }

    /// Sends a request and keeps the cookies of the answer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.world.answer(request).await;
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let body: Bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    fn keep(&self, line: &str) {
        let (name, rest) = line.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        if line.contains("Max-Age=0") {
            self.jar().remove(name);
        } else {
            self.jar().insert(name.to_owned(), value.to_owned());
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self
            .request("GET", path)
            .header(header::ACCEPT, "text/html,*/*;q=0.8");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form as it is.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form(fields);
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Opens a page and posts one of its forms, with the page's token.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(page).await.field("csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post(action, &all).await
    }

    /// Calls a server function.
    pub async fn call(&self, name: &str, arguments: Value) -> Answer {
        let request = self.request("POST", &format!("/api/{name}"));
        self.ask(request, arguments).await
    }

    /// The same as an open page asks it by itself.
    pub async fn call_unattended(&self, name: &str, arguments: Value) -> Answer {
        let request = self
            .request("POST", &format!("/api/{name}"))
            .header(rolecall_app::presence::HEADER, "1");
        self.ask(request, arguments).await
    }

    async fn ask(&self, request: Builder, arguments: Value) -> Answer {
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(arguments.to_string()))
            .unwrap();
        self.send(request).await
    }
}

/// Somebody who is not signed in.
pub struct Anonymous(Browser);

/// Somebody who is signed in.
pub struct Member(Browser);

impl Deref for Anonymous {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl Deref for Member {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl Anonymous {
    pub fn new(world: World) -> Self {
        Self(Browser::new(world))
    }

    /// The same from another place.
    pub fn at(mut self, address: [u8; 4]) -> Self {
        self.0.address = address.into();
        self
    }

    /// Signs in with everybody's password.
    pub async fn sign_in(self, email: &str) -> Member {
        let fields = [("email", email), ("password", PASSWORD), ("next", "")];
        self.submit("/sign-in", "/sign-in", &fields)
            .await
            .expect(303);
        assert!(self.cookie("__Host-rolecall").is_some());
        Member(self.0)
    }

    /// Accepts an invitation as a new person.
    pub async fn join(self, invitation: &Sent, name: &str) -> Member {
        let fields = [
            ("token", invitation.token.as_str()),
            ("name", name),
            ("password", PASSWORD),
            ("code", ""),
        ];
        self.submit(&invitation.path(), "/invitation/join", &fields)
            .await
            .expect(303);
        Member(self.0)
    }
}

/// An invitation with its link.
pub struct Sent {
    pub id: String,
    pub token: String,
}

impl Sent {
    pub fn path(&self) -> String {
        format!("/invite/{}", self.token)
    }
}

impl Member {
    /// The id of a role of Acme.
    pub async fn role(&self, name: &str) -> String {
        let options: InviteOptions = self
            .call("invite_options", json!({ "slug": "acme" }))
            .await
            .expect(200)
            .json();
        options
            .roles
            .iter()
            .find(|role| role.name == name)
            .unwrap()
            .id
            .to_string()
    }

    /// The role that invitations to Acme choose first.
    pub async fn default_role(&self) -> String {
        let options: InviteOptions = self
            .call("invite_options", json!({ "slug": "acme" }))
            .await
            .expect(200)
            .json();
        options.default_role.to_string()
    }

    /// The own member id in Acme.
    pub async fn member(&self) -> String {
        let shell: Shell = self
            .call("load_shell", json!({ "slug": "acme" }))
            .await
            .expect(200)
            .json();
        shell.workspace.unwrap().member.to_string()
    }

    /// The arguments of an order to invite one address to Acme.
    pub async fn order(&self, email: &str, role: &str) -> Value {
        let role = self.role(role).await;
        json!({ "slug": "acme", "request": {
            "idempotency_key": format!("key-{email}"), "addresses": [email], "role": role,
            "groups": [], "note": "See you there", "hours": 72,
        }})
    }

    /// Invites one address to Acme; the link is on screen, as there is no mail server.
    pub async fn invite(&self, email: &str, role: &str) -> Sent {
        let order = self.order(email, role).await;
        let verdicts: Vec<AddressVerdict> = self
            .call("send_invitations", order)
            .await
            .expect(200)
            .json();
        let Verdict::Invited { id, link } = &verdicts[0].verdict else {
            panic!("{verdicts:?}")
        };
        let link = link.as_ref().expect("without mail the link is on screen");
        let token = link
            .strip_prefix(&format!("{ORIGIN}/invite/"))
            .unwrap()
            .to_owned();
        Sent {
            id: id.to_string(),
            token,
        }
    }

    /// A token for Acme with these permissions, `null` for all; its id and its text.
    pub async fn token(&self, name: &str, permissions: Value) -> (String, String) {
        let draft =
            json!({ "name": name, "days": 30, "permissions": permissions, "project": null });
        let arguments = json!({ "slug": "acme", "draft": draft });
        let made: CreatedToken = self
            .call("create_token", arguments)
            .await
            .expect(200)
            .json();
        (made.id.to_string(), made.secret)
    }

    /// The invitations of Acme.
    pub async fn invitations(&self) -> Vec<InvitationRow> {
        let query =
            json!({ "slug": "acme", "query": { "status": null, "role": null, "cursor": null } });
        let page: Page<InvitationRow> = self
            .call("list_invitations", query)
            .await
            .expect(200)
            .json();
        page.rows
    }

    /// The version of an invitation of Acme.
    pub async fn version(&self, id: &str) -> i64 {
        self.invitations()
            .await
            .iter()
            .find(|row| row.id.to_string() == id)
            .unwrap()
            .version
    }
}

/// Fields as a browser encodes them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        text.append_pair(name, value);
    }
    text.finish()
}
