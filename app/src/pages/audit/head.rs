//! Title, whom the list is about, the way to take it out, and what came meanwhile.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{
    audit::{AuditQuery, AuditSubject},
    permission::CorePermission,
    text::count,
    view_as,
};

use super::{Asked, export::ExportForm};
use crate::{
    components::{
        icon::{Glyph, icon},
        loaded,
    },
    here::Here,
    paths,
};

/// More are not counted.
const MANY: usize = 100;

/// The head; without a workspace the list below says what is wrong.
#[component]
pub fn Head(query: Memo<AuditQuery>, list: Resource<Asked>) -> impl IntoView {
    let here = Here::of_page();
    let fallback = || view! { <div class="rc-head" aria-hidden="true"></div> }.into_any();
    loaded::loaded(fallback, None, move || async move {
        let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
        let asked = list.await.ok();
        let Some(workspace) = workspace.filter(|w| w.may(CorePermission::AuditView)) else {
            return ().into_any();
        };
        let about = asked.and_then(|(query, answer)| {
            let lines = answer
                .subject
                .map(|subject| toggle(&workspace.slug, &query, &subject));
            lines.or_else(|| answer.target.map(about_thing))
        });
        let viewing = workspace.viewing_as.as_deref().map(view_as::read_only);
        let (title, lead) = (
            format!("Audit trail · {}", workspace.name),
            "Every change, refusal and look at this list, newest first. Nothing in it can be changed.",
        );
        view! {
            <Title text=title/>
            <div class="rc-head">
                <div>
                    <h1>"Audit trail"</h1>
                    <p>{lead}</p>
                    {about}
                </div>
                <div class="rc-actions"><ExportForm query blocked=viewing/></div>
            </div>
        }
        .into_any()
    })
}

/// Both sides of one person's history.
fn toggle(slug: &str, query: &AuditQuery, subject: &AuditSubject) -> AnyView {
    let to_them = AuditQuery {
        target: Some(subject.member.0),
        actor: None,
        ..query.from_start()
    };
    let by_them = AuditQuery {
        target: None,
        actor: Some(subject.user),
        ..query.from_start()
    };
    let side = |words: String, at: AuditQuery, current: bool| {
        let current = current.then_some("page");
        view! { <a href=paths::audit(slug, &at) aria-current=current>{words}</a> }
    };
    let label = format!("Access history of {}", subject.name);
    view! {
        <p class="rc-audit-about">
            {icon(Glyph::User)}
            <a class="rc-link" href=paths::member(slug, subject.member)>{subject.name.clone()}</a>
        </p>
        <nav class="rc-tabs" aria-label=label>
            {side(format!("What happened to {}", subject.name), to_them, query.target.is_some())}
            {side(format!("What {} did", subject.name), by_them, query.target.is_none())}
        </nav>
    }
    .into_any()
}

fn about_thing(name: String) -> AnyView {
    view! { <p class="rc-audit-about">{icon(Glyph::History)}"Only about "<b>{name}</b></p> }
        .into_any()
}

/// What came since the list was asked for, and the button that shows it.
#[component]
pub fn News(
    query: Memo<AuditQuery>,
    fresh: RwSignal<usize>,
    again: RwSignal<u32>,
) -> impl IntoView {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    let show = move |_| {
        let now = query.get_untracked();
        if now.cursor.is_some() {
            let start = paths::audit(&slug.get_untracked(), &now.from_start());
            navigate(&start, NavigateOptions::default());
        }
        again.update(|n| *n = n.wrapping_add(1));
    };
    let words = move || match fresh.get() {
        0 => String::new(),
        n if n >= MANY => format!("{MANY} new entries or more"),
        n => count(n, "new entry", "new entries"),
    };
    view! {
        <div class="rc-audit-news" role="status" data-on=move || (fresh.get() > 0).then_some("true")>
            <span>{words}</span>
            <button
                type="button" class="btn" data-variant="outline" data-size="sm"
                hidden=move || fresh.get() == 0
                on:click=show
            >
                {icon(Glyph::Refresh)}
                "Show"
            </button>
        </div>
    }
    .into_any()
}
