//! The text of a new token, which is shown this once.

use leptos::prelude::*;
use rolecall_shared::token::CreatedToken;

use crate::components::{
    copy::CopyField,
    icon::{Glyph, icon},
    time::until,
};

/// The text to copy, and the way out of the dialog.
pub fn made(token: CreatedToken, open: RwSignal<bool>) -> AnyView {
    view! {
        <section>
            <div class="alert">
                {icon(Glyph::Info)}
                <strong>"Copy it now"</strong>
                <p>
                    "It is shown this once. Rolecall keeps only what it needs to recognise it; if it gets lost, \
                     revoke it and make another."
                </p>
            </div>
            <CopyField id="token-secret" label="The new token" value=token.secret/>
            <p class="rc-help">
                "Programs send it as " <code>"Authorization: Bearer …"</code> ". It ends " {until(token.expires_at)} "."
            </p>
        </section>
        <footer>
            <button type="button" class="btn" on:click=move |_| open.set(false)>"I have copied it"</button>
        </footer>
    }
    .into_any()
}
