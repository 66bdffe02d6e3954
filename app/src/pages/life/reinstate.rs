//! Bringing a former member back: what comes back, what can not, and what did not.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    RoleId,
    invitation::InviteOptions,
    membership::{FormerRow, Missing, Reinstated},
};

use super::{Person, work::Work};
use crate::{
    api::{invitations::invite_options, membership::reinstate_member},
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
    pages::invite::role_cards,
};

/// Says in one sentence that somebody is back, and what is not.
pub fn come_back(name: &str, back: &Reinstated) -> String {
    let names: Vec<&str> = back.missing.iter().map(|m| m.what.as_str()).collect();
    match names.as_slice() {
        [] => format!("{name} is a member again, with what they had."),
        names => format!(
            "{name} is a member again. Not restored: {}.",
            names.join(", ")
        ),
    }
}

/// Undoes a removal from the message about it. The page may be another one by now.
pub fn undo(here: Here, toasts: Toasts, slug: String, person: Person) {
    spawn_local(async move {
        match reinstate_member(slug, person.id, None).await {
            Ok(back) => toasts.done(come_back(&person.name, &back)),
            Err(failure) => toasts.failed(&failure),
        }
        here.live.membership_changed();
    });
}

/// The content of the dialog: the question, then what did not come back, if something did not.
pub fn view(work: Work, row: FormerRow) -> AnyView {
    let missing = RwSignal::new(None::<Vec<Missing>>);
    let row = StoredValue::new(row);
    view! {
        {move || match missing.get() {
            None => question(work, row.get_value(), missing),
            Some(list) => result(work, &row.with_value(|row| row.name.clone()), &list),
        }}
    }
    .into_any()
}

fn question(work: Work, row: FormerRow, missing: RwSignal<Option<Vec<Missing>>>) -> AnyView {
    let role = RwSignal::new(None::<RoleId>);
    let needs_role = !row.role_can_return;
    let (name, label) = (row.name.clone(), format!("Reinstate {}", row.name));
    let lines = lines(&row)
        .into_iter()
        .map(|(glyph, words)| view! { <li>{icon(glyph)}<span>{words}</span></li> })
        .collect_view();
    let choice = needs_role.then(|| other_role(work, &row.role.name, role));
    let order = move || {
        let (slug, name) = (work.slug(), name.clone());
        work.busy.set(true);
        work.failed.set(None);
        let chosen = role.get_untracked();
        spawn_local(async move {
            match reinstate_member(slug, row.id, chosen).await {
                Ok(back) if back.missing.is_empty() => {
                    let _ = work.life.open.try_set(false);
                    work.toasts.done(come_back(&name, &back));
                    work.here.live.membership_changed();
                }
                Ok(back) => {
                    let _ = missing.try_set(Some(back.missing));
                    work.here.live.membership_changed();
                }
                Err(failure) => {
                    let _ = work.failed.try_set(Some(failure));
                }
            }
            let _ = work.busy.try_set(false);
        });
    };
    let blocked = Signal::derive(move || {
        (needs_role && role.get().is_none()).then(|| "Choose a role first.".to_owned())
    });
    view! {
        <section>
            {move || work.problem()}
            <ul class="rc-effects" aria-label="What happens">{lines}</ul>
            {choice}
        </section>
        <footer>
            {work.cancel()}
            <ActionButton
                label=label glyph=Glyph::Refresh busy=work.busy blocked=blocked action=order
            />
        </footer>
    }
    .into_any()
}

fn lines(row: &FormerRow) -> Vec<(Glyph, String)> {
    let mut lines = vec![(
        Glyph::User,
        format!("{} can use this workspace again at once.", row.email),
    )];
    if row.role_can_return {
        lines.push((
            Glyph::Shield,
            format!("The role {} comes back.", row.role.name),
        ));
    }
    lines.push((
        Glyph::Users,
        "Groups, direct permissions and overrides come back as far as they still exist and you may give them. You are told which do not.".to_owned(),
    ));
    if row.was_owner {
        lines.push((
            Glyph::Crown,
            "Ownership does not come back; an owner can propose it anew.".to_owned(),
        ));
    }
    lines.push((
        Glyph::Mail,
        "Tokens and revoked invitations do not come back.".to_owned(),
    ));
    lines
}

fn other_role(work: Work, before: &str, role: RwSignal<Option<RoleId>>) -> AnyView {
    let options = RwSignal::new(None::<Result<InviteOptions, ApiFailure>>);
    let slug = work.slug();
    spawn_local(async move {
        let answer = invite_options(slug).await;
        let _ = options.try_set(Some(answer));
    });
    view! {
        <div class="alert" data-variant="warning">
            {icon(Glyph::Triangle)}
            <strong>{format!("The role {before} can not come back")}</strong>
            <p>"It is gone, or it gives more than you may give. Choose another one."</p>
        </div>
        <fieldset>
            <legend>"Role"</legend>
            {move || match options.get() {
                None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
                Some(Err(failure)) => alert(&failure.0),
                Some(Ok(options)) => role_cards("reinstate-role", &options.roles, role),
            }}
        </fieldset>
    }
    .into_any()
}

fn result(work: Work, name: &str, missing: &[Missing]) -> AnyView {
    let list = missing
        .iter()
        .map(|one| {
            view! {
                <li>
                    {icon(Glyph::Ban)}
                    <span><b>{one.what.clone()}</b>": "{one.why.clone()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section>
            <p role="status"><b>{format!("{name} is a member again.")}</b>" This did not come back:"</p>
            <ul class="rc-effects" aria-label="What did not come back">{list}</ul>
        </section>
        <footer>
            <button type="button" class="btn" on:click=move |_| work.life.open.set(false)>
                "Done"
            </button>
        </footer>
    }
    .into_any()
}
