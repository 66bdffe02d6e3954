//! Removing several people: what that does to each, looked at one after the other.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    member::MemberRow,
    membership::{PREVIEW_THINGS, RemovalPreview, UNDO_DAYS},
    text::count,
};

use super::state::Several;
use crate::{
    api::membership::removal_preview,
    components::icon::{Glyph, icon},
    error::ApiFailure,
    here::Here,
    pages::life::{reason::reason_field, remove::cards},
};

type Looked = (MemberRow, Result<RemovalPreview, ApiFailure>);

/// Who, what it does to each, what becomes of their invitations, and why.
pub fn fields(several: Several) -> AnyView {
    let here = Here::of_page();
    let seen = RwSignal::new(Vec::<Looked>::new());
    let people: Vec<MemberRow> = several
        .people
        .with_untracked(|people| people.iter().take(PREVIEW_THINGS).cloned().collect());
    let wanted = people.len();
    let more = several.total().saturating_sub(wanted);
    spawn_local(async move {
        for one in people {
            let answer = removal_preview(here.slug.get_untracked(), one.id).await;
            // The dialog may be closed by now.
            if seen.try_update(|seen| seen.push((one, answer))).is_none() {
                return;
            }
        }
    });
    let waiting = move || {
        seen.with(|seen| {
            seen.iter()
                .filter_map(|(_, answer)| answer.as_ref().ok())
                .map(|preview| preview.invitations_total)
                .sum::<usize>()
        })
    };
    let looking = move || {
        let done = seen.with(Vec::len);
        (done < wanted).then(|| format!("Working out what happens: {done} of {wanted}"))
    };
    view! {
        <p>{format!(
            "They lose access at once. What they created stays, and each removal can be undone for {UNDO_DAYS} days under “Removed people”."
        )}</p>
        <p class="rc-help" role="status">{looking}</p>
        <ul class="rc-verdicts" aria-label="What happens">
            <For each=move || seen.get() key=|(one, _)| one.id let:looked>
                {line(&looked)}
            </For>
        </ul>
        {(more > 0).then(|| view! {
            <p class="rc-help">{format!("And {}.", count(more, "more person", "more people"))}</p>
        })}
        <Show when=move || { waiting() > 0 }>
            <fieldset>
                <legend>
                    {move || count(
                        waiting(),
                        "invitation that they sent waits",
                        "invitations that they sent wait",
                    )}
                </legend>
                {cards("several-invitations", several.invitations, true)}
            </fieldset>
        </Show>
        {reason_field("several-reason", several.reason, "Each of them and the audit trail are told.", several.failed)}
    }
    .into_any()
}

fn line((one, answer): &Looked) -> AnyView {
    let (tone, glyph, words) = match answer {
        Err(failure) => ("danger", Glyph::Ban, failure.0.message.clone()),
        Ok(preview) => judged(preview),
    };
    view! {
        <li data-tone=tone>
            {icon(glyph)}
            <div class="min-w-0">
                <span class="break-all">{one.name.clone()}</span>
                <span class="rc-sub block">{words}</span>
            </div>
        </li>
    }
    .into_any()
}

fn judged(preview: &RemovalPreview) -> (&'static str, Glyph, String) {
    // The same look at oneself is about leaving.
    if preview.is_you {
        let words = "Nobody removes themselves: leave the workspace instead.";
        return ("danger", Glyph::Ban, words.to_owned());
    }
    if let Some(why) = &preview.refused {
        return ("danger", Glyph::Ban, why.clone());
    }
    let counted = [
        (preview.groups.len(), "group", "groups"),
        (preview.overrides, "override", "overrides"),
        (
            preview.invitations_total,
            "waiting invitation",
            "waiting invitations",
        ),
    ];
    let mut parts = vec![format!("Loses the role {}", preview.role)];
    parts.extend(
        counted
            .into_iter()
            .filter(|(n, ..)| *n > 0)
            .map(|(n, one, many)| count(n, one, many)),
    );
    ("neutral", Glyph::UserX, format!("{}.", parts.join(", ")))
}
