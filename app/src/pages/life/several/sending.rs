//! Carrying an order out in batches, so that progress is real and it can be stopped between people.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    MemberId,
    membership::{PersonVerdict, RemovalOrder},
};

use super::state::{Order, Several, Step};
use crate::{
    api::{
        groups::add_to_group,
        membership::{change_roles, reactivate_members, remove_members, suspend_members},
    },
    error::ApiFailure,
    here::Here,
};

/// People in one request.
const BATCH: usize = 10;

/// Goes on where the verdicts end.
pub fn resume(several: Several, here: Here) {
    if several.step.get_untracked() == Step::Working {
        return;
    }
    several.failed.set(None);
    several.stop.set(false);
    several.step.set(Step::Working);
    spawn_local(async move {
        let slug = here.slug.get_untracked();
        let people = several.ids();
        // Groups take people one by one here, so that each has a verdict of their own.
        let size = if several.order() == Order::Group {
            1
        } else {
            BATCH
        };
        while !several.stop.try_get_untracked().unwrap_or(true) {
            let done = several.verdicts.with_untracked(Vec::len);
            let batch: Vec<MemberId> = people.iter().skip(done).take(size).copied().collect();
            if batch.is_empty() {
                break;
            }
            let order = async || order(several, slug.clone(), batch.clone()).await;
            let answer = several.confirm.run(order).await;
            if several.step.try_get_untracked().is_none() {
                // The page is gone; what was done is in the list.
                return;
            }
            match answer {
                Ok(verdicts) if verdicts.is_empty() => break,
                Ok(verdicts) => several.verdicts.update(|all| all.extend(verdicts)),
                Err(failure) => {
                    several.failed.set(Some(failure));
                    break;
                }
            }
        }
        finish(several, here);
    });
}

/// Back to the question when nothing was done, else on to the verdicts; those whom it did not reach
/// stay selected.
fn finish(several: Several, here: Here) {
    let Some(done) = several.verdicts.try_get_untracked() else {
        return;
    };
    if done.is_empty() {
        several.step.set(Step::Choose);
        return;
    }
    several.selection.people.update(|people| {
        people.retain(|one| {
            !done
                .iter()
                .any(|verdict| verdict.member == one.id && verdict.problem.is_none())
        });
    });
    several.step.set(Step::Done);
    here.live.membership_changed();
}

async fn order(
    several: Several,
    slug: String,
    members: Vec<MemberId>,
) -> Result<Vec<PersonVerdict>, ApiFailure> {
    match several.order() {
        Order::Role => match several.role.get_untracked() {
            Some(role) => change_roles(slug, members, role).await,
            None => Ok(Vec::new()),
        },
        Order::Group => add(several, slug, members).await,
        Order::Suspend => suspend_members(slug, members, several.reason.get_untracked()).await,
        Order::Reactivate => reactivate_members(slug, members).await,
        Order::Remove => {
            let order = RemovalOrder {
                reason: several.reason.get_untracked(),
                invitations: several.invitations.get_untracked(),
            };
            remove_members(slug, members, order).await
        }
    }
}

async fn add(
    several: Several,
    slug: String,
    members: Vec<MemberId>,
) -> Result<Vec<PersonVerdict>, ApiFailure> {
    let (Some(group), Some(member)) = (several.group.get_untracked(), members.first().copied())
    else {
        return Ok(Vec::new());
    };
    let end = several.end.at.get_untracked();
    let problem = match add_to_group(slug, group, vec![member], end).await {
        Ok(_) => None,
        // What is not about this person is not about the next one either.
        Err(failure) if !matches!(failure.0.code.status(), 403 | 404 | 409 | 422) => {
            return Err(failure);
        }
        Err(failure) => Some(failure.0),
    };
    Ok(vec![PersonVerdict { member, problem }])
}

/// The progress of the batches.
#[component]
pub fn Sending(several: Several) -> impl IntoView {
    let done = move || several.verdicts.with(Vec::len);
    let total = several.total();
    view! {
        <section>
            <p role="status">{move || format!("{} of {total} people done.", done())}</p>
            <progress
                class="rc-progress"
                aria-label="Progress"
                max=total.max(1).to_string()
                prop:value=move || f64::from(u32::try_from(done()).unwrap_or(u32::MAX))
            ></progress>
        </section>
        <footer>
            <button
                type="button"
                class="btn"
                data-variant="outline"
                aria-disabled=move || several.stop.get().then_some("true")
                on:click=move |_| several.stop.set(true)
            >
                {move || if several.stop.get() { "Stopping after this batch" } else { "Stop" }}
            </button>
        </footer>
    }
    .into_any()
}
