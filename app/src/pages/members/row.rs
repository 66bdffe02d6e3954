//! One member.

use leptos::prelude::*;
use rolecall_shared::{
    GroupId,
    member::{MemberRow, MemberStatus, Named},
};

use super::rights::Rights;
use crate::{
    components::{avatar, icon::Glyph, markup::Markup, menu, meter, time},
    paths,
};

/// What the id of a row's menu begins with; the id of the member follows.
pub const MENU: &str = "member-";

/// Adds a row of the table. All of it is text: the table listens for its boxes and menus, and keeps its
/// times fresh.
pub fn row(into: Markup, member: &MemberRow, rights: &Rights, slug: &str) -> Markup {
    let page = paths::member(slug, member.id);
    let html = check(into.tags(r#"<tr><td data-col="check">"#), member)
        .tags(r#"</td><th scope="row" data-col="main">"#);
    let html = person(html, member, &page).tags(r#"</th><td data-col="meta">"#);
    let html = role(html, member).tags(r#"</td><td data-hide="lg">"#);
    let html = tags(html, &member.groups).tags("</td><td>");
    let html = standing(html, member).tags("</td><td>");
    let html = match member.last_active_at {
        Some(at) => time::written(html, at),
        None => html.tags("Never"),
    };
    let html = html.tags(r#"</td><td data-hide="lg"><span class="rc-person-text">"#);
    let html = time::written(html, member.joined_at);
    let html = match &member.invited_by {
        Some(name) => html
            .tags(r#"<span class="rc-person-mail"><span class="sr-only">Invited </span>by "#)
            .text(name)
            .tags("</span>"),
        None => html,
    };
    let html = html.tags(r#"</span></td><td data-col="end">"#);
    menu(html, member, &page, rights, slug).tags("</td></tr>")
}

/// The box that selects the row.
fn check(into: Markup, member: &MemberRow) -> Markup {
    into.tags(r#"<input type="checkbox" class="input" autocomplete="off" data-select=""#)
        .text(&member.id.to_string())
        .tags(r#"" aria-label="Select "#)
        .text(&member.name)
        .tags(r#"">"#)
}

fn person(into: Markup, member: &MemberRow, page: &str) -> Markup {
    let you = if member.is_you {
        r#"<span class="rc-you"> (you)</span>"#
    } else {
        ""
    };
    let start = into.tags(r#"<span class="rc-person">"#);
    avatar::written(start, &member.name, &member.email)
        .tags(r#"<span class="rc-person-text"><span class="rc-person-name"><a class="rc-row-link" href=""#)
        .text(page)
        .tags(r#"">"#)
        .text(&member.name)
        .tags("</a>")
        .tags(you)
        .tags(r#"</span><span class="rc-person-mail">"#)
        .text(&member.email)
        .tags("</span></span></span>")
}

fn role(into: Markup, member: &MemberRow) -> Markup {
    let start = into
        .tags(r#"<span class="rc-level">"#)
        .text(&member.role.name);
    let mut html = meter::written(start, member.level);
    if member.is_owner {
        html = html
            .tags(r#"<span class="badge" data-variant="secondary" title="Owners have every permission">"#)
            .tags(Glyph::Crown.html())
            .tags("Owner</span>");
    }
    html.tags("</span>")
}

/// The first two groups, and how many more.
pub fn groups(groups: &[Named<GroupId>]) -> AnyView {
    view! { <span class="rc-tags" inner_html=badges(Markup::new(), groups).into_html()></span> }
        .into_any()
}

fn tags(into: Markup, groups: &[Named<GroupId>]) -> Markup {
    if groups.is_empty() {
        return into
            .tags(r#"<span aria-hidden="true">–</span><span class="sr-only">No groups</span>"#);
    }
    badges(into.tags(r#"<span class="rc-tags">"#), groups).tags("</span>")
}

fn badges(into: Markup, groups: &[Named<GroupId>]) -> Markup {
    let html = groups.iter().take(2).fold(into, |html, group| {
        html.tags(r#"<span class="badge" data-variant="secondary">"#)
            .text(&group.name)
            .tags("</span>")
    });
    let rest: Vec<_> = groups.iter().skip(2).map(|g| g.name.as_str()).collect();
    if rest.is_empty() {
        return html;
    }
    let names = rest.join(", ");
    html.tags(r#"<span class="badge" title=""#)
        .text(&names)
        .tags(r#"">+"#)
        .text(&rest.len().to_string())
        .tags(r#"<span class="sr-only">: "#)
        .text(&names)
        .tags("</span></span>")
}

/// Whether somebody can act, as a pill.
pub fn status(status: MemberStatus) -> AnyView {
    pill(Markup::new(), status).into_view()
}

fn pill(into: Markup, status: MemberStatus) -> Markup {
    let (glyph, words) = match status {
        MemberStatus::Active => (Glyph::Check, "Active"),
        MemberStatus::Suspended => (Glyph::Pause, "Suspended"),
    };
    into.tags(r#"<span class="rc-status" data-status=""#)
        .tags(status.name())
        .tags(r#"">"#)
        .tags(glyph.html())
        .tags(words)
        .tags("</span>")
}

/// The pill, and below it the day on which the membership ends or ended.
fn standing(into: Markup, member: &MemberRow) -> Markup {
    let html = pill(into, member.status);
    let Some(end) = member.ends_at else {
        return html;
    };
    let word = match member.status {
        MemberStatus::Active => "Ends ",
        MemberStatus::Suspended => "Ended ",
    };
    html.tags(r#"<time class="rc-ends" datetime=""#)
        .text(&end.rfc3339())
        .tags(r#"" title=""#)
        .text(&end.absolute())
        .tags(r#"">"#)
        .tags(word)
        .text(&end.date())
        .tags("</time>")
}

/// The row's menu; what its entries do is in [`super::acts`].
fn menu(into: Markup, member: &MemberRow, page: &str, rights: &Rights, slug: &str) -> Markup {
    let id = format!("{MENU}{}", member.id);
    let label = format!("Actions for {}", member.name);
    let first = if rights.manages() {
        "Change access"
    } else {
        "View access"
    };
    let start = menu::written(into, &id, &label)
        .tags(r#"<a role="menuitem" tabindex="-1" href=""#)
        .text(page)
        .tags(r#"">"#)
        .tags(Glyph::Shield.html())
        .tags("<span>")
        .tags(first)
        .tags("</span></a>");
    let start = match &rights.unseen {
        None => start
            .tags(r#"<a role="menuitem" tabindex="-1" href=""#)
            .text(&paths::access_history(slug, member.id))
            .tags(r#"">"#)
            .tags(Glyph::History.html())
            .tags("<span>Access history</span></a>"),
        Some(why) => entry(
            start,
            &id,
            ("history", Glyph::History, "Access history"),
            Some(why),
        ),
    };
    let html = entry(
        start,
        &id,
        ("copy", Glyph::Copy, "Copy e-mail address"),
        None,
    )
    .tags("<hr>");
    if member.is_you {
        let leave = ("leave", Glyph::LogOut, "Leave workspace");
        let why = rights.leave.as_deref();
        return entry(html, &id, leave, why).tags("</div>");
    }
    let why = rights.touching(member);
    let pause = match member.status {
        MemberStatus::Active => ("suspend", Glyph::Pause, "Suspend"),
        MemberStatus::Suspended => ("reactivate", Glyph::Check, "Reactivate"),
    };
    let remove = ("remove", Glyph::UserX, "Remove from workspace");
    let view = ("view", Glyph::Eye, "View as");
    let html = entry(html, &id, view, rights.viewing(member));
    let html = entry(html, &id, pause, why);
    entry(html, &id, remove, why).tags("</div>")
}

/// One entry: the name of its deed, its icon, its words; or why it can not be used.
fn entry(
    into: Markup,
    menu: &str,
    (deed, glyph, words): (&'static str, Glyph, &'static str),
    why: Option<&str>,
) -> Markup {
    let start = into.tags(r#"<button type="button" role="menuitem" tabindex="-1""#);
    let start = match why {
        None => start
            .tags(r#" popovertarget=""#)
            .text(menu)
            .tags(r#"" popovertargetaction="hide" data-deed=""#)
            .tags(deed)
            .tags(r#"""#),
        Some(_) => start.tags(r#" aria-disabled="true""#),
    };
    let start = if deed == "remove" {
        start.tags(r#" data-variant="destructive">"#)
    } else {
        start.tags(">")
    };
    let html = start.tags(glyph.html()).tags("<span>").tags(words);
    let html = match why {
        None => html,
        Some(why) => html
            .tags(r#"<span class="rc-menu-why">"#)
            .text(why)
            .tags("</span>"),
    };
    html.tags("</span></button>")
}
