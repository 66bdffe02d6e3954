//! The trail in words: what each action is called, and what its detail says. Names, not ids.
//!
//! Every action that the code writes has its words here; a test reads the sources and says which is
//! missing.

mod changes;

pub use changes::changes;

/// Families of actions and what the filter calls them, in its order.
pub const FAMILIES: [(&str, &str); 21] = [
    ("member", "Members"),
    ("ownership", "Proposals of ownership"),
    ("owner", "Owners"),
    ("invitation", "Invitations"),
    ("role", "Roles"),
    ("group", "Groups"),
    ("override", "Permissions in projects"),
    ("project", "Projects"),
    ("resource", "Resources"),
    ("token", "API tokens"),
    ("workspace", "Workspace"),
    ("access", "Refusals"),
    ("view_as", "Viewing as somebody"),
    ("services", "New services"),
    ("session", "Sign-in"),
    ("account", "Accounts"),
    ("email", "Addresses of accounts"),
    ("password", "Passwords"),
    ("setup", "Set-up"),
    ("audit", "Audit trail"),
    ("demo", "Demonstration"),
];

/// Actions and what people read of them.
const ACTIONS: &[(&str, &str)] = &[
    ("access.denied", "Refused: a permission is missing"),
    (
        "access.denied_often",
        "Refused again and again; further refusals of that minute are not listed",
    ),
    (
        "account.notifications_changed",
        "Changed which mails they get",
    ),
    ("account.renamed", "Changed their name"),
    ("audit.exported", "Exported the audit trail"),
    ("audit.read", "Read the audit trail"),
    ("demo.seeded", "Filled with people for a demonstration"),
    (
        "email.change_asked",
        "Asked for another address of their account",
    ),
    (
        "email.change_withdrawn",
        "Withdrew the change of their address",
    ),
    ("email.changed", "Changed the address of their account"),
    ("group.created", "Created a group"),
    ("group.deleted", "Deleted a group"),
    ("group.member_removed", "Took somebody out of a group"),
    ("group.members_added", "Added people to a group"),
    ("group.updated", "Changed a group"),
    ("invitation.accepted", "Accepted an invitation"),
    ("invitation.changed", "Changed what an invitation gives"),
    (
        "invitation.code_refused",
        "Typed a wrong code for an invitation",
    ),
    (
        "invitation.code_sent",
        "Sent a code to prove the invited address",
    ),
    ("invitation.created", "Invited somebody"),
    ("invitation.declined", "Declined an invitation"),
    ("invitation.expired", "An invitation expired"),
    ("invitation.link_copied", "Copied the link of an invitation"),
    ("invitation.resent", "Sent an invitation again"),
    ("invitation.revoked", "Revoked an invitation"),
    (
        "invitation.taken_over",
        "Took over an invitation of somebody who was removed",
    ),
    ("member.access_changed", "Changed what a member may do"),
    (
        "member.end_changed",
        "Changed until when somebody is a member",
    ),
    ("member.ended", "The time of a member ran out"),
    ("member.joined", "Joined the workspace"),
    ("member.left", "Left the workspace"),
    ("member.reactivated", "Reactivated a member"),
    ("member.reinstated", "Brought a former member back"),
    ("member.removed", "Removed a member"),
    ("member.suspended", "Suspended a member"),
    (
        "override.removed",
        "Removed an override: in the project the member has what they have elsewhere",
    ),
    ("override.set", "Replaced what a member may do in a project"),
    ("owner.demoted", "Took the ownership from somebody"),
    ("owner.handed_over", "Handed over the ownership"),
    (
        "owner.recovered",
        "Made somebody an owner on the command line",
    ),
    ("owner.stepped_down", "Stepped down as an owner"),
    ("ownership.accepted", "Accepted to be an owner"),
    ("ownership.cancelled", "Took a proposal of ownership back"),
    ("ownership.declined", "Declined to be an owner"),
    ("ownership.expired", "A proposal of ownership expired"),
    ("ownership.proposed", "Proposed somebody as an owner"),
    (
        "ownership.voided",
        "A proposal of ownership lost its ground",
    ),
    ("password.changed", "Changed their password"),
    ("password.forgotten", "Asked for a new password"),
    ("password.reset", "Chose a new password with a mailed link"),
    ("project.created", "Created a project"),
    ("project.deleted", "Deleted a project"),
    ("project.updated", "Changed a project"),
    ("resource.created", "Created a resource"),
    ("resource.deleted", "Deleted a resource"),
    ("resource.updated", "Changed a resource"),
    ("role.created", "Created a role"),
    ("role.deleted", "Deleted a role"),
    ("role.updated", "Changed a role"),
    ("services.reviewed", "Looked at new services"),
    ("session.confirmed", "Confirmed who they are"),
    ("session.ended", "Signed out"),
    ("session.others_ended", "Ended all their other sessions"),
    (
        "session.refused",
        "Tried to sign in with a wrong address or password",
    ),
    ("session.started", "Signed in"),
    (
        "session.throttled",
        "Tried to sign in too often and has to wait",
    ),
    ("setup.refused", "Tried to set up with a wrong code"),
    ("token.created", "Made an API token"),
    (
        "token.refused",
        "Used an API token that does not work any more",
    ),
    ("token.revoked", "Revoked an API token"),
    ("view_as.ended", "Stopped viewing as somebody"),
    (
        "view_as.refused",
        "Refused: nothing is changed while viewing as somebody",
    ),
    ("view_as.seen", "Saw a page while viewing as somebody"),
    ("view_as.started", "Started viewing as somebody"),
    ("workspace.created", "Created the workspace"),
    (
        "workspace.default_role_changed",
        "Changed the role that invitations choose first",
    ),
    ("workspace.deleted", "Deleted the workspace"),
    (
        "workspace.invitation_policy_changed",
        "Changed the rules for invitations",
    ),
    ("workspace.renamed", "Renamed the workspace"),
    ("workspace.restored", "Brought the workspace back"),
    (
        "workspace.view_policy_changed",
        "Changed who may view as somebody",
    ),
];

/// What people read of an action; `None` when it has no words.
pub fn action(name: &str) -> Option<&'static str> {
    let found = ACTIONS.iter().find(|(known, _)| *known == name);
    found.map(|(_, words)| *words)
}

/// What kind of thing a target is.
pub fn kind(name: &str) -> String {
    match name {
        "user" => "person".to_owned(),
        other => other.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;
    use crate::store::family;

    fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                into.push(path);
            }
        }
    }

    /// Every text of the form `word.word` in what can write to the trail, but for tests.
    fn written() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&root.join("service"), &mut files);
        files.extend(["outbox.rs", "sweeper.rs"].map(|name| root.join(name)));
        let mut found = BTreeSet::new();
        for path in files {
            if path.ends_with("words.rs") || path.to_string_lossy().contains("words/") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for quoted in code.split('"').skip(1).step_by(2) {
                let word = |part: &str| {
                    !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                };
                if quoted
                    .split_once('.')
                    .is_some_and(|(family, verb)| word(family) && word(verb))
                {
                    found.insert(quoted.to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_action_that_the_code_writes_has_words_and_a_family() {
        let written = written();
        assert!(written.len() > 30, "{written:?}");
        let missing: Vec<_> = written
            .iter()
            .filter(|name| action(name).is_none())
            .collect();
        assert!(missing.is_empty(), "no words for {missing:?}");
        let unused: Vec<_> = ACTIONS
            .iter()
            .filter(|(name, _)| !written.contains(*name))
            .collect();
        assert!(unused.is_empty(), "nobody writes {unused:?}");
        for (name, _) in ACTIONS {
            let known = FAMILIES.iter().any(|(known, _)| *known == family(name));
            assert!(known, "the filter does not offer the family of {name}");
        }
    }

    #[test]
    fn actions_are_sorted_and_each_is_there_once() {
        assert!(ACTIONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
