//! The words for what stands in the audit trail.

/// What each action is called, with `{}` for the thing it was done to.
const DEEDS: &[(&str, &str)] = &[
    ("access.denied", "was refused something in {}"),
    ("access.denied_often", "was refused many things in {}"),
    ("demo.seeded", "filled {} with a demo"),
    ("group.created", "made the group {}"),
    ("group.deleted", "deleted the group {}"),
    ("group.member_removed", "took somebody out of the group {}"),
    ("group.members_added", "added people to the group {}"),
    ("group.updated", "changed the group {}"),
    ("invitation.accepted", "accepted the invitation of {}"),
    ("invitation.code_sent", "had a code sent to {}"),
    ("invitation.created", "invited {}"),
    ("invitation.declined", "declined the invitation of {}"),
    (
        "invitation.expired",
        "noted that the invitation of {} expired",
    ),
    ("invitation.link_copied", "copied the link of {}"),
    ("invitation.resent", "sent the invitation of {} again"),
    ("invitation.revoked", "revoked the invitation of {}"),
    (
        "invitation.role_changed",
        "changed the role in the invitation of {}",
    ),
    ("member.access_changed", "changed the access of {}"),
    ("member.joined", "made {} a member"),
    ("override.removed", "removed the override of {}"),
    ("override.set", "set an override for {}"),
    ("project.created", "made the project {}"),
    ("project.deleted", "deleted the project {}"),
    ("project.updated", "changed the project {}"),
    ("resource.created", "made {}"),
    ("resource.deleted", "deleted {}"),
    ("resource.updated", "changed {}"),
    ("role.created", "made the role {}"),
    ("role.deleted", "deleted the role {}"),
    ("role.updated", "changed the role {}"),
    ("workspace.created", "set up {}"),
    (
        "workspace.default_role_changed",
        "changed the role for new invitations",
    ),
    ("workspace.deleted", "deleted {}"),
    (
        "workspace.invitation_policy_changed",
        "changed the invitation settings",
    ),
    ("workspace.renamed", "renamed the workspace {}"),
    ("workspace.restored", "brought {} back"),
];

/// What an actor did, to follow their name: "invited ben@example.org". An action that has no words
/// yet is named as it is.
pub fn deed(action: &str, target: &str) -> String {
    let known = DEEDS.iter().find(|(name, _)| *name == action);
    match known {
        Some((_, words)) => words.replace("{}", target),
        None => format!("did {action} to {target}"),
    }
}

/// The name of an actor without the address that follows it in the trail.
pub fn actor_name(label: &str) -> &str {
    label.split(" <").next().unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_in_words() {
        assert_eq!(
            deed("invitation.created", "ben@example.org"),
            "invited ben@example.org"
        );
        assert_eq!(deed("role.updated", "A {} B"), "changed the role A {} B");
        assert_eq!(deed("moon.landed", "Sea"), "did moon.landed to Sea");
        assert_eq!(actor_name("Ana Ruiz <ana@example.org>"), "Ana Ruiz");
        assert_eq!(actor_name("sweeper"), "sweeper");
    }

    #[test]
    fn actions_stand_once_and_in_order() {
        assert!(DEEDS.is_sorted_by(|one, next| one.0 < next.0));
    }
}
