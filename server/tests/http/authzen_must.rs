//! The AuthZEN Authorization API 1.0 (final, 11 January 2026), sentence by sentence: each that says MUST,
//! MUST NOT or REQUIRED to a decision point has a test here. `the_list_and_the_tests_agree` reads this table.
//!
//! | section | what it says | shown by |
//! |---|---|---|
//! | §4 | a later revision MUST NOT modify the API | not ours: binds who revises it |
//! | §5.1 | `type` and `id` of a subject are REQUIRED, as strings | `what_a_subject_a_resource_or_an_action_needs_is_required` |
//! | §5.2 | `type` and `id` of a resource are REQUIRED, as strings | `what_a_subject_a_resource_or_an_action_needs_is_required` |
//! | §5.3 | `name` of an action is REQUIRED, as a string | `what_a_subject_a_resource_or_an_action_needs_is_required` |
//! | §5.5 | `decision` is REQUIRED, a boolean | `every_decision_is_a_boolean` |
//! | §5.5 | what is denied MUST NOT be permitted | not ours: binds who asks |
//! | §6.1 | `subject`, `action` and `resource` are REQUIRED | `an_evaluation_needs_its_three_entities` |
//! | §7.1.1 | what an evaluation leaves out MUST be given at the top | `what_an_evaluation_leaves_out_has_to_be_given_at_the_top` |
//! | §8.2 | a page that is not the last MUST have `page` with a `next_token` that is not empty | `a_page_before_the_last_names_the_next` |
//! | §8.2 | with a token everything else MUST be as before (and SHOULD be refused otherwise) | `a_token_goes_with_its_own_search_only` |
//! | §8.2.1 | apart from the token all values MUST stay as they were | `a_token_goes_with_its_own_search_only` |
//! | §8.2.1 | further keys of `page` MUST be specified and their capability MUST be declared | `no_capability_is_declared_that_is_not_there` |
//! | §8.2.2 | a response without all results MUST have `page` | `a_page_before_the_last_names_the_next` |
//! | §8.2.2 | `next_token` is REQUIRED in `page` and MUST be empty after the last | `the_last_page_ends_with_an_empty_token` |
//! | §8.3 | `results` is REQUIRED and MUST only have entities of the kind that is searched for | `results_are_only_of_the_kind_that_is_searched_for` |
//! | §8.4.1 | `subject` with `type`, `action` and `resource` are REQUIRED | `a_search_needs_all_but_what_it_looks_for` |
//! | §8.4.1 | an `id` of the subject MUST be ignored | `the_id_of_what_is_searched_for_is_ignored` |
//! | §8.5.1 | `subject`, `action` and `resource` with `type` are REQUIRED | `a_search_needs_all_but_what_it_looks_for` |
//! | §8.5.1 | an `id` of the resource MUST be ignored | `the_id_of_what_is_searched_for_is_ignored` |
//! | §8.6.1 | `subject` and `resource` are REQUIRED | `a_search_needs_all_but_what_it_looks_for` |
//! | §9.1.1 | `policy_decision_point` is REQUIRED, an https URL without query and fragment | `the_metadata_has_what_is_required` |
//! | §9.1.1 | `access_evaluation_endpoint` is REQUIRED | `the_metadata_has_what_is_required` |
//! | §9.1.3 | signed metadata MUST be signed and name its issuer | `no_capability_is_declared_that_is_not_there` |
//! | §9.1.3 | signed metadata MUST take precedence | not ours: binds who reads it |
//! | §9.2 | the metadata MUST be at the well-known address | `the_metadata_has_what_is_required` |
//! | §9.2.1 | the metadata MUST be asked for with GET | `the_metadata_is_a_json_object_for_get` |
//! | §9.2.2 | the answer MUST be 200 with `application/json` | `the_metadata_is_a_json_object_for_get` |
//! | §9.2.2 | its body MUST be a JSON object of registered parameters | `the_metadata_is_a_json_object_for_get` |
//! | §9.2.2 | parameters that are not understood MUST be ignored | not ours: binds who reads it |
//! | §9.2.2 | parameters without a value MUST be left out | `the_metadata_is_a_json_object_for_get` |
//! | §9.2.3 | `policy_decision_point` MUST be what the address was made of | `the_metadata_has_what_is_required` |
//! | §9.2.3 | signatures MUST be checked, other metadata MUST NOT be used | not ours: binds who reads it |
//! | §10 | the binding to HTTPS with JSON MUST be there | `every_endpoint_answers_a_post_with_a_json_object` |
//! | §10.1 | requests MUST say `application/json` | `a_request_that_is_not_json_is_a_bad_request` |
//! | §10.1 | their body MUST be a JSON object that fits the endpoint | `a_request_that_is_not_json_is_a_bad_request` |
//! | §10.1 | the address MUST be the one of the metadata | `every_endpoint_answers_a_post_with_a_json_object` |
//! | §10.1.1 | the outermost value of every body MUST be a JSON object | `every_endpoint_answers_a_post_with_a_json_object`, `a_request_that_is_not_json_is_a_bad_request` |
//! | §10.1.1 | a missing attribute that is required MUST be a Bad Request | `an_evaluation_needs_its_three_entities`, `what_a_subject_a_resource_or_an_action_needs_is_required` |
//! | §10.1.1 | unknown fields MUST be ignored | `unknown_fields_are_ignored_wherever_they_are` |
//! | §10.1.1 | no order of members MUST be assumed | `the_order_of_names_does_not_matter` |
//! | §10.1.3 | a request with an identifier MUST be answered with the same | `the_name_of_a_request_comes_back_whatever_the_answer` |
//! | §11.1 | the connection MUST be secured | the configuration refuses http:// for other hosts than this machine (its own tests) |
//! | §11.3 | a request without credentials that work MUST be answered 401 | `without_a_token_that_works_the_answer_is_401` |
//! | §12 | registries | not ours: binds IANA and who registers |

mod decisions;
mod metadata;
mod search;
mod transport;

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Member},
    program::{ONE, Program, SEVERAL, problem, question},
    world::World,
};

const SUBJECTS: &str = "/access/v1/search/subject";
const RESOURCES: &str = "/access/v1/search/resource";
const ACTIONS: &str = "/access/v1/search/action";
const ALL: [&str; 5] = [ONE, SEVERAL, SUBJECTS, RESOURCES, ACTIONS];
const METADATA: &str = "/.well-known/authzen-configuration";

/// Acme with its owner, a gateway that may ask, and three instances.
struct Scene {
    world: World,
    ana: Member,
    gateway: Program,
    things: Vec<String>,
}

impl Scene {
    async fn set() -> Self {
        let (world, ana) = World::with_owner().await;
        let gateway = Program::of(&world, &ana, json!(["team:view"])).await;
        let draft = json!({ "name": "Storefront", "description": "" });
        let order = json!({ "slug": "acme", "draft": draft });
        let project: String = ana.call("create_project", order).await.expect(200).json();
        let mut things = Vec::new();
        for name in ["web-1", "web-2", "web-3"] {
            let draft = json!({ "service": "instances", "name": name, "external_id": "", "attributes": [] });
            let order = json!({ "slug": "acme", "project": project, "draft": draft });
            let made = ana.call("create_resource", order).await.expect(200);
            things.push(made.json());
        }
        things.sort();
        Self {
            world,
            ana,
            gateway,
            things,
        }
    }

    /// A question that every endpoint can read and that is answered with a yes.
    fn question(&self) -> Value {
        question("ana@example.org", "view", "instances", &self.things[0])
    }

    async fn told(&self, path: &str, body: Value) -> Value {
        self.gateway.ask(path, body).await.expect(200).json()
    }

    /// The ids or names that a search finds, and the token of the next page.
    async fn found(&self, path: &str, body: Value) -> (Vec<String>, String) {
        let told = self.told(path, body).await;
        let results = told["results"].as_array().unwrap().iter();
        let name = |r: &Value| r["id"].as_str().or(r["name"].as_str()).unwrap().to_owned();
        let next = told["page"]["next_token"].as_str().unwrap().to_owned();
        (results.map(name).collect(), next)
    }
}

/// The same with a value somewhere inside.
fn with(whole: &Value, at: &str, value: Value) -> Value {
    let mut changed = whole.clone();
    let (place, name) = at.rsplit_once('/').unwrap();
    changed.pointer_mut(place).unwrap()[name] = value;
    changed
}

/// The same without a name somewhere inside.
fn without(whole: &Value, at: &str) -> Value {
    let mut changed = whole.clone();
    let (place, name) = at.rsplit_once('/').unwrap();
    let object = changed.pointer_mut(place).unwrap().as_object_mut().unwrap();
    assert!(object.remove(name).is_some(), "{at}");
    changed
}

/// A 400 that names what is wrong.
#[track_caller]
fn names(answer: &Answer, what: &str) {
    let told = problem(answer, 400);
    assert!(told["detail"].as_str().unwrap().contains(what), "{told}");
}

async fn metadata(world: &World, host: &str, method: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(METADATA)
        .header(header::HOST, host)
        .body(Body::empty());
    world.stranger().send(request.unwrap()).await
}

#[test]
fn the_list_and_the_tests_agree() {
    let table = include_str!("authzen_must.rs");
    let source = [
        include_str!("authzen_must/decisions.rs"),
        include_str!("authzen_must/search.rs"),
        include_str!("authzen_must/metadata.rs"),
        include_str!("authzen_must/transport.rs"),
    ]
    .concat();
    let rows = table.lines().filter(|line| line.starts_with("//! | §"));
    let mut listed = BTreeSet::new();
    for row in rows {
        let shown = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let tests: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        let explained = shown.starts_with("not ours: ") || shown.starts_with("the configuration ");
        assert_eq!(tests.is_empty(), explained, "{row}");
        listed.extend(tests);
    }
    let tests = source.split("#[tokio::test]\nasync fn ").skip(1);
    let written = tests.map(|rest| rest.split('(').next().unwrap());
    assert_eq!(listed, written.collect());
}
