//! What somebody may do here and why, in words.

use leptos::prelude::*;
use rolecall_shared::{
    Timestamp,
    access::OverrideView,
    catalogue::Level,
    permission::Action,
    project::{OverrideEffect, ProjectMember},
};

use crate::components::icon::{Glyph, icon};

/// How far a level reaches, in a word or two where that is enough.
pub fn reach(level: Level) -> String {
    let [view, manage, delete] = level.held;
    if level.held == level.of {
        return "everything".to_owned();
    }
    let all_views = view == level.of[Action::View as usize];
    match (manage, delete) {
        (0, 0) if view == 0 => "no access".to_owned(),
        (0, 0) if all_views => "view only".to_owned(),
        (_, 0) if all_views && manage == level.of[Action::Manage as usize] => {
            "view and manage".to_owned()
        }
        _ => {
            let mut words = level.words();
            // "View …" stands inside of a sentence here.
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            words
        }
    }
}

/// A day in a sentence.
fn day(at: Timestamp) -> AnyView {
    view! { <time datetime=at.rfc3339() title=at.absolute()>{at.date()}</time> }.into_any()
}

/// Who set an override, when, and until when it holds.
pub fn origin(over: &OverrideView) -> AnyView {
    let by = if over.set_by.is_empty() {
        "override".to_owned()
    } else {
        format!("override by {}", over.set_by)
    };
    let ends = over.grant.expires_at.map(|at| view! { ", ends "{day(at)} });
    view! { {by}", "{day(over.set_at)}{ends} }.into_any()
}

/// "Role: Operator → here: view only (override by Ana Ruiz, 3 Mar 2026, ends 10 Mar 2026)".
/// An override that has ended, or is of an owner, is never shown as a value that holds.
pub fn sentence(member: &ProjectMember, over: &OverrideView) -> AnyView {
    if member.is_owner {
        return view! {
            "Owners can do everything in every project. The "{origin(over)}", changes nothing."
        }
        .into_any();
    }
    let role = format!("Role: {} → here: {}", member.role, reach(member.here));
    if member.effect != Some(OverrideEffect::Ended) {
        return view! { {role}" ("{origin(over)}")" }.into_any();
    }
    let ended = over.grant.expires_at.map_or_else(
        || "has ended".into_any(),
        |at| view! { "ended "{day(at)} }.into_any(),
    );
    view! { {role}". The override by "{over.set_by.clone()}" "{ended}" and changes nothing any more." }
        .into_any()
}

/// What is remarkable about an override, by icon and word.
pub fn marks(member: &ProjectMember) -> AnyView {
    match member.effect {
        Some(OverrideEffect::Ended) => mark(
            "neutral",
            Glyph::Hourglass,
            "Ended",
            "It can be removed, or saved again with another end.",
        ),
        Some(OverrideEffect::Redundant) => mark(
            "neutral",
            Glyph::Info,
            "Redundant",
            "It says what holds anyway. Remove it to follow role and groups.",
        ),
        Some(OverrideEffect::Wider) => mark(
            "warning",
            Glyph::Triangle,
            "Wider",
            "It gives something here that role and groups do not give.",
        ),
        Some(OverrideEffect::Narrower) | None => ().into_any(),
    }
}

fn mark(status: &'static str, glyph: Glyph, word: &'static str, why: &'static str) -> AnyView {
    view! {
        <span class="rc-status" data-status=status title=why>
            {icon(glyph)}
            {word}
            <span class="sr-only">{format!(". {why}")}</span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_a_word_or_two_where_that_is_enough() {
        let of = [9, 9, 8];
        let reach = |held| reach(Level { held, of });
        assert_eq!(reach([0, 0, 0]), "no access");
        assert_eq!(reach([9, 0, 0]), "view only");
        assert_eq!(reach([9, 9, 0]), "view and manage");
        assert_eq!(reach([9, 9, 8]), "everything");
        assert_eq!(
            reach([3, 1, 0]),
            "view 3 of 9, manage 1 of 9, delete nothing"
        );
    }
}
