//! One member.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    GroupId,
    member::{MemberRow, MemberStatus, Named},
};

use crate::{
    browser,
    components::{
        avatar::avatar,
        icon::{Glyph, icon},
        menu::{MenuItem, RowMenu},
        meter::meter,
        time::when,
        toast::Toasts,
    },
};

/// A row of the table.
pub fn row(member: MemberRow) -> AnyView {
    let menu = menu(&member);
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person">
                    {avatar(&member.name, &member.email)}
                    <span class="rc-person-text">
                        <span class="rc-person-name">
                            {member.name}
                            {member.is_you.then(|| view! { <span class="rc-you">" (you)"</span> })}
                        </span>
                        <span class="rc-person-mail">{member.email}</span>
                    </span>
                </span>
            </th>
            <td data-col="meta">
                <span class="rc-level">
                    {member.role.name}
                    {meter(member.level)}
                    {member.is_owner.then(|| view! {
                        <span class="badge" data-variant="secondary" title="Owners have every permission">
                            {icon(Glyph::Crown)}
                            "Owner"
                        </span>
                    })}
                </span>
            </td>
            <td data-hide="lg">{groups(&member.groups)}</td>
            <td>{status(member.status)}</td>
            <td>{member.last_active_at.map_or_else(|| "Never".into_any(), when)}</td>
            <td data-hide="lg">
                <span class="rc-person-text">
                    {when(member.joined_at)}
                    {member.invited_by.map(|name| view! {
                        <span class="rc-person-mail">
                            <span class="sr-only">"Invited "</span>"by "{name}
                        </span>
                    })}
                </span>
            </td>
            <td data-col="end">{menu}</td>
        </tr>
    }
    .into_any()
}

/// The first two groups, and how many more.
pub fn groups(groups: &[Named<GroupId>]) -> AnyView {
    if groups.is_empty() {
        return view! { <span aria-hidden="true">"–"</span><span class="sr-only">"No groups"</span> }
            .into_any();
    }
    let shown = groups
        .iter()
        .take(2)
        .map(|group| view! { <span class="badge" data-variant="secondary">{group.name.clone()}</span> })
        .collect_view();
    let rest = groups
        .iter()
        .skip(2)
        .map(|group| group.name.as_str())
        .collect::<Vec<_>>();
    let more = (!rest.is_empty()).then(|| {
        let names = rest.join(", ");
        view! {
            <span class="badge" title=names.clone()>
                "+"{rest.len().to_string()}
                <span class="sr-only">{format!(": {names}")}</span>
            </span>
        }
    });
    view! { <span class="rc-tags">{shown}{more}</span> }.into_any()
}

fn status(status: MemberStatus) -> AnyView {
    let (glyph, words) = match status {
        MemberStatus::Active => (Glyph::Check, "Active"),
        MemberStatus::Suspended => (Glyph::Pause, "Suspended"),
    };
    view! { <span class="rc-status" data-status=status.name()>{icon(glyph)}{words}</span> }
        .into_any()
}

fn menu(member: &MemberRow) -> AnyView {
    let id = format!("member-{}", member.id);
    let toasts = Toasts::of_page();
    let email = member.email.clone();
    let copy = move || {
        let email = email.clone();
        spawn_local(async move {
            if browser::copy(&email).await {
                toasts.done(format!("Copied {email}."));
            } else {
                toasts.done(format!(
                    "This browser does not let pages copy. The address is {email}."
                ));
            }
        });
    };
    view! {
        <RowMenu id=id.clone() label=format!("Actions for {}", member.name)>
            <MenuItem menu=id.clone() glyph=Glyph::Copy label="Copy e-mail address" action=copy.clone()/>
        </RowMenu>
    }
    .into_any()
}
