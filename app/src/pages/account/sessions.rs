//! The browsers that are signed in.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{account::SessionRow, text::count};

use super::Forms;
use crate::{
    api::account::{end_other_sessions, end_session},
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        time::when,
    },
};

/// The section.
pub(super) fn section(forms: Forms, sessions: Vec<SessionRow>) -> AnyView {
    let alone = sessions.len() < 2;
    let busy = RwSignal::new(false);
    let end_all = move || {
        busy.set(true);
        spawn_local(async move {
            match end_other_sessions().await {
                Ok(ended) => {
                    let ended = usize::try_from(ended).unwrap_or(usize::MAX);
                    let ended = count(ended, "other session is", "other sessions are");
                    forms.toasts.done(format!("{ended} ended."));
                    forms.changed();
                }
                Err(failure) => forms.toasts.failed(&failure),
            }
            let _ = busy.try_set(false);
        });
    };
    let blocked = alone.then(|| "There is no other session.".to_owned());
    let rows = sessions
        .into_iter()
        .map(|session| row(forms, &session))
        .collect_view();
    view! {
        <section class="rc-section" aria-labelledby="account-sessions">
            <div class="rc-section-head">
                <h2 id="account-sessions">"Sessions"</h2>
                <ActionButton
                    label="End all other sessions"
                    variant="outline"
                    busy
                    blocked=Signal::stored(blocked)
                    action=end_all
                />
            </div>
            <ul class="rc-sessions">{rows}</ul>
            {alone.then(|| view! {
                <p class="rc-help">"You are signed in nowhere else. Other browsers appear here once you use them."</p>
            })}
        </section>
    }
    .into_any()
}

fn row(forms: Forms, session: &SessionRow) -> AnyView {
    let id = session.id;
    let busy = RwSignal::new(false);
    let end = move || {
        busy.set(true);
        spawn_local(async move {
            match end_session(id).await {
                Ok(()) => forms
                    .toasts
                    .done("The session is ended. Its browser is signed out."),
                Err(failure) => forms.toasts.failed(&failure),
            }
            forms.changed();
            let _ = busy.try_set(false);
        });
    };
    let last = if session.current {
        view! { <span class="badge" data-variant="secondary">"This browser"</span> }.into_any()
    } else {
        view! { <span>"Last used "{when(session.last_seen_at)}</span> }.into_any()
    };
    let label = format!("End session of {}", session.browser);
    view! {
        <li>
            {icon(Glyph::Monitor)}
            <div>
                <b>{session.browser.clone()}</b>
                <p class="rc-help">
                    <span>{session.address.clone()}</span>
                    <span>"Signed in "{when(session.started_at)}</span>
                    {last}
                </p>
            </div>
            {(!session.current).then(|| view! {
                <ActionButton label variant="outline" size="sm" busy action=end/>
            })}
        </li>
    }
    .into_any()
}
