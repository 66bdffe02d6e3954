//! The words about a membership: what was done to it, what will end, who owns the workspace.

use rolecall_shared::{Timestamp, notification::NotificationKind};

use super::{Block, NAME_MAX, Rendered, guarded, guarded_lines, notification};

/// What somebody is told about a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News<'a> {
    /// You were removed.
    Removed {
        /// Why; may be empty.
        reason: &'a str,
    },
    /// You were suspended.
    Suspended {
        /// Why; may be empty.
        reason: &'a str,
    },
    /// You are active again.
    Reactivated,
    /// You are a member again.
    Reinstated,
    /// You have another role.
    RoleChanged {
        /// Its name before.
        before: &'a str,
        /// Its name now.
        after: &'a str,
    },
    /// You are no owner any more, and have a role.
    OwnershipTaken {
        /// Its name.
        role: &'a str,
    },
    /// Your groups or direct permissions changed.
    AccessChanged,
    /// You are in a group now, or until another moment.
    GroupJoined {
        /// Its name.
        group: &'a str,
        /// Until when.
        ends_at: Option<Timestamp>,
    },
    /// You are not in a group any more.
    GroupLeft {
        /// Its name.
        group: &'a str,
    },
    /// What you may do in a project changed.
    OverrideChanged {
        /// Its name.
        project: &'a str,
    },
    /// Your membership ends one day, or does not end any more.
    EndChanged {
        /// When.
        ends_at: Option<Timestamp>,
    },
    /// Something of yours ends soon.
    EndsSoon {
        /// What, such as "your membership".
        what: &'a str,
        /// When.
        ends_at: Timestamp,
    },
    /// Something that you gave somebody ends soon.
    GivenEndsSoon {
        /// Name and address of whom it was given to.
        whose: &'a str,
        /// What, such as "the membership".
        what: &'a str,
        /// When.
        ends_at: Timestamp,
    },
    /// An API token of yours ends soon.
    TokenEndsSoon {
        /// What it is for.
        token: &'a str,
        /// When.
        ends_at: Timestamp,
    },
    /// Somebody else revoked an API token of yours.
    TokenRevoked {
        /// What it was for.
        token: &'a str,
    },
    /// Somebody whom you invited is not a member any more.
    GuestGone {
        /// Their name and address.
        who: &'a str,
        /// Whether they left by themselves.
        left: bool,
    },
    /// You are asked to be an owner.
    OwnershipProposed {
        /// Whether the owner who asks hands theirs over.
        hand_over: bool,
        /// Until when you can accept.
        expires_at: Timestamp,
    },
    /// What was proposed to you is taken back.
    OwnershipCancelled,
    /// You proposed ownership to somebody: what became of it.
    OwnershipAnswered {
        /// Their name.
        who: &'a str,
        /// Whether they accepted.
        accepted: bool,
    },
    /// Somebody looked at the workspace as you see it.
    Viewed {
        /// Why.
        reason: &'a str,
        /// When that is over at the latest.
        until: Timestamp,
    },
    /// Who owns the workspace changed.
    OwnersChanged {
        /// What happened, in a sentence of ours in which names are guarded already.
        what: &'a str,
    },
}

impl News<'_> {
    /// Of which kind the mail is, so whether it can be switched off.
    pub const fn kind(&self) -> NotificationKind {
        match self {
            Self::Removed { .. }
            | Self::Suspended { .. }
            | Self::Reactivated
            | Self::Reinstated => NotificationKind::Membership,
            Self::RoleChanged { .. }
            | Self::AccessChanged
            | Self::GroupJoined { .. }
            | Self::GroupLeft { .. }
            | Self::OverrideChanged { .. }
            | Self::TokenRevoked { .. } => NotificationKind::Access,
            Self::EndChanged { .. } | Self::EndsSoon { .. } | Self::TokenEndsSoon { .. } => {
                NotificationKind::Ends
            }
            Self::GivenEndsSoon { .. } => NotificationKind::GivenEnds,
            Self::GuestGone { .. } => NotificationKind::Guests,
            Self::Viewed { .. } => NotificationKind::Views,
            Self::OwnershipProposed { .. }
            | Self::OwnershipTaken { .. }
            | Self::OwnershipCancelled
            | Self::OwnershipAnswered { .. }
            | Self::OwnersChanged { .. } => NotificationKind::Ownership,
        }
    }
}

/// A mail about a membership.
#[derive(Clone, Copy, Debug)]
pub struct MembershipMail<'a> {
    /// Name of the workspace.
    pub workspace: &'a str,
    /// The name of whoever did it; empty: time did, or Rolecall.
    pub by: &'a str,
    /// What is told.
    pub news: News<'a>,
    /// When it happened.
    pub at: Timestamp,
    /// The page to look at.
    pub link: &'a str,
    /// Where this installation lives.
    pub public_url: &'a str,
}

/// Subject, what is told, and what the link does, where it leads to something.
type Words = (String, Vec<String>, Option<&'static str>);

/// Tells somebody about a membership.
pub fn membership(mail: &MembershipMail<'_>) -> Rendered {
    let workspace = guarded(mail.workspace, NAME_MAX);
    let (subject, told, label) = words(mail, &workspace);
    let mut blocks: Vec<Block> = told.into_iter().map(Block::Paragraph).collect();
    if let News::Removed { reason } | News::Suspended { reason } | News::Viewed { reason, .. } =
        mail.news
    {
        let lines = guarded_lines(reason);
        if !lines.is_empty() {
            blocks.push(Block::Quote("The reason given:".to_owned(), lines));
        }
    }
    blocks.extend(label.map(|label| Block::Link(label, mail.link.to_owned())));
    let because = match mail.news {
        News::Removed { .. } => format!("because you were a member of {workspace}"),
        News::OwnersChanged { .. } => format!("because you own {workspace}"),
        News::GuestGone { .. } => format!("because you invited somebody to {workspace}"),
        _ => format!("because you are a member of {workspace}"),
    };
    notification(
        subject,
        &blocks,
        mail.public_url,
        (&because, mail.news.kind()),
    )
}

fn words(mail: &MembershipMail<'_>, workspace: &str) -> Words {
    let at = mail.at.absolute();
    let by = match guarded(mail.by, NAME_MAX) {
        by if by.is_empty() => String::new(),
        by => format!(" by {by}"),
    };
    let page = Some("Open the workspace");
    match mail.news {
        News::Removed { .. } => (
            format!("You were removed from {workspace}"),
            vec![
                format!("You were removed from the workspace {workspace}{by} on {at}. You can not open it any more."),
                "What you created there stays with the workspace. If this was a mistake, ask an admin: \
                 they can bring your membership back."
                    .to_owned(),
            ],
            None,
        ),
        News::Suspended { .. } => (
            format!("You were suspended in {workspace}"),
            vec![
                format!("Your membership of the workspace {workspace} was suspended{by} on {at}. Until it is reactivated you can not open the workspace; your role and all you have there are kept."),
                "If this was a mistake, ask an admin of the workspace.".to_owned(),
            ],
            None,
        ),
        News::Reactivated => (
            format!("You are active in {workspace} again"),
            vec![format!("Your membership of the workspace {workspace} was reactivated{by} on {at}. All is as it was before.")],
            page,
        ),
        News::Reinstated => (
            format!("You are a member of {workspace} again"),
            vec![format!("Your membership of the workspace {workspace} was brought back{by} on {at}.")],
            page,
        ),
        News::RoleChanged { before, after } => (
            format!("Your role in {workspace} changed"),
            vec![format!(
                "Your role in the workspace {workspace} was changed{by} on {at}: from {} to {}. It holds from now on.",
                guarded(before, NAME_MAX),
                guarded(after, NAME_MAX)
            )],
            Some("See what you may do"),
        ),
        News::AccessChanged => (
            format!("Your access in {workspace} changed"),
            vec![format!("Your groups or direct permissions in the workspace {workspace} were changed{by} on {at}. It holds from now on.")],
            Some("See what you may do"),
        ),
        News::GroupJoined { .. } | News::GroupLeft { .. } => group(mail, workspace, &by),
        News::OverrideChanged { project } => {
            let project = guarded(project, NAME_MAX);
            (
                format!("Your access in {project} changed"),
                vec![format!(
                    "What you may do in the project {project} of the workspace {workspace} was changed{by} \
                     on {at}. It holds from now on."
                )],
                Some("See what you may do"),
            )
        }
        News::Viewed { until, .. } => viewed(workspace, &by, &at, until),
        News::EndChanged { ends_at } => end_changed(workspace, &by, ends_at),
        News::EndsSoon { .. } | News::GivenEndsSoon { .. } => ends_soon(mail, workspace),
        News::TokenEndsSoon { .. } | News::TokenRevoked { .. } => token(mail, workspace, &by),
        News::GuestGone { who, left } => {
            let who = guarded(who, 2 * NAME_MAX);
            let how = if left { "left".to_owned() } else { format!("was removed{by} from") };
            (
                format!("{who} is no longer a member of {workspace}"),
                vec![format!("{who}, whom you invited, {how} the workspace {workspace} on {at}.")],
                Some("See the members"),
            )
        }
        News::OwnershipProposed { .. }
        | News::OwnershipTaken { .. }
        | News::OwnershipCancelled
        | News::OwnershipAnswered { .. }
        | News::OwnersChanged { .. } => ownership(mail, workspace),
    }
}

fn group(mail: &MembershipMail<'_>, workspace: &str, by: &str) -> Words {
    let at = mail.at.absolute();
    let (subject, told) = match mail.news {
        News::GroupJoined { group, ends_at } => {
            let group = guarded(group, NAME_MAX);
            let until = match ends_at {
                Some(end) => format!("until {}", end.absolute()),
                None => "without an end".to_owned(),
            };
            (
                format!("You are in the group {group} of {workspace}"),
                format!(
                    "You were put into the group {group} of the workspace {workspace}{by} on {at}, {until}. \
                     You may do what the group gives, in addition to what you have."
                ),
            )
        }
        News::GroupLeft { group } => {
            let group = guarded(group, NAME_MAX);
            (
                format!("You are not in the group {group} of {workspace} any more"),
                format!(
                    "You were taken out of the group {group} of the workspace {workspace}{by} on {at}. What \
                     only the group gave you, you can not do any more."
                ),
            )
        }
        _ => Default::default(),
    };
    (subject, vec![told], Some("See what you may do"))
}

fn viewed(workspace: &str, by: &str, at: &str, until: Timestamp) -> Words {
    (
        format!("{workspace} was looked at as you see it"),
        vec![
            format!(
                "The workspace {workspace} is looked at{by} as you see it, from {at} until {} at the latest. \
                 That shows what you can see there, and changes nothing; what is personal, such as your \
                 account, is not shown.",
                until.absolute()
            ),
            "If you did not expect this, ask an owner of the workspace.".to_owned(),
        ],
        None,
    )
}

fn end_changed(workspace: &str, by: &str, ends_at: Option<Timestamp>) -> Words {
    let (subject, told) = match ends_at {
        Some(end) => (
            format!("Your membership of {workspace} ends on {}", end.date()),
            format!(
                "It was decided{by} that your membership of the workspace {workspace} ends on {}. From then on \
                 you are suspended: you keep what you have there and can not use it.",
                end.absolute()
            ),
        ),
        None => (
            format!("Your membership of {workspace} has no end any more"),
            format!(
                "It was decided{by} that your membership of the workspace {workspace} has no end."
            ),
        ),
    };
    (subject, vec![told], Some("Open the workspace"))
}

fn ends_soon(mail: &MembershipMail<'_>, workspace: &str) -> Words {
    let told = match mail.news {
        News::GivenEndsSoon {
            whose,
            what,
            ends_at,
        } => {
            let (whose, what) = (guarded(whose, 2 * NAME_MAX), guarded(what, 2 * NAME_MAX));
            (
                format!(
                    "In {workspace}, {what} of {whose} ends on {}",
                    ends_at.date()
                ),
                format!(
                    "You gave an end to {what} of {whose} in the workspace {workspace}: {}. Set a later one if \
                     they should keep it; otherwise there is nothing to do.",
                    ends_at.absolute()
                ),
            )
        }
        News::EndsSoon { what, ends_at } => {
            let what = guarded(what, 2 * NAME_MAX);
            (
                format!("In {workspace}, {what} ends on {}", ends_at.date()),
                format!(
                    "In the workspace {workspace}, {what} ends on {}. If you need it for longer, ask an admin \
                     of the workspace.",
                    ends_at.absolute()
                ),
            )
        }
        _ => Default::default(),
    };
    (told.0, vec![told.1], Some("Open the workspace"))
}

fn token(mail: &MembershipMail<'_>, workspace: &str, by: &str) -> Words {
    let (subject, told) = match mail.news {
        News::TokenEndsSoon { token, ends_at } => {
            let token = guarded(token, NAME_MAX);
            (
                format!("Your API token {token} ends on {}", ends_at.date()),
                format!(
                    "Your API token {token} for the workspace {workspace} ends on {}. A token can not be \
                     given more time: make another, and give it to the program that uses this one before then.",
                    ends_at.absolute()
                ),
            )
        }
        News::TokenRevoked { token } => {
            let token = guarded(token, NAME_MAX);
            (
                format!("Your API token {token} was revoked"),
                format!(
                    "Your API token {token} for the workspace {workspace} was revoked{by} on {}. The program \
                     that used it is refused from now on. If it is still needed, ask why before you make another.",
                    mail.at.absolute()
                ),
            )
        }
        _ => Default::default(),
    };
    (subject, vec![told], Some("See your tokens"))
}

fn ownership(mail: &MembershipMail<'_>, workspace: &str) -> Words {
    let by = guarded(mail.by, NAME_MAX);
    match mail.news {
        News::OwnershipProposed {
            hand_over,
            expires_at,
        } => {
            let how = if hand_over {
                format!(
                    "{by} wants to hand the ownership of the workspace {workspace} over to you."
                )
            } else {
                format!(
                    "{by} wants you to be an owner of the workspace {workspace}, beside the present owners."
                )
            };
            (
                format!("You are asked to own {workspace}"),
                vec![
                    how,
                    format!(
                        "Owners have every permission. Sign in to accept or to decline, until {}.",
                        expires_at.absolute()
                    ),
                ],
                Some("Open the workspace"),
            )
        }
        News::OwnershipTaken { role } => {
            let (role, at) = (guarded(role, NAME_MAX), mail.at.absolute());
            (
                format!("You are not an owner of {workspace} any more"),
                vec![format!(
                    "{by} took your ownership of the workspace {workspace} on {at}. You go on as a member with \
                     the role {role}."
                )],
                Some("Open the workspace"),
            )
        }
        News::OwnershipCancelled => (
            format!("You are no longer asked to own {workspace}"),
            vec![format!(
                "The proposal that you become an owner of the workspace {workspace} is over. Nothing changes for you."
            )],
            None,
        ),
        News::OwnershipAnswered { who, accepted } => {
            let who = guarded(who, NAME_MAX);
            let (did, told) = if accepted {
                (
                    "accepted",
                    format!("{who} is an owner of the workspace {workspace} now."),
                )
            } else {
                (
                    "declined",
                    format!(
                        "{who} does not become an owner of the workspace {workspace}. Nothing changed."
                    ),
                )
            };
            (
                format!("{who} {did} to own {workspace}"),
                vec![told],
                Some("Open the workspace"),
            )
        }
        News::OwnersChanged { what } => (
            format!("The owners of {workspace} changed"),
            vec![
                what.to_owned(),
                "If you did not expect this, look at the members of the workspace now.".to_owned(),
            ],
            Some("See the members"),
        ),
        _ => Default::default(),
    }
}

#[cfg(test)]
mod tests;
