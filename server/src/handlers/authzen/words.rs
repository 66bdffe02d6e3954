//! Answers as programs read them: a stable word, an id, and a sentence.

use rolecall_backend::service::decisions::{Answer, Because};
use rolecall_shared::policy::Reason;
use serde_json::{Value, json};

/// A decision with its reasons in `context`. What does not exist here is an error beside the no.
pub fn decision(answer: &Answer) -> Value {
    let reasons: Vec<Value> = answer
        .reasons
        .iter()
        .map(|because| reason(*because))
        .collect();
    let mut context = json!({ "reasons": reasons });
    if let Some(unknown) = answer.reasons.iter().find(|because| because.is_unknown()) {
        context["error"] = json!({ "status": 404, "message": sentence(*unknown) });
    }
    json!({ "decision": answer.decision, "context": context })
}

/// Why, for programs: a stable word, the id of what decides where there is one, and a sentence.
pub struct Told {
    pub code: &'static str,
    pub id: Option<String>,
    pub message: &'static str,
}

fn reason(because: Because) -> Value {
    let Told { code, id, message } = told(because);
    let mut told = json!({ "code": code, "message": message });
    if let Some(id) = id {
        told["id"] = id.into();
    }
    told
}

/// A reason in words.
pub fn told(because: Because) -> Told {
    let (code, id) = match because {
        Because::Held(reason) => held(reason),
        Because::UnknownSubjectType => ("unknown_subject_type", None),
        Because::UnknownSubject => ("unknown_subject", None),
        Because::Suspended => ("suspended", None),
        Because::UnknownResourceType => ("unknown_resource_type", None),
        Because::UnknownResource => ("unknown_resource", None),
        Because::UnknownProject => ("unknown_project", None),
        Because::UnknownAction => ("unknown_action", None),
    };
    Told {
        code,
        id,
        message: sentence(because),
    }
}

fn held(reason: Reason) -> (&'static str, Option<String>) {
    match reason {
        Reason::Owner => ("owner", None),
        Reason::Role(id) => ("role", Some(id.to_string())),
        Reason::OwnProject(id) => ("own_project", Some(id.to_string())),
        Reason::Group(id) => ("group", Some(id.to_string())),
        Reason::Direct => ("direct", None),
        Reason::Override(id) => ("override", Some(id.to_string())),
        Reason::Withheld(id) => ("withheld", Some(id.to_string())),
        Reason::OnlyOwnProjects(id) => ("only_own_projects", Some(id.to_string())),
        Reason::NotGranted => ("not_granted", None),
        Reason::OutsideToken => ("outside_token", None),
        Reason::ReadOnly => ("read_only", None),
        Reason::ViewedLacks => ("viewed_lacks", None),
        Reason::NoSuchCell => ("unknown_action", None),
    }
}

fn sentence(because: Because) -> &'static str {
    match because {
        Because::UnknownSubjectType => "Subjects have the type “user”.",
        Because::UnknownSubject => "There is no such member in this workspace.",
        Because::Suspended => "The member is suspended.",
        Because::UnknownResourceType => "The workspace has no resources of this type.",
        Because::UnknownResource => {
            "There is no such resource. Name its project in resource.properties.project if it is not registered."
        }
        Because::UnknownProject => "There is no such project in this workspace.",
        Because::UnknownAction => "Resources of this type have no such action.",
        Because::Held(reason) => match reason {
            Reason::Owner => "Owners may do everything.",
            Reason::Role(_) => "The role includes it.",
            Reason::OwnProject(_) => "The role includes it in projects that the member created.",
            Reason::Group(_) => "A group includes it.",
            Reason::Direct => "It was given directly.",
            Reason::Override(_) => "An override in this project includes it.",
            Reason::Withheld(_) => "An override in this project leaves it out.",
            Reason::OnlyOwnProjects(_) => {
                "The role includes it only in projects that the member created."
            }
            Reason::NotGranted => "Nothing that the member holds includes it.",
            Reason::OutsideToken => "The token leaves it out.",
            Reason::ReadOnly => "Viewing as somebody is read-only.",
            Reason::ViewedLacks => "The member who is viewed as does not have it.",
            Reason::NoSuchCell => "Resources of this type have no such action.",
        },
    }
}
