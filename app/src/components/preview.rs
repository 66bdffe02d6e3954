//! What a change would do, before it is made: who gains, who loses, which invitations it touches.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    access::{CellEffect, ChangeRequest, PersonEffect, PreviewView},
    catalogue::Catalogue,
    text::count,
};

use super::{
    avatar::avatar,
    icon::{Glyph, icon},
    matrix::cell_words,
    problem::alert,
};
use crate::{api::access::preview_change, error::ApiFailure, here::Here};

/// Names of permissions in words, where the page has the catalogue.
type Words = Option<StoredValue<Catalogue>>;

fn words(catalogue: Words, name: &str) -> String {
    catalogue.map_or_else(
        || name.to_owned(),
        |catalogue| catalogue.with_value(|catalogue| cell_words(catalogue, name)),
    )
}

fn list(catalogue: Words, names: &[String]) -> String {
    let words: Vec<String> = names.iter().map(|name| words(catalogue, name)).collect();
    words.join(", ")
}

/// How many people a change is about: "12 people affected".
pub fn affected(preview: &PreviewView) -> String {
    match preview.changed {
        0 => "Nobody affected".to_owned(),
        n => format!("{} affected", count(n, "person", "people")),
    }
}

/// Asks once what a change would do, and shows the answer.
#[component]
pub fn ChangePreview(
    change: ChangeRequest,
    /// For titles in place of names.
    #[prop(optional)]
    catalogue: Option<StoredValue<Catalogue>>,
    /// Set to why the change can not be made: no answer yet, or a refusal.
    #[prop(optional)]
    blocked: Option<RwSignal<Option<String>>>,
    /// Filled with the answer.
    #[prop(optional)]
    answer: Option<RwSignal<Option<PreviewView>>>,
) -> impl IntoView {
    let slug = Here::of_page().slug;
    let shown = RwSignal::new(None::<Result<PreviewView, ApiFailure>>);
    let block = move |why: Option<String>| {
        if let Some(blocked) = blocked {
            let _ = blocked.try_set(why);
        }
    };
    Effect::new(move |_| {
        block(Some("The preview is not there yet.".to_owned()));
        let (slug, change) = (slug.get_untracked(), change.clone());
        spawn_local(async move {
            let preview = preview_change(slug, change).await;
            block(match &preview {
                Ok(preview) => preview.refused.clone(),
                Err(failure) => Some(failure.0.message.clone()),
            });
            if let Some(answer) = answer {
                let _ = answer.try_set(preview.clone().ok());
            }
            let _ = shown.try_set(Some(preview));
        });
    });
    view! {
        <div class="rc-preview" aria-live="polite">
            {move || match shown.get() {
                None => skeleton(),
                Some(Err(failure)) => alert(&failure.0),
                Some(Ok(preview)) => panel(preview, catalogue),
            }}
        </div>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    view! {
        <p class="sr-only">"Working out what changes"</p>
        <span class="skeleton" data-line="long" aria-hidden="true"></span>
        <span class="skeleton" data-line="" aria-hidden="true"></span>
        <span class="skeleton" data-line="long" aria-hidden="true"></span>
    }
    .into_any()
}

fn panel(preview: PreviewView, catalogue: Words) -> AnyView {
    let refused = preview.refused.clone().map(|why| {
        view! {
            <div class="alert" data-variant="destructive" role="alert">
                {icon(Glyph::Ban)}
                <strong>"This can not be saved"</strong>
                <p>{why}</p>
            </div>
        }
    });
    let last = preview.last_manager.clone().map(|name| {
        view! {
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>{format!("{name} would be the last one who can manage the team")}</strong>
                <p>"If they can not sign in some day, nobody can invite or change people."</p>
            </div>
        }
    });
    let invitations = (preview.invitations > 0).then(|| {
        let waiting = count(
            preview.invitations,
            "waiting invitation gives",
            "waiting invitations give",
        );
        view! { <p class="rc-help">{icon(Glyph::Mail)}{format!(" {waiting} something else then.")}</p> }
    });
    let stranded = (preview.stranded > 0).then(|| {
        let waiting = count(
            preview.stranded,
            "waiting invitation needs approval then, since whoever sent it",
            "waiting invitations need approval then, since whoever sent them",
        );
        let words = format!(" {waiting} can no longer give what is in it.");
        view! { <p class="rc-help">{icon(Glyph::Mail)}{words}</p> }
    });
    let tokens = tokens(&preview);
    let more = preview.changed.saturating_sub(preview.people.len());
    let cells = (!preview.cells.is_empty()).then(|| table(&preview.cells, catalogue));
    let people = preview
        .people
        .iter()
        .map(|one| person(one, catalogue))
        .collect_view();
    view! {
        {refused}
        {last}
        <p class="rc-preview-sum">{sum(&preview)}</p>
        {invitations}
        {stranded}
        {tokens}
        {cells}
        <ul class="rc-preview-people">{people}</ul>
        {(more > 0).then(|| view! {
            <p class="rc-help">{format!("And {}.", count(more, "more person", "more people"))}</p>
        })}
    }
    .into_any()
}

/// What becomes of API tokens, which follow their members.
fn tokens(preview: &PreviewView) -> Option<AnyView> {
    let part = |n: usize, one, many| (n > 0).then(|| count(n, one, many));
    let parts: Vec<String> = [
        part(
            preview.narrowed_tokens,
            "API token does less",
            "API tokens do less",
        ),
        part(
            preview.widened_tokens,
            "API token without a limit does more",
            "API tokens without a limit do more",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let words = format!(" {} then.", parts.join(", "));
    (!parts.is_empty())
        .then(|| view! { <p class="rc-help">{icon(Glyph::Key)}{words}</p> }.into_any())
}

fn sum(preview: &PreviewView) -> AnyView {
    if preview.changed == 0 {
        return "Nobody gains or loses anything.".into_any();
    }
    let part = |n: usize, one, many| (n > 0).then(|| count(n, one, many));
    let parts: Vec<String> = [
        part(preview.gaining, "person gains", "people gain"),
        part(preview.losing, "person loses", "people lose"),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! { <b>{affected(preview)}</b>{format!(": {}.", parts.join(", "))} }.into_any()
}

fn table(cells: &[CellEffect], catalogue: Words) -> AnyView {
    let number = |n: usize, sign: &str| {
        if n == 0 {
            "–".to_owned()
        } else {
            format!("{sign}{n}")
        }
    };
    let rows = cells
        .iter()
        .map(|cell| {
            view! {
                <tr>
                    <th scope="row">{words(catalogue, &cell.permission)}</th>
                    <td data-tone=(cell.gained > 0).then_some("gain")>{number(cell.gained, "+")}</td>
                    <td data-tone=(cell.lost > 0).then_some("loss")>{number(cell.lost, "−")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="rc-preview-cells">
            <caption class="sr-only">"People per permission"</caption>
            <thead>
                <tr>
                    <th scope="col">"Permission"</th>
                    <th scope="col">"Gain"</th>
                    <th scope="col">"Lose"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn person(one: &PersonEffect, catalogue: Words) -> AnyView {
    let part = |names: &[String], glyph, word: &'static str, tone: &'static str| {
        (!names.is_empty()).then(|| {
            view! {
                <span class="rc-preview-effect" data-tone=tone>
                    {icon(glyph)}
                    <span><b>{word}</b>" "{list(catalogue, names)}</span>
                </span>
            }
        })
    };
    view! {
        <li>
            {avatar(&one.name, &one.email)}
            <div>
                <span class="rc-person-name">{one.name.clone()}</span>
                <span class="rc-person-mail">{one.email.clone()}</span>
                {part(&one.gained, Glyph::ArrowUp, "Gains", "gain")}
                {part(&one.lost, Glyph::ArrowDown, "Loses", "loss")}
            </div>
        </li>
    }
    .into_any()
}
