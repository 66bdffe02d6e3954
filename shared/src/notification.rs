//! What people are told by mail, and which of it they can switch off.

use serde::{Deserialize, Serialize};

/// A kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// What became of an invitation that one sent.
    OwnInvitations,
    /// What became of invitations that others sent, where one manages the team.
    OthersInvitations,
    /// Somebody whom one invited is gone.
    Guests,
    /// What one may do changed.
    Access,
    /// What one has ends, or will end.
    Ends,
    /// What one gave somebody for a time ends soon.
    GivenEnds,
    /// One was suspended, removed or brought back.
    Membership,
    /// Somebody views as one.
    Views,
    /// Who owns the workspace.
    Ownership,
    /// The own password and address.
    Account,
    /// Signing in from somewhere new.
    SignIn,
}

impl NotificationKind {
    /// All of them, in the order in which they are shown: those that can be switched off first.
    pub const ALL: [Self; 11] = [
        Self::OwnInvitations,
        Self::OthersInvitations,
        Self::Guests,
        Self::Access,
        Self::Ends,
        Self::GivenEnds,
        Self::Membership,
        Self::Views,
        Self::Ownership,
        Self::Account,
        Self::SignIn,
    ];

    /// What it is called where it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnInvitations => "own_invitations",
            Self::OthersInvitations => "others_invitations",
            Self::Guests => "guests",
            Self::Access => "access",
            Self::Ends => "ends",
            Self::GivenEnds => "given_ends",
            Self::Membership => "membership",
            Self::Views => "views",
            Self::Ownership => "ownership",
            Self::Account => "account",
            Self::SignIn => "sign_in",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::OwnInvitations => "Your invitations",
            Self::OthersInvitations => "Invitations of others",
            Self::Guests => "People you invited",
            Self::Access => "What you may do",
            Self::Ends => "Your time",
            Self::GivenEnds => "What you gave for a time",
            Self::Membership => "Your membership",
            Self::Views => "View as",
            Self::Ownership => "Ownership",
            Self::Account => "Your password and address",
            Self::SignIn => "New sign-ins",
        }
    }

    /// When such a mail is sent.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::OwnInvitations => {
                "Somebody accepts or declines an invitation that you sent, or it expires."
            }
            Self::OthersInvitations => {
                "The same about invitations that others sent, in workspaces whose team you manage."
            }
            Self::Guests => "Somebody whom you invited leaves or is removed.",
            Self::Access => {
                "Somebody changes your role, your groups, your direct permissions, or what you may do in a project, or revokes an API token of yours."
            }
            Self::Ends => {
                "Your membership gets another end, or something that you have ends in 7 days or in 1 day; of API tokens also 30 days before."
            }
            Self::GivenEnds => "Something that you gave somebody ends in 7 days or in 1 day.",
            Self::Membership => "You are suspended, reactivated, removed or brought back.",
            Self::Views => "Whoever manages the team looks at the workspace as you see it.",
            Self::Ownership => "Ownership is proposed, accepted, put down or taken away.",
            Self::Account => "Your password or your address changes, or somebody asks for that.",
            Self::SignIn => "Somebody signs in to your account from a new browser or network.",
        }
    }

    /// Why it can not be switched off; `None`: it can.
    pub const fn always(self) -> Option<&'static str> {
        match self {
            Self::OwnInvitations
            | Self::OthersInvitations
            | Self::Guests
            | Self::Access
            | Self::Ends
            | Self::GivenEnds => None,
            Self::Membership => Some("Otherwise you would find out only when you are locked out."),
            Self::Views => Some("Nobody is looked over the shoulder unnoticed."),
            Self::Ownership => Some("Owners can do everything, so nobody becomes one unnoticed."),
            Self::Account | Self::SignIn => {
                Some("It is how you notice that somebody else uses your account.")
            }
        }
    }

    /// Whether whoever gets it can switch it off.
    pub const fn mutable(self) -> bool {
        self.always().is_none()
    }

    /// Whether it is sent to who never chose. What becomes of invitations that others sent is not: in a
    /// busy workspace, everybody who manages the team would drown in it, and then read none of our mail.
    pub const fn on_by_default(self) -> bool {
        !matches!(self, Self::OthersInvitations)
    }
}

/// A kind, and whether its mails are sent to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationChoice {
    /// The kind.
    pub kind: NotificationKind,
    /// Whether they are sent.
    pub on: bool,
}

/// What somebody chose, kind by kind, with what holds for the kinds that they never chose about.
pub fn choices(chosen: &[NotificationChoice]) -> Vec<NotificationChoice> {
    let on = |kind: NotificationKind| {
        let own = chosen.iter().find(|choice| choice.kind == kind);
        !kind.mutable() || own.map_or(kind.on_by_default(), |choice| choice.on)
    };
    NotificationKind::ALL
        .map(|kind| NotificationChoice { kind, on: on(kind) })
        .to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_about_safety_is_on_whatever_was_stored_and_says_why() {
        let off: Vec<_> = NotificationKind::ALL
            .map(|kind| NotificationChoice { kind, on: false })
            .to_vec();
        for choice in choices(&off) {
            assert_eq!(choice.on, !choice.kind.mutable(), "{choice:?}");
            assert_eq!(choice.on, choice.kind.always().is_some(), "{choice:?}");
        }
    }

    #[test]
    fn who_never_chose_hears_of_everything_but_the_invitations_of_others() {
        let off: Vec<_> = choices(&[])
            .into_iter()
            .filter(|choice| !choice.on)
            .map(|choice| choice.kind)
            .collect();
        assert_eq!(off, [NotificationKind::OthersInvitations]);
    }

    #[test]
    fn every_kind_is_listed_once_under_the_name_that_is_sent() {
        let names: BTreeSet<_> = NotificationKind::ALL
            .iter()
            .map(|kind| kind.name())
            .collect();
        assert_eq!(names.len(), NotificationKind::ALL.len());
        for kind in NotificationKind::ALL {
            let sent = serde_json::to_string(&kind).unwrap();
            assert_eq!(sent, format!("\"{}\"", kind.name()));
        }
    }
}
