//! What is read of a request: the fields of the specification, with a message for each that is wrong.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
};
use rolecall_backend::service::decisions::{Question, Semantic};
use serde_json::{Map, Value};

use super::page::Page;
use crate::{json, problem::Problem};

/// Most questions of one request.
pub const MOST: usize = 1_000;

/// A request that can not be read (AuthZEN §10.1.2).
pub fn bad(message: impl Into<String>) -> Problem {
    Problem::with_status(StatusCode::BAD_REQUEST, message)
}

/// The object of a request.
fn object(headers: &HeaderMap, body: &Bytes) -> Result<Map<String, Value>, Problem> {
    if !json::is_json(headers) {
        return Err(bad("Send the request as application/json."));
    }
    json::object(body).map_err(|error| bad(format!("The body is not a JSON object: {error}.")))
}

/// One question, or several and when to stop.
pub enum Asked {
    /// As the Access Evaluation API has it.
    One(Question),
    /// As the Access Evaluations API has it.
    Several(Vec<Question>, Semantic),
}

/// The request of the Access Evaluation API.
pub fn one(headers: &HeaderMap, body: &Bytes) -> Result<Question, Problem> {
    question(&object(headers, body)?, None, "", Needs::ALL)
}

/// The request of the Access Evaluations API. Without `evaluations`, or with none in it, it is that of the
/// other. What stands at the top counts for every evaluation that does not say it itself.
pub fn several(headers: &HeaderMap, body: &Bytes) -> Result<Asked, Problem> {
    let object = object(headers, body)?;
    let semantic = semantic(&object)?;
    let evaluations = match object.get("evaluations") {
        None => &Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(bad("“evaluations” must be a list.")),
    };
    if evaluations.is_empty() {
        return question(&object, None, "", Needs::ALL).map(Asked::One);
    }
    if evaluations.len() > MOST {
        return Err(bad(format!(
            "Ask at most {MOST} evaluations at once; these are {}.",
            evaluations.len()
        )));
    }
    let questions = evaluations.iter().enumerate().map(|(at, evaluation)| {
        let place = format!("evaluations[{at}].");
        match evaluation {
            Value::Object(own) => question(own, Some(&object), &place, Needs::ALL),
            _ => Err(bad(format!("“evaluations[{at}]” must be an object."))),
        }
    });
    let questions = questions.collect::<Result<_, _>>()?;
    Ok(Asked::Several(questions, semantic))
}

fn semantic(object: &Map<String, Value>) -> Result<Semantic, Problem> {
    let options = match object.get("options") {
        None => return Ok(Semantic::default()),
        Some(Value::Object(options)) => options,
        Some(_) => return Err(bad("“options” must be an object.")),
    };
    match options.get("evaluations_semantic") {
        None => Ok(Semantic::default()),
        Some(Value::String(name)) => match name.as_str() {
            "execute_all" => Ok(Semantic::ExecuteAll),
            "deny_on_first_deny" => Ok(Semantic::DenyOnFirstDeny),
            "permit_on_first_permit" => Ok(Semantic::PermitOnFirstPermit),
            _ => Err(bad(
                "“options.evaluations_semantic” must be execute_all, deny_on_first_deny or permit_on_first_permit.",
            )),
        },
        Some(_) => Err(bad("“options.evaluations_semantic” must be a text.")),
    }
}

/// What a question has to say; what is searched for, it leaves out, and it does not count if it is there.
#[derive(Clone, Copy)]
struct Needs {
    subject: bool,
    action: bool,
    resource: bool,
}

impl Needs {
    const ALL: Self = Self {
        subject: true,
        action: true,
        resource: true,
    };
}

/// What a search looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    Subjects,
    Resources,
    Actions,
}

/// The request of a search: the question without what is searched for, and which page.
pub fn search(
    headers: &HeaderMap,
    body: &Bytes,
    sought: Sought,
) -> Result<(Question, Page), Problem> {
    let object = object(headers, body)?;
    let needs = Needs {
        subject: sought != Sought::Subjects,
        action: sought != Sought::Actions,
        resource: sought != Sought::Resources,
    };
    let question = question(&object, None, "", needs)?;
    Ok((question, Page::of(&object, sought)?))
}

fn question(
    own: &Map<String, Value>,
    top: Option<&Map<String, Value>>,
    place: &str,
    needs: Needs,
) -> Result<Question, Problem> {
    let read = Reading { own, top, place };
    let subject = read.entity("subject")?;
    let action = if needs.action {
        let action = read.entity("action")?;
        read.text(action, "action", "name")?
    } else {
        String::new()
    };
    let resource = read.entity("resource")?;
    read.context()?;
    let id = |needed: bool, entity, of| {
        if needed {
            read.text(entity, of, "id")
        } else {
            Ok(String::new())
        }
    };
    Ok(Question {
        subject_type: read.text(subject, "subject", "type")?,
        subject: id(needs.subject, subject, "subject")?,
        action,
        resource_type: read.text(resource, "resource", "type")?,
        resource: id(needs.resource, resource, "resource")?,
        project: read.project(resource)?,
    })
}

/// One evaluation, and what stands at the top for all.
struct Reading<'a> {
    own: &'a Map<String, Value>,
    top: Option<&'a Map<String, Value>>,
    place: &'a str,
}

impl<'a> Reading<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.own.get(name).or_else(|| self.top?.get(name))
    }

    fn entity(&self, name: &str) -> Result<&'a Map<String, Value>, Problem> {
        let place = self.place;
        let entity = match self.get(name) {
            None => return Err(bad(format!("“{place}{name}” is missing."))),
            Some(Value::Object(entity)) => entity,
            Some(_) => return Err(bad(format!("“{place}{name}” must be an object."))),
        };
        match entity.get("properties") {
            None | Some(Value::Object(_)) => Ok(entity),
            Some(_) => Err(bad(format!(
                "“{place}{name}.properties” must be an object."
            ))),
        }
    }

    fn text(&self, entity: &Map<String, Value>, of: &str, name: &str) -> Result<String, Problem> {
        let place = self.place;
        match entity.get(name) {
            None => Err(bad(format!("“{place}{of}.{name}” is missing."))),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(bad(format!("“{place}{of}.{name}” must be a text."))),
        }
    }

    fn context(&self) -> Result<(), Problem> {
        match self.get("context") {
            None | Some(Value::Object(_)) => Ok(()),
            Some(_) => Err(bad(format!("“{}context” must be an object.", self.place))),
        }
    }

    fn project(&self, resource: &Map<String, Value>) -> Result<Option<String>, Problem> {
        let name = "resource.properties.project";
        match resource.get("properties").and_then(|p| p.get("project")) {
            None => Ok(None),
            Some(Value::String(project)) => Ok(Some(project.clone())),
            Some(_) => Err(bad(format!("“{}{name}” must be a text.", self.place))),
        }
    }
}
