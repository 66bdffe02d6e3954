//! The second step: what became of each address, and what to do next.

use leptos::prelude::*;
use rolecall_shared::{
    invitation::{AddressVerdict, Verdict},
    text::count,
};

use super::{
    csv::{csv, data_url},
    form::InviteForm,
    sending::resume,
    verdict::VerdictRow,
};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
    },
    here::Here,
};

/// The list with its sums.
#[component]
pub fn Verdicts(form: InviteForm) -> impl IntoView {
    let here = Here::of_page();
    let verdicts = form.verdicts.get_untracked();
    let left = untrack(|| form.left());
    let failure = form.failure.get_untracked();
    let stopped = (left > 0).then(|| {
        let rest = count(left, "address was", "addresses were");
        view! {
            {failure.map(|failure| alert(&failure.0))}
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>{format!("Stopped: {rest} not sent yet")}</strong>
                <ActionButton
                    label="Send the rest" size="sm" variant="outline"
                    action=move || resume(form, here)
                />
            </div>
        }
    });
    let invalid: Vec<String> = verdicts
        .iter()
        .filter(|v| matches!(v.verdict, Verdict::Invalid { .. }))
        .map(|v| v.address.clone())
        .collect();
    let file = data_url(&csv(&verdicts));
    let sums = sums(&verdicts);
    let rows = verdicts
        .into_iter()
        .enumerate()
        .map(|(index, verdict)| view! { <VerdictRow form index verdict/> })
        .collect_view();
    let correct = (invalid.len() > 1).then(|| {
        let label = format!("Correct {}", count(invalid.len(), "address", "addresses"));
        view! {
            <ActionButton label variant="outline" action=move || form.correct(&invalid)/>
        }
    });
    view! {
        <section>
            <p role="status"><b>{sums}</b></p>
            {stopped}
            <ul class="rc-verdicts">{rows}</ul>
        </section>
        <footer>
            <a class="btn" data-variant="ghost" download="invitations.csv" href=file>
                {icon(Glyph::Download)}
                "Download as CSV"
            </a>
            {correct}
            <button type="button" class="btn" on:click=move |_| form.throw_away()>"Done"</button>
        </footer>
    }
    .into_any()
}

/// `3 invited, 1 already a member, 2 not valid`.
fn sums(verdicts: &[AddressVerdict]) -> String {
    let of = |want: fn(&Verdict) -> bool| verdicts.iter().filter(|v| want(&v.verdict)).count();
    let parts = [
        (of(|v| matches!(v, Verdict::Invited { .. })), "invited"),
        (
            of(|v| matches!(v, Verdict::Member { .. } | Verdict::Suspended { .. })),
            "already a member",
        ),
        (
            of(|v| {
                matches!(
                    v,
                    Verdict::Pending { .. }
                        | Verdict::OtherRole { .. }
                        | Verdict::OtherGrant { .. }
                )
            }),
            "already invited",
        ),
        (
            of(|v| matches!(v, Verdict::Former { .. })),
            "a member before",
        ),
        (of(|v| matches!(v, Verdict::Invalid { .. })), "not valid"),
        (
            of(|v| matches!(v, Verdict::DomainNotAllowed)),
            "at a domain that is not allowed",
        ),
        (of(|v| matches!(v, Verdict::Limited { .. })), "over a limit"),
    ];
    parts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, words)| format!("{n} {words}"))
        .collect::<Vec<_>>()
        .join(", ")
}
