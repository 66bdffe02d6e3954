//! One member.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::{
    GroupId,
    member::{MemberRow, MemberStatus, Named},
};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::{
    browser,
    components::{avatar, icon::Glyph, markup::Markup, menu, meter, time::when, toast::Toasts},
    here::Here,
    paths,
};

/// A row of the table; `unseen` says why nobody's history can be looked at.
pub fn row(member: MemberRow, unseen: Option<&str>) -> AnyView {
    let slug = Here::of_page().slug.get_untracked();
    let page = paths::member(&slug, member.id);
    let history = match unseen {
        None => Ok(paths::access_history(&slug, member.id)),
        Some(why) => Err(why),
    };
    let inviter = member.invited_by.as_deref().map(|name| {
        let html = Markup::new()
            .tags(r#"<span class="sr-only">Invited </span>by "#)
            .text(name)
            .into_html();
        view! { <span class="rc-person-mail" inner_html=html></span> }
    });
    view! {
        <tr>
            <th scope="row" data-col="main" inner_html=person(&member, &page)></th>
            <td data-col="meta" inner_html=role(&member)></td>
            <td data-hide="lg" inner_html=tags(&member.groups)></td>
            <td inner_html=pill(member.status).into_html()></td>
            <td>{member.last_active_at.map_or_else(|| "Never".into_any(), when)}</td>
            <td data-hide="lg">
                <span class="rc-person-text">{when(member.joined_at)}{inviter}</span>
            </td>
            <td data-col="end" inner_html=menu(&member, &page, history)></td>
        </tr>
    }
    .into_any()
}

fn person(member: &MemberRow, page: &str) -> String {
    let you = if member.is_you {
        r#"<span class="rc-you"> (you)</span>"#
    } else {
        ""
    };
    let start = Markup::new().tags(r#"<span class="rc-person">"#);
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
        .into_html()
}

fn role(member: &MemberRow) -> String {
    let start = Markup::new()
        .tags(r#"<span class="rc-level">"#)
        .text(&member.role.name);
    let mut html = meter::written(start, member.level);
    if member.is_owner {
        html = html
            .tags(r#"<span class="badge" data-variant="secondary" title="Owners have every permission">"#)
            .tags(Glyph::Crown.html())
            .tags("Owner</span>");
    }
    html.tags("</span>").into_html()
}

/// The first two groups, and how many more.
pub fn groups(groups: &[Named<GroupId>]) -> AnyView {
    view! { <span class="rc-tags" inner_html=badges(Markup::new(), groups).into_html()></span> }
        .into_any()
}

fn tags(groups: &[Named<GroupId>]) -> String {
    if groups.is_empty() {
        let none = r#"<span aria-hidden="true">–</span><span class="sr-only">No groups</span>"#;
        return none.to_owned();
    }
    let start = Markup::new().tags(r#"<span class="rc-tags">"#);
    badges(start, groups).tags("</span>").into_html()
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
    pill(status).into_view()
}

fn pill(status: MemberStatus) -> Markup {
    let (glyph, words) = match status {
        MemberStatus::Active => (Glyph::Check, "Active"),
        MemberStatus::Suspended => (Glyph::Pause, "Suspended"),
    };
    Markup::new()
        .tags(r#"<span class="rc-status" data-status=""#)
        .tags(status.name())
        .tags(r#"">"#)
        .tags(glyph.html())
        .tags(words)
        .tags("</span>")
}

/// The row's menu; [`copy_address`] is its one deed.
fn menu(member: &MemberRow, page: &str, history: Result<String, &str>) -> String {
    let id = format!("member-{}", member.id);
    let label = format!("Actions for {}", member.name);
    let start = menu::written(Markup::new(), &id, &label)
        .tags(r#"<a role="menuitem" tabindex="-1" href=""#)
        .text(page)
        .tags(r#"">"#)
        .tags(Glyph::Shield.html())
        .tags("<span>View access</span></a>");
    let start = match history {
        Ok(history) => start
            .tags(r#"<a role="menuitem" tabindex="-1" href=""#)
            .text(&history)
            .tags(r#"">"#)
            .tags(Glyph::History.html())
            .tags("<span>Access history</span></a>"),
        Err(why) => start
            .tags(r#"<button type="button" role="menuitem" tabindex="-1" aria-disabled="true" title=""#)
            .text(why)
            .tags(r#"">"#)
            .tags(Glyph::History.html())
            .tags(r#"<span>Access history<span class="sr-only">. "#)
            .text(why)
            .tags("</span></span></button>"),
    };
    let start = start
        .tags(r#"<button type="button" role="menuitem" tabindex="-1" popovertarget=""#)
        .text(&id)
        .tags(r#"" popovertargetaction="hide" data-copy=""#)
        .text(&member.email);
    start
        .tags(r#"">"#)
        .tags(Glyph::Copy.html())
        .tags("<span>Copy e-mail address</span></button></div>")
        .into_html()
}

/// What a click in the list does: copies the address that the chosen entry of a menu names.
pub fn copy_address(event: &ev::MouseEvent, toasts: Toasts) {
    let entry = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest("[data-copy]").ok().flatten());
    let Some(email) = entry.and_then(|entry| entry.get_attribute("data-copy")) else {
        return;
    };
    spawn_local(async move {
        if browser::copy(&email).await {
            toasts.done(format!("Copied {email}."));
        } else {
            toasts.done(format!(
                "This browser does not let pages copy. The address is {email}."
            ));
        }
    });
}
