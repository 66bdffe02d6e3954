//! What the end of a membership would do, line by line, and why it can not be.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    MemberId,
    membership::{Lack, RemovalPreview, SentInvitation},
    text::count,
};

use super::work::Work;
use crate::{
    api::membership::removal_preview,
    components::icon::{Glyph, icon},
    error::ApiFailure,
    paths,
};

/// The answer about one person; `None`: not there yet.
pub type Answer = RwSignal<Option<Result<RemovalPreview, ApiFailure>>>;

/// Asks what ending a membership would do.
pub fn ask(work: Work, member: MemberId) -> Answer {
    let answer = RwSignal::new(None);
    let slug = work.slug();
    spawn_local(async move {
        let preview = removal_preview(slug, member).await;
        let _ = answer.try_set(Some(preview));
    });
    answer
}

/// Why the button has to wait: no answer yet, or a refusal.
pub fn blocked(answer: Answer) -> Option<String> {
    answer.with(|answer| match answer {
        None => Some("What it does is not known yet.".to_owned()),
        Some(Err(failure)) => Some(failure.0.message.clone()),
        Some(Ok(preview)) => preview.refused.clone(),
    })
}

/// The shape of the lines while they are worked out.
pub fn skeleton() -> AnyView {
    view! {
        <div class="grid gap-3">
            <p class="sr-only" role="status">"Working out what happens"</p>
            <span class="skeleton" data-line="long" aria-hidden="true"></span>
            <span class="skeleton" data-line="" aria-hidden="true"></span>
            <span class="skeleton" data-line="long" aria-hidden="true"></span>
            <span class="skeleton" data-line="long" aria-hidden="true"></span>
        </div>
    }
    .into_any()
}

/// The lines; above them a refusal with the way out.
pub fn effects(work: Work, preview: &RemovalPreview) -> AnyView {
    let refused = preview
        .refused
        .as_ref()
        .map(|why| refusal(work, why, preview.lacks == Some(Lack::Owner)));
    let lines = lines(preview)
        .into_iter()
        .map(|(glyph, words)| view! { <li>{icon(glyph)}<span>{words}</span></li> })
        .collect_view();
    view! {
        {refused}
        <ul class="rc-effects" aria-label="What happens">{lines}</ul>
    }
    .into_any()
}

fn refusal(work: Work, why: &str, last_owner: bool) -> AnyView {
    let way_out = last_owner.then(|| {
        let members = paths::members_base(&work.slug());
        view! {
            <p>
                "Open the page of the one who takes over and choose “Hand over ownership”. "
                <a class="rc-link" href=members on:click=move |_| work.life.open.set(false)>
                    "Choose somebody in Members"
                </a>
            </p>
        }
    });
    view! {
        <div class="alert" data-variant="destructive" role="alert">
            {icon(Glyph::Ban)}
            <strong>"This can not be done now"</strong>
            <div><p>{why.to_owned()}</p>{way_out}</div>
        </div>
    }
    .into_any()
}

fn lines(preview: &RemovalPreview) -> Vec<(Glyph, String)> {
    let you = preview.is_you;
    let mut lines = vec![
        (
            Glyph::Lock,
            if you {
                "You lose access at once, in every tab that is open.".to_owned()
            } else {
                format!(
                    "{} ({}) loses access at once, in every tab that is open.",
                    preview.member.name, preview.email
                )
            },
        ),
        (Glyph::Shield, format!("{}.", ending(preview))),
    ];
    if preview.is_owner && preview.lacks != Some(Lack::Owner) {
        lines.push((
            Glyph::Crown,
            "Their ownership ends too. Another owner remains.".to_owned(),
        ));
    }
    lines.push((Glyph::Folder, staying(preview)));
    if let Some(words) = tokens(preview) {
        lines.push((Glyph::Key, words));
    }
    if let Some(words) = sent(preview) {
        lines.push((Glyph::Mail, words));
    }
    if preview.lacks.is_none() {
        lines.push((
            Glyph::Users,
            "Somebody else who can manage the team remains.".to_owned(),
        ));
    }
    let until = preview.undo_until.date();
    lines.push((
        Glyph::Clock,
        if you {
            format!("Until {until}, somebody who manages the team can bring you back.")
        } else {
            format!("Until {until} it can be undone under “Removed people”.")
        },
    ));
    lines
}

/// "The role Operator, 2 groups (QA, Billing) and 1 override end".
fn ending(preview: &RemovalPreview) -> String {
    let mut parts = vec![format!("the role {}", preview.role)];
    if !preview.groups.is_empty() {
        parts.push(format!(
            "{} ({})",
            count(preview.groups.len(), "group", "groups"),
            preview.groups.join(", ")
        ));
    }
    let counted = [
        (
            preview.direct_permissions,
            "direct permission",
            "direct permissions",
        ),
        (
            preview.overrides,
            "override in a project",
            "overrides in projects",
        ),
    ];
    for (n, one, many) in counted {
        if n > 0 {
            parts.push(count(n, one, many));
        }
    }
    let verb = if parts.len() == 1 { "ends" } else { "end" };
    let words = match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    };
    let words = words.replacen('t', "T", 1);
    format!("{words} {verb}")
}

/// What they created and stays.
fn staying(preview: &RemovalPreview) -> String {
    let who = if preview.is_you { "you" } else { "they" };
    let part = |n: i64, one, many| {
        let n = usize::try_from(n).unwrap_or_default();
        (n > 0).then(|| count(n, one, many))
    };
    let parts: Vec<String> = [
        part(preview.projects, "project", "projects"),
        part(preview.resources, "resource", "resources"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [] => format!("Nothing else goes: {who} created no projects or resources here."),
        parts => format!("What {who} created stays: {}.", parts.join(" and ")),
    }
}

/// What becomes of their API tokens, by name.
fn tokens(preview: &RemovalPreview) -> Option<String> {
    let names: Vec<&str> = preview.tokens.iter().map(|t| t.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let whose = if preview.is_you { "Your" } else { "Their" };
    let what = count(names.len(), "API token is", "API tokens are");
    Some(format!(
        "{whose} {what} revoked for good: {}. Whatever uses them is refused at once.",
        listed(&names)
    ))
}

/// At most five names, and how many more there are.
pub fn listed(names: &[&str]) -> String {
    const NAMED: usize = 5;
    let shown = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What becomes of waiting invitations; the one who removes chooses that elsewhere.
fn sent(preview: &RemovalPreview) -> Option<String> {
    match (preview.is_you, preview.invitations_total) {
        (false, 0) => Some("No invitation of theirs waits for an answer.".to_owned()),
        (true, n) if n > 0 => Some(format!(
            "{} revoked.",
            count(
                n,
                "invitation that you sent and that waits is",
                "invitations that you sent and that wait are"
            )
        )),
        _ => None,
    }
}

/// One waiting invitation, for a list of them.
pub fn invitation(sent: &SentInvitation) -> AnyView {
    let mark = (!sent.may_keep)
        .then(|| view! { <span class="badge" title="It gives more than you may give">"Revoked either way"</span> });
    view! {
        <li>
            <span class="break-all">{sent.email.clone()}</span>
            <span class="rc-sub">{format!(" as {} ", sent.role)}</span>
            {mark}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use rolecall_shared::{Timestamp, member::Named};

    use super::*;

    fn preview() -> RemovalPreview {
        RemovalPreview {
            member: Named {
                id: "0192f0c0-0000-7000-8000-000000000001".parse().unwrap(),
                name: "Ben Okafor".into(),
            },
            email: "ben@example.org".into(),
            role: "Operator".into(),
            is_you: false,
            is_owner: false,
            lacks: None,
            invitations: Vec::new(),
            invitations_total: 0,
            groups: Vec::new(),
            direct_permissions: 0,
            overrides: 0,
            tokens: Vec::new(),
            projects: 0,
            resources: 0,
            undo_until: Timestamp(1_795_379_295_000_000),
            refused: None,
        }
    }

    #[test]
    fn what_ends_is_one_sentence() {
        assert_eq!(ending(&preview()), "The role Operator ends");
        let more = RemovalPreview {
            groups: vec!["QA".into(), "Billing".into()],
            overrides: 1,
            ..preview()
        };
        assert_eq!(
            ending(&more),
            "The role Operator, 2 groups (QA, Billing) and 1 override in a project end"
        );
    }

    #[test]
    fn what_stays_is_counted_or_said_to_be_nothing() {
        assert!(staying(&preview()).contains("created no projects"));
        let much = RemovalPreview {
            projects: 1,
            resources: 12,
            ..preview()
        };
        assert_eq!(
            staying(&much),
            "What they created stays: 1 project and 12 resources."
        );
    }

    #[test]
    fn tokens_are_named_and_said_to_end_for_good() {
        assert_eq!(tokens(&preview()), None);
        let token = rolecall_shared::token::HeldToken {
            name: "Deploy bot".into(),
            hint: "rcl_abcd".into(),
            last_used_at: None,
        };
        let one = RemovalPreview {
            tokens: vec![token.clone()],
            ..preview()
        };
        let said = tokens(&one).unwrap();
        assert!(
            said.starts_with("Their 1 API token is revoked for good: Deploy bot."),
            "{said}"
        );
        let many = RemovalPreview {
            tokens: vec![token; 7],
            ..preview()
        };
        assert!(tokens(&many).unwrap().contains("and 2 more"));
    }

    #[test]
    fn who_leaves_is_told_about_the_invitations_they_sent() {
        let leaving = RemovalPreview {
            is_you: true,
            invitations_total: 2,
            ..preview()
        };
        assert_eq!(
            sent(&leaving).unwrap(),
            "2 invitations that you sent and that wait are revoked."
        );
        assert_eq!(
            sent(&RemovalPreview {
                is_you: true,
                ..preview()
            }),
            None
        );
    }
}
