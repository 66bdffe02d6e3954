//! Rule 28: every route says what it asks for, and refuses whoever has everything but that.
//!
//! `permissions.txt` is the list. A route that is not in it fails here, and so does a line that is not true.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use rolecall_server::handlers::rest;
use rolecall_shared::error::ApiError;
use serde_json::{Value, json};

use crate::{
    browser::{Anonymous, Answer, Browser, Member, form},
    functions::{Ids, everything, functions},
    program::{Program, question},
    rest::{Api, With},
    world::World,
};

/// What a route asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Needs {
    /// Each of these permissions.
    Permissions(Vec<String>),
    Public,
    Account,
    Member,
}

/// A line of the list.
#[derive(Clone, Debug)]
struct Line {
    method: String,
    path: String,
    needs: Needs,
}

impl Line {
    fn read(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let mut next = || words.next().unwrap_or_else(|| panic!("{line}")).to_owned();
        let (method, path, needs) = (next(), next(), next());
        let explained = words.next().is_some();
        let needs = match needs.as_str() {
            "public" => Needs::Public,
            "account" => Needs::Account,
            "member" => Needs::Member,
            names => Needs::Permissions(names.split(',').map(str::to_owned).collect()),
        };
        let permitted = matches!(needs, Needs::Permissions(_));
        assert!(
            permitted || explained,
            "an exception needs its reason: {line}"
        );
        Self {
            method,
            path,
            needs,
        }
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The server function, if it is one.
    fn function(&self) -> Option<&str> {
        self.path
            .strip_prefix("/api/")
            .filter(|name| !name.contains('/'))
    }

    fn is_for_programs(&self) -> bool {
        self.path.starts_with("/access/") || self.is_rest()
    }

    /// An operation on a workspace, which the document of the interface describes.
    fn is_rest(&self) -> bool {
        self.path.starts_with("/api/v1/workspaces")
    }

    /// What a program sends with it: what the document gives as an example.
    fn sent(&self) -> With {
        let document = rest::document();
        let operation = &document["paths"][&self.path][self.method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let with = match schema.as_str() {
            Some(schema) => With::body(&document.pointer(&schema[1..]).unwrap()["example"]),
            None => With::default(),
        };
        with.version("\"1\"")
    }

    /// The address with the ids of things that are there.
    fn address(&self, ids: &Ids) -> String {
        let mut address = self.path.clone();
        for (name, id) in [
            ("{slug}", &ids.slug),
            ("{workspace}", &ids.slug),
            ("{member}", &ids.member),
            ("{former}", &ids.member),
            ("{group}", &ids.group),
            ("{role}", &ids.role),
            ("{project}", &ids.project),
            ("{invitation}", &ids.invitation),
            ("{resource}", &ids.resource),
            ("{token}", &ids.token),
        ] {
            address = address.replace(name, id);
        }
        match self.path.as_str() {
            "/w/{slug}/roles/compare" => format!("{address}?left={0}&right={0}", ids.role),
            _ => address,
        }
    }
}

fn lines() -> Vec<Line> {
    let list = include_str!("permissions.txt").lines();
    list.filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(Line::read)
        .collect()
}

/// Those of one kind.
fn exceptions(needs: &Needs) -> Vec<Line> {
    let all = lines().into_iter();
    all.filter(|line| line.needs == *needs).collect()
}

#[tokio::test]
async fn every_route_says_what_it_asks_for() {
    let world = World::empty().await;
    let there: BTreeSet<String> = world.routes().iter().cloned().collect();
    let all: Vec<String> = lines().iter().map(Line::name).collect();
    let listed: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), listed.len(), "a route is there twice");
    assert_eq!(
        there, listed,
        "each route has one line in tests/http/permissions.txt"
    );
}

#[test]
fn both_tables_of_functions_say_the_same() {
    let lines = lines();
    let lines: BTreeMap<&str, &Line> = lines
        .iter()
        .filter_map(|line| Some((line.function()?, line)))
        .collect();
    for function in everything(&Ids::nothing("acme")) {
        let needs = &lines[function.name].needs;
        if let Some(lacks) = function.lacks {
            assert_eq!(
                *needs,
                Needs::Permissions(vec![lacks.to_owned()]),
                "{}",
                function.name
            );
        }
    }
}

#[test]
fn the_document_of_the_interface_says_the_same() {
    for line in lines().into_iter().filter(Line::is_rest) {
        let operation = &rest::document()["paths"][&line.path][line.method.to_lowercase()];
        let told = operation.get("x-permission").unwrap();
        // The row of a resource is in the document what it is in the tests: any.
        let told = told
            .as_str()
            .map(|told| told.replace("{service}", "instances"));
        let listed = match &line.needs {
            Needs::Permissions(names) => Some(names.join(",")),
            _ => None,
        };
        assert_eq!(told, listed, "{}", line.name());
    }
}

#[test]
fn only_permissions_that_exist_are_asked_for() {
    let templates = rolecall_backend::templates::Templates::load(None).unwrap();
    let catalogue = &templates.get("cloud-account").unwrap().catalogue;
    for line in lines() {
        if let Needs::Permissions(names) = &line.needs {
            for name in names {
                assert!(catalogue.parse(name).is_ok(), "{}: {name}", line.name());
            }
        }
    }
}

/// Acme, and Nora, whose role has all that a test wants her to have.
struct Scene {
    world: World,
    ana: Member,
    ids: Ids,
    nora: Member,
    /// With a token of hers, as wide as she is.
    api: Api,
    role: String,
}

impl Scene {
    async fn set() -> Self {
        let (world, ana) = World::with_owner().await;
        let ids = Ids::made_by(&ana).await;
        let draft =
            json!({ "name": "All but one", "description": "", "permissions": all_cells(&world) });
        let order = json!({ "slug": "acme", "draft": draft });
        let role: String = ana.call("create_role", order).await.expect(200).json();
        let sent = ana.invite("nora@example.org", "All but one").await;
        let nora = world.stranger().join(&sent, "Nora Lind").await;
        let (_, secret) = nora.token("Own", json!(null)).await;
        let api = Api(Program::new(&world, &secret));
        Self {
            world,
            ana,
            ids,
            nora,
            api,
            role,
        }
    }

    /// Gives Nora's role these permissions and no others.
    async fn hold(&self, permissions: &[String]) {
        let editor = json!({ "slug": "acme", "role": self.role, "clone_of": null });
        let editor: Value = self
            .ana
            .call("load_role_editor", editor)
            .await
            .expect(200)
            .json();
        let version = &editor["role"]["version"];
        assert!(version.is_i64(), "{editor}");
        let draft = json!({ "name": "All but one", "description": "", "permissions": permissions });
        let order =
            json!({ "slug": "acme", "role": self.role, "version": version, "draft": draft });
        self.ana.call("update_role", order).await.expect(200);
    }

    /// Gives it everything but one permission, and what can not be without that.
    async fn lack(&self, permission: &str) {
        let row = permission.split_once(':').unwrap().0;
        let all = all_cells(&self.world);
        let without = |name: &String| {
            let goes_with = permission.ends_with(":view") && name.starts_with(&format!("{row}:"));
            name != permission && !goes_with
        };
        self.hold(&all.into_iter().filter(without).collect::<Vec<_>>())
            .await;
    }

    /// Asks as Nora.
    async fn ask(&self, line: &Line) -> Answer {
        if line.is_rest() {
            let method = line.method.parse().unwrap();
            return self
                .api
                .send(method, &line.address(&self.ids), line.sent())
                .await;
        }
        if line.is_for_programs() {
            let body = question("ana@example.org", "view", "team", "x");
            return self.api.0.ask(&line.path, body).await;
        }
        ask(&self.nora, line, &self.ids).await
    }
}

/// Every permission of the template that Acme is made of.
fn all_cells(world: &World) -> Vec<String> {
    let template = world.rolecall().templates().get("cloud-account").unwrap();
    let cells = template.catalogue.cells();
    cells
        .map(|(row, action, _)| format!("{}:{action}", row.key))
        .collect()
}

/// Asks for a page, a form or a server function, with arguments that fit. Streams are not waited for.
async fn ask(browser: &Browser, line: &Line, ids: &Ids) -> Answer {
    if let Some(name) = line.function() {
        let all = everything(ids);
        let function = all.iter().find(|function| function.name == name).unwrap();
        return browser.call(name, function.arguments.clone()).await;
    }
    let address = line.address(ids);
    let request = if line.method == "GET" {
        browser
            .request("GET", &address)
            .header(header::ACCEPT, "text/html")
            .body(Body::empty())
    } else {
        let csrf = browser.get("/account").await.field("csrf");
        let fields = [("csrf", csrf.as_str()), ("format", "csv")];
        browser
            .request("POST", &address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form(&fields)))
    };
    if line.path.ends_with("/events") {
        return opened(browser, request.unwrap()).await;
    }
    browser.send(request.unwrap()).await
}

/// The head of an answer that never ends.
async fn opened(browser: &Browser, request: Request<Body>) -> Answer {
    let (parts, _) = browser.world.answer(request).await.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::new(),
    }
}

/// Whether somebody is refused for what they lack. Who is told about a permission is told about this one.
#[track_caller]
fn refused(line: &Line, answer: &Answer, permission: &str) -> bool {
    let name = line.name();
    if answer.status == StatusCode::FORBIDDEN {
        if line.is_for_programs() {
            let told: Value = answer.json();
            assert_eq!(told["permission"], permission, "{name}");
        } else if line.function().is_some() {
            let told: ApiError = answer.json();
            assert_eq!(
                told.permission.as_deref(),
                Some(permission),
                "{name}: {told:?}"
            );
        } else {
            assert!(answer.body.contains(permission), "{name}: {}", answer.body);
        }
    }
    matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

#[tokio::test]
async fn who_has_everything_but_the_permission_is_refused() {
    let scene = Scene::set().await;
    let mut asked: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines() {
        if let Needs::Permissions(names) = &line.needs {
            for name in names {
                asked.entry(name.clone()).or_default().push(line.clone());
            }
        }
    }
    assert!(asked.len() > 8, "{:?}", asked.keys());
    let (mut open, mut hidden) = (Vec::new(), Vec::new());
    for (permission, lines) in &asked {
        scene.lack(permission).await;
        for line in lines {
            let answer = scene.ask(line).await;
            if !refused(line, &answer, permission) {
                open.push(format!(
                    "{} without {permission}: {}",
                    line.name(),
                    answer.status
                ));
            } else if answer.status == StatusCode::NOT_FOUND {
                hidden.push((line, permission));
            }
        }
    }
    assert!(open.is_empty(), "not refused:\n  {}", open.join("\n  "));
    // What was hidden is there for who has the permission: it was hidden for the lack of it.
    scene.hold(&all_cells(&scene.world)).await;
    for (line, permission) in hidden {
        let answer = scene.ask(line).await;
        assert!(
            !matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND),
            "{} is not only hidden without {permission}: {}",
            line.name(),
            answer.status
        );
    }
}

#[tokio::test]
async fn what_every_member_may_ask_is_open_to_one_who_holds_nothing() {
    let scene = Scene::set().await;
    scene.hold(&[]).await;
    let mut lines = exceptions(&Needs::Member);
    // Going away is the last that anybody does.
    lines.sort_by_key(|line| line.path.ends_with("/leave_workspace"));
    for line in lines {
        let answer = scene.ask(&line).await;
        let name = line.name();
        if answer.status == StatusCode::CONFLICT {
            assert!(name.ends_with("_ownership"), "{name}: {}", answer.body);
        } else {
            assert!(
                answer.status.as_u16() < 400,
                "{name}: {} {}",
                answer.status,
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn who_is_no_member_gets_nothing_of_the_workspace() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    let within: BTreeSet<&str> = functions(&ids)
        .iter()
        .map(|function| function.name)
        .collect();
    for line in lines() {
        let inside = line.path.starts_with("/w/")
            || line.function().is_some_and(|name| within.contains(name));
        if !inside {
            continue;
        }
        let answer = ask(&kim, &line, &ids).await;
        let answer = answer.hides("Ana Ruiz").hides("Storefront");
        let name = line.name();
        // The frame around a page that is not there is the caller's own.
        let frame = name == "POST /api/load_shell" || name == "GET /w/{slug}";
        assert!(
            frame || answer.status == StatusCode::NOT_FOUND,
            "{name}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn only_what_is_public_is_open_to_strangers() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    for line in lines() {
        let stranger = world.stranger();
        let answer = unknown(&stranger, &line, &ids).await;
        let to_sign_in =
            answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in");
        let turned_away = answer.status == StatusCode::UNAUTHORIZED || to_sign_in;
        // Whoever signs out or ends a view without being signed in is led to the same page.
        let led = ["/sign-out", "/view-as/end"].contains(&line.path.as_str());
        assert_eq!(
            turned_away && !led,
            line.needs != Needs::Public,
            "{}: {} {}",
            line.name(),
            answer.status,
            answer.location()
        );
    }
}

/// Asks as somebody who is not signed in.
async fn unknown(stranger: &Anonymous, line: &Line, ids: &Ids) -> Answer {
    if line.function().is_some() {
        return ask(stranger, line, ids).await;
    }
    if line.is_for_programs() {
        let request = Request::builder()
            .method(line.method.as_str())
            .uri(line.address(ids))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/json");
        return stranger.send(request.body(Body::from("{}")).unwrap()).await;
    }
    if line.method == "GET" {
        return ask(stranger, line, ids).await;
    }
    let csrf = stranger.get("/sign-in").await.field("csrf");
    stranger
        .post(&line.address(ids), &[("csrf", csrf.as_str())])
        .await
}
