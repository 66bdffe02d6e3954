//! What can be chosen for a member: role, groups with their ends, direct permissions.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    GroupId, RoleId,
    access::{GrantView, GroupMembership, GroupView, MemberAccess, MemberPage, RoleView},
    catalogue::{Catalogue, PermissionSet},
};

use crate::components::{
    date::{DateField, EndDate},
    matrix::Matrix,
    meter::meter,
};

/// One group that can be chosen.
#[derive(Clone, Copy)]
struct Pick {
    group: GroupId,
    on: RwSignal<bool>,
    end: EndDate,
}

/// The fields of the dialog.
#[derive(Clone, Copy)]
pub struct Fields {
    /// The rows of the matrix.
    pub catalogue: StoredValue<Catalogue>,
    role: RwSignal<RoleId>,
    groups: StoredValue<Vec<Pick>>,
    direct: RwSignal<PermissionSet>,
    end: EndDate,
    /// The direct permissions as they are saved.
    saved: PermissionSet,
    grantable: PermissionSet,
}

impl Fields {
    /// Shows `seed`. Roles and groups that went away meanwhile are left out.
    pub fn new(page: &MemberPage, seed: &MemberAccess) -> Self {
        let there = page.roles.iter().any(|role| role.id == seed.role);
        let pick = |group: &GroupView| {
            let held = seed.groups.iter().find(|held| held.group == group.id);
            Pick {
                group: group.id,
                on: RwSignal::new(held.is_some()),
                end: EndDate::new(held.and_then(|held| held.expires_at)),
            }
        };
        Self {
            role: RwSignal::new(if there { seed.role } else { page.access.role }),
            groups: StoredValue::new(page.groups.iter().map(pick).collect()),
            direct: RwSignal::new(page.catalogue.stored(&seed.direct.permissions)),
            end: EndDate::new(seed.direct.expires_at),
            saved: page.catalogue.stored(&page.access.direct.permissions),
            grantable: page.catalogue.stored(&page.grantable),
            catalogue: StoredValue::new(page.catalogue.clone()),
        }
    }

    /// What is chosen; nothing once the dialog is closed.
    pub fn access(self) -> Option<MemberAccess> {
        let role = self.role.try_get()?;
        let direct = self.direct.try_get()?;
        let end = self.end.at.try_get()?;
        let groups = self.groups.try_with_value(|picks| {
            let on = picks.iter().filter(|pick| pick.on.get());
            on.map(|pick| GroupMembership {
                group: pick.group,
                expires_at: pick.end.at.get(),
            })
            .collect()
        })?;
        let permissions = self
            .catalogue
            .try_with_value(|catalogue| catalogue.names(direct))?;
        Some(MemberAccess {
            role,
            groups,
            direct: GrantView {
                expires_at: end.filter(|_| !permissions.is_empty()),
                permissions,
            },
        })
    }

    /// What is wrong with an end that is in use.
    pub fn problem(self) -> Option<String> {
        let group = self.groups.try_with_value(|picks| {
            let mut on = picks.iter().filter(|pick| pick.on.get());
            on.find_map(|pick| pick.end.problem.get())
        })?;
        let direct = self.end.problem.try_get()?;
        group.or_else(|| direct.filter(|_| !self.direct.get().is_empty()))
    }
}

/// All of it.
pub fn draw(fields: Fields, page: &MemberPage) -> AnyView {
    let roles = page
        .roles
        .iter()
        .map(|role| role_card(fields, page, role))
        .collect_view();
    let picks = fields.groups.get_value();
    let groups = page
        .groups
        .iter()
        .zip(picks)
        .map(|(group, pick)| group_box(page, group, pick))
        .collect_view();
    let any = !page.groups.is_empty();
    view! {
        <fieldset>
            <legend>"Role"</legend>
            <div class="rc-choices">{roles}</div>
        </fieldset>
        {any.then(|| view! {
            <fieldset>
                <legend>"Groups"<span class="rc-optional">" optional"</span></legend>
                <div class="rc-choices">{groups}</div>
            </fieldset>
        })}
        <fieldset>
            <legend>"Direct permissions"<span class="rc-optional">" optional"</span></legend>
            <p class="rc-help">"For this person alone, beside the role and the groups."</p>
            <Matrix
                catalogue=fields.catalogue
                set=fields.direct
                grantable=Signal::stored(fields.grantable)
                before=Signal::stored(fields.saved)
                label="Direct permissions"
            />
        </fieldset>
        <Show when=move || !fields.direct.get().is_empty()>
            <DateField id="direct-end" label="Direct permissions end" date=fields.end/>
        </Show>
    }
    .into_any()
}

fn role_card(fields: Fields, page: &MemberPage, role: &RoleView) -> AnyView {
    let id = role.id;
    let level = page
        .catalogue
        .level(page.catalogue.stored(&role.permissions));
    // What somebody has already they may keep.
    let kept = id == page.access.role;
    let lacking = lacking(&role.lacking).filter(|_| !kept);
    view! {
        <label class="rc-choice">
            <input
                type="radio"
                class="input"
                name="member-role"
                value=id.to_string()
                disabled=lacking.is_some()
                prop:checked=move || fields.role.get() == id
                on:change=move |_| fields.role.set(id)
            />
            <span class="rc-choice-body">
                <b class="flex items-center gap-2">
                    {role.name.clone()}
                    {meter(level)}
                    {kept.then(|| view! { <span class="badge">"Now"</span> })}
                </b>
                <span class="rc-help">{role.description.clone()}</span>
                {lacking.map(|why| view! { <span class="rc-help">{why}</span> })}
            </span>
        </label>
    }
    .into_any()
}

fn group_box(page: &MemberPage, group: &GroupView, pick: Pick) -> AnyView {
    let level = page
        .catalogue
        .level(page.catalogue.stored(&group.permissions));
    let kept = page.access.groups.iter().any(|held| held.group == group.id);
    let lacking = lacking(&group.lacking).filter(|_| !kept);
    let id = format!("end-{}", group.id);
    let name = format!("End of {}", group.name);
    view! {
        <div class="rc-choice-end">
            <label class="rc-choice">
                <input
                    type="checkbox"
                    class="input"
                    disabled=lacking.is_some()
                    prop:checked=move || pick.on.get()
                    on:change=move |event: ev::Event| pick.on.set(event_target_checked(&event))
                />
                <span class="rc-choice-body">
                    <b class="flex items-center gap-2">
                        {group.name.clone()}
                        {meter(level)}
                        {kept.then(|| view! { <span class="badge">"Now"</span> })}
                    </b>
                    <span class="rc-help">{group.description.clone()}</span>
                    {lacking.map(|why| view! { <span class="rc-help">{why}</span> })}
                </span>
            </label>
            <Show when=move || pick.on.get()>
                <DateField id=id.clone() label="Ends" name=name.clone() date=pick.end/>
            </Show>
        </div>
    }
    .into_any()
}

fn lacking(names: &[String]) -> Option<String> {
    let shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    let shown = shown.join(", ");
    match names.len() {
        0 => None,
        n if n > 3 => Some(format!(
            "You can not give it: you lack {shown} and {} more.",
            n - 3
        )),
        _ => Some(format!("You can not give it: you lack {shown}.")),
    }
}
