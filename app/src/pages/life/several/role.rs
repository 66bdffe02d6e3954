//! Another role for several people, and what each present role has that the new one has not.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    RoleId,
    invitation::InviteOptions,
    member::{MemberRow, Named},
    role::RoleComparison,
    text::count,
};

use super::state::Several;
use crate::{
    api::{invitations::invite_options, roles::compare_roles},
    components::{
        icon::{Glyph, icon},
        matrix::cell_words,
        problem::alert,
    },
    error::ApiFailure,
    here::Here,
    pages::invite::role_cards,
};

/// Those of the selected people who have one role now.
struct Holders {
    role: Named<RoleId>,
    names: Vec<String>,
}

/// The people by the role they have now, in the order in which the roles come up.
fn by_role(people: &[MemberRow]) -> Vec<Holders> {
    let mut list: Vec<Holders> = Vec::new();
    for one in people {
        match list.iter_mut().find(|held| held.role.id == one.role.id) {
            Some(held) => held.names.push(one.name.clone()),
            None => list.push(Holders {
                role: one.role.clone(),
                names: vec![one.name.clone()],
            }),
        }
    }
    list
}

/// The roles, and below them what the chosen one changes.
pub fn fields(several: Several) -> AnyView {
    let here = Here::of_page();
    let options = RwSignal::new(None::<Result<InviteOptions, ApiFailure>>);
    spawn_local(async move {
        let answer = invite_options(here.slug.get_untracked()).await;
        let _ = options.try_set(Some(answer));
    });
    view! {
        {super::dialog::people(several)}
        <fieldset>
            <legend>"New role"</legend>
            {move || match options.get() {
                None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
                Some(Err(failure)) => alert(&failure.0),
                Some(Ok(options)) => role_cards("several-role", &options.roles, several.role),
            }}
        </fieldset>
        <div class="rc-preview" aria-live="polite">
            {move || several.role.get().map(|role| preview(several, here, role))}
        </div>
    }
    .into_any()
}

fn preview(several: Several, here: Here, chosen: RoleId) -> AnyView {
    let parts = several
        .people
        .with_untracked(|people| by_role(people))
        .into_iter()
        .map(|held| part(here, held, chosen))
        .collect_view();
    view! {
        <ul class="rc-effects" aria-label="What changes">{parts}</ul>
        <p class="rc-help">"What groups, direct permissions and overrides give stays, and owners keep every permission."</p>
    }
    .into_any()
}

fn part(here: Here, held: Holders, chosen: RoleId) -> AnyView {
    let people = count(held.names.len(), "person", "people");
    let names = held.names.join(", ");
    if held.role.id == chosen {
        return view! {
            <li title=names>
                {icon(Glyph::Check)}
                <span><b>{people}</b>{format!(" with the role {} already: nothing changes.", held.role.name)}</span>
            </li>
        }
        .into_any();
    }
    let answer = RwSignal::new(None::<Result<RoleComparison, ApiFailure>>);
    spawn_local(async move {
        let compared = compare_roles(here.slug.get_untracked(), held.role.id, chosen).await;
        let _ = answer.try_set(Some(compared));
    });
    view! {
        <li title=names>
            {icon(Glyph::Shield)}
            <span>
                <b>{people}</b>
                {format!(" with the role {}: ", held.role.name)}
                {move || answer.get().map_or_else(
                    || view! { <span class="skeleton" data-line=""></span> }.into_any(),
                    |answer| match answer {
                        Ok(compared) => difference(&compared),
                        Err(failure) => failure.0.message.into_any(),
                    },
                )}
            </span>
        </li>
    }
    .into_any()
}

fn difference(compared: &RoleComparison) -> AnyView {
    let [(_, before), (_, after)] = &compared.sides;
    let beyond = |some: &[String], others: &[String]| -> Vec<String> {
        some.iter()
            .filter(|name| !others.contains(name))
            .map(|name| cell_words(&compared.catalogue, name))
            .collect()
    };
    let line = |words: Vec<String>, glyph, verb: &'static str, tone: &'static str| {
        (!words.is_empty()).then(|| {
            view! {
                <span class="rc-preview-effect" data-tone=tone>
                    {icon(glyph)}
                    <span><b>{verb}</b>" "{words.join(", ")}</span>
                </span>
            }
        })
    };
    let (gained, lost) = (beyond(after, before), beyond(before, after));
    let same = (gained.is_empty() && lost.is_empty()).then_some("the new one gives the same.");
    view! {
        {same}
        {line(gained, Glyph::ArrowUp, "Gain", "gain")}
        {line(lost, Glyph::ArrowDown, "Lose", "loss")}
    }
    .into_any()
}
