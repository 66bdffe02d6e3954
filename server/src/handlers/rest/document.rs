//! The OpenAPI document: what utoipa reads off the handlers, completed with what is the same for all, so that
//! no handler can forget it.

use rolecall_shared::error::ErrorCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, tag::TagBuilder};

const INTRO: &str = "What people do in the console, for programs. A program acts for the member whose token it has: \
it may do what they may do at that moment, at most what the token is limited to, and never more.\n\n\
Send the token with every request: `Authorization: Bearer rcl_…`. A token belongs to one workspace; every other \
one is a 404, as if it was not there.\n\n\
Failures are `application/problem+json` (RFC 9457). `code` is stable, `detail` is for people, `fields` says what is \
wrong where, `permission` what is missing, and `request_id` finds the request in the log.\n\n\
Changes of what has a version need its `ETag` in `If-Match`, so that nobody overwrites what they have not seen. \
Whatever makes something takes an `Idempotency-Key`: the same request with the same key has one effect for a day.\n\n\
Lists come in pages; `next` and the header `Link` lead to the next one. Times are RFC 3339 in UTC. Fields that are \
not known are refused. How often you can ask stands in `RateLimit`; after a 429 wait for `Retry-After` seconds.";

/// What the document begins with. The tags are the sections of the page that people read.
pub fn head() -> OpenApi {
    let tags = [
        (
            "Workspace",
            "The one workspace of the token, its settings, and the permissions that there are in it.",
        ),
        (
            "Members",
            "Who is in the workspace, what they hold, and what they may do with it.",
        ),
        (
            "Invitations",
            "Offers of membership. No answer has the link of one, and nobody accepts with a token.",
        ),
        (
            "Roles",
            "Named permission sets, of which every member has exactly one.",
        ),
        (
            "Groups",
            "Named permission sets for many members at once. What a group gives comes on top of the role.",
        ),
        (
            "Projects",
            "The parts of a workspace, and how far its members reach in them.",
        ),
        (
            "Overrides",
            "What members may do in a project instead of what they may do elsewhere.",
        ),
        (
            "Resources",
            "What permissions protect. A resource is of one row of the permissions, its service.",
        ),
        (
            "API tokens",
            "What programs act with. Tokens are made in the console.",
        ),
        ("Audit trail", "Who did what, and when."),
    ];
    let tags =
        tags.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build());
    let info = InfoBuilder::new()
        .title("Rolecall API")
        .version("1")
        .description(Some(INTRO))
        .build();
    OpenApiBuilder::new().info(info).tags(Some(tags)).build()
}

/// What stands in paths.
const PLACES: [(&str, &str); 9] = [
    (
        "workspace",
        "The part of the workspace's address after `/w/`.",
    ),
    ("member", "The id of a member."),
    ("former", "The id of a former member."),
    ("invitation", "The id of an invitation."),
    ("role", "The id of a role."),
    ("group", "The id of a group."),
    ("project", "The id of a project."),
    ("resource", "The id of a resource."),
    ("token", "The id of a token, not its text."),
];

/// The methods and paths of the `paths` of a document.
pub fn operations(paths: &Value) -> Vec<(String, String)> {
    let items = paths.as_object().into_iter().flatten();
    items
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            let methods = methods.filter(|(_, one)| one.get("operationId").is_some());
            methods.map(|(method, _)| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

/// The whole document.
pub fn complete(described: OpenApi) -> Value {
    let mut document = serde_json::to_value(described).unwrap_or_default();
    let paths = document["paths"].clone();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.get("operationId").is_some() {
                finish(path, method, operation, &paths);
            }
        }
    }
    document["security"] = json!([{ "token": [] }]);
    let components = &mut document["components"];
    components["securitySchemes"] = json!({ "token": {
        "type": "http", "scheme": "bearer", "bearerFormat": "rcl_ and 38 letters and digits",
        "description": "An API token of a member, made in the console.",
    } });
    components["schemas"]["Problem"] = problem();
    components["responses"] = refusals();
    document
}

fn finish(path: &str, method: &str, operation: &mut Value, paths: &Value) {
    let mut parameters: Vec<Value> = PLACES
        .iter()
        .filter(|(name, _)| path.contains(&format!("{{{name}}}")))
        .map(|(name, text)| {
            let schema = if *name == "workspace" {
                json!({ "type": "string" })
            } else {
                json!({ "type": "string", "format": "uuid" })
            };
            json!({ "name": name, "in": "path", "required": true, "description": text, "schema": schema })
        })
        .collect();
    let own = operation["parameters"].as_array().cloned();
    parameters.extend(own.unwrap_or_default().into_iter().map(explained));
    let made = method == "post" && operation["responses"].get("201").is_some();
    if made {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same request with the same key has one effect, within a day.",
            "schema": key(),
        }));
        let answer = &mut operation["responses"]["201"];
        answer["headers"]["Location"] = json!({
            "description": "Where it is.", "schema": { "type": "string", "format": "uri" },
        });
        if let Some(link) = link(path, paths) {
            answer["links"] = link;
        }
    }
    if method == "get"
        && operation["responses"]["200"]["headers"]
            .get("ETag")
            .is_some()
    {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The `ETag` of an answer that you have.", "schema": { "type": "string" },
        }));
        operation["responses"]["304"] = json!({ "description": "You have it as it is." });
    }
    let leads = links(path, operation, paths);
    if method == "get" && !leads.is_empty() {
        operation["responses"]["200"]["links"] = Value::Object(leads);
    }
    let versioned = parameters.iter().any(|one| one["name"] == "If-Match");
    let has = |place: &str| parameters.iter().any(|one| one["in"] == place);
    let body = operation.get("requestBody").is_some();
    let mut refused = vec![401, 403, 404, 429, 503];
    if body {
        refused.extend([400, 413, 415, 422]);
    } else if made || has("query") {
        refused.push(422);
    }
    if versioned {
        refused.extend([412, 428]);
    }
    if method != "get" {
        refused.push(409);
    }
    refused.sort_unstable();
    for status in refused {
        let answer = json!({ "$ref": format!("#/components/responses/{status}") });
        operation["responses"][status.to_string()] = answer;
    }
    operation["parameters"] = Value::Array(parameters);
}

/// Printable ASCII, without space at its ends, where HTTP drops it.
fn key() -> Value {
    json!({ "type": "string", "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$" })
}

/// The headers of versions and keys say the same everywhere.
fn explained(mut parameter: Value) -> Value {
    if parameter["name"] == "If-Match" {
        parameter["description"] = json!("The `ETag` of what you change.");
        parameter["schema"] =
            json!({ "type": "string", "pattern": "^\"[0-9]{1,18}(\\.[A-Za-z0-9_-]+)?\"$" });
    }
    if parameter["name"] == "Idempotency-Key" {
        parameter["schema"] = key();
    }
    parameter
}

/// From what was made to the operation that reads it.
fn link(path: &str, paths: &Value) -> Option<Value> {
    let below = format!("{path}/{{");
    let (item, found) = paths.as_object()?.iter().find(|(one, item)| {
        one.strip_prefix(&below)
            .is_some_and(|rest| rest.find('}') == Some(rest.len() - 1))
            && item.get("get").is_some()
    })?;
    let id = item.strip_prefix(&below)?.trim_end_matches('}');
    let mut parameters = Map::new();
    for (name, _) in PLACES {
        if path.contains(&format!("{{{name}}}")) {
            parameters.insert(name.to_owned(), json!(format!("$request.path.{name}")));
        }
    }
    parameters.insert(id.to_owned(), json!("$response.body#/id"));
    let operation = &found["get"]["operationId"];
    Some(json!({ "read": { "operationId": operation, "parameters": parameters } }))
}

/// From a list to what can be done with the first thing in it, and from a thing to what can be done with it,
/// by the version that was read.
fn links(path: &str, operation: &Value, paths: &Value) -> Map<String, Value> {
    let answer = &operation["responses"]["200"];
    let versioned = answer["headers"].get("ETag").is_some() && path.ends_with('}');
    let here = operation["operationId"].as_str();
    let mut found = Map::new();
    for (other, item) in paths.as_object().into_iter().flatten() {
        let Some(known) = lead(path, other) else {
            continue;
        };
        for (_, one) in item.as_object().into_iter().flatten() {
            let mut needed = one["parameters"].as_array().into_iter().flatten();
            let needs_version = needed.any(|parameter| parameter["name"] == "If-Match");
            let id = one["operationId"].as_str().filter(|id| Some(*id) != here);
            // Only who has read a thing knows its version.
            let Some(id) = id.filter(|_| !needs_version || versioned) else {
                continue;
            };
            let mut parameters = known.clone();
            if needs_version {
                parameters.insert("If-Match".to_owned(), json!("$response.header.ETag"));
            }
            let link = json!({ "operationId": id, "parameters": parameters });
            found.insert(id.to_owned(), link);
        }
    }
    found
}

/// What stands in another path, as somebody knows it who has read this one: the same, and of a list the first
/// thing in it. `None`: it is not known.
fn lead(path: &str, other: &str) -> Option<Map<String, Value>> {
    let rest = other.strip_prefix(path)?;
    let more: Vec<&str> = places(rest).collect();
    let mut parameters = Map::new();
    for name in places(path) {
        parameters.insert(name.to_owned(), json!(format!("$request.path.{name}")));
    }
    match more.as_slice() {
        [] if path.ends_with('}') => {}
        ["workspace"] if rest == "/{workspace}" => {
            let slug = json!("$response.body#/items/0/slug");
            parameters.insert("workspace".to_owned(), slug);
        }
        [name] if rest.starts_with("/{") && *name != "workspace" && !path.ends_with('}') => {
            let id = json!("$response.body#/items/0/id");
            parameters.insert((*name).to_owned(), id);
        }
        _ => return None,
    }
    Some(parameters)
}

/// The names in a path.
fn places(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{'));
    parts.filter_map(|part| part.strip_suffix('}'))
}

/// The schema of a failure.
fn problem() -> Value {
    let codes = [
        ErrorCode::NotSignedIn,
        ErrorCode::NotAllowed,
        ErrorCode::ConfirmFirst,
        ErrorCode::NotFound,
        ErrorCode::Conflict,
        ErrorCode::PreconditionFailed,
        ErrorCode::PreconditionRequired,
        ErrorCode::Invalid,
        ErrorCode::TooLarge,
        ErrorCode::TooMany,
        ErrorCode::Unavailable,
        ErrorCode::Internal,
    ];
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string", "description": "Always `about:blank`." },
            "title": { "type": "string", "description": "The words of the status." },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What happened and what to do next, for people." },
            "code": { "type": "string", "enum": codes, "description": "What happened, for programs. It never changes." },
            "request_id": { "type": ["string", "null"], "description": "The id under which the server logged the request." },
            "permission": { "type": "string", "description": "The permission that is missing." },
            "fields": { "type": "array", "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": { "type": "string", "description": "Which, with a dot before a field of a field." },
                    "message": { "type": "string", "description": "What to do." },
                },
            } },
        },
    })
}

/// How operations refuse, by status.
fn refusals() -> Value {
    let refusal = |text: &str, code: &str, wait: bool| {
        let mut answer = json!({
            "description": text,
            "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "examples": { code: { "value": { "code": code } } },
            } },
        });
        if wait {
            answer["headers"]["Retry-After"] = json!({
                "description": "Seconds after which trying again can work.", "schema": { "type": "integer" },
            });
        }
        answer
    };
    json!({
        "400": refusal("The request can not be read, or brings a cookie beside the token.", "invalid", false),
        "401": refusal("There is no token, or it does not work.", "not_signed_in", false),
        "403": refusal("The member or the token may not do this; `permission` says what is missing.", "not_allowed", false),
        "404": refusal("It is not there, or not for this token.", "not_found", false),
        "409": refusal("It is in a state in which this can not be done.", "conflict", false),
        "412": refusal("It changed since the version in `If-Match`.", "precondition_failed", false),
        "413": refusal("The body is larger than 256 kB.", "too_large", false),
        "415": refusal("The body is not `application/json`.", "invalid", false),
        "422": refusal("Something in the request is wrong; `fields` says what.", "invalid", false),
        "428": refusal("`If-Match` is missing.", "precondition_required", false),
        "429": refusal("Too many requests.", "too_many", true),
        "503": refusal("Busy, or the database is away.", "unavailable", true),
    })
}
