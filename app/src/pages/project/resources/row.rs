//! One resource.

use leptos::prelude::*;
use rolecall_shared::project::{ProjectPage, ResourceRow};

use super::actions::{Doing, no_change, no_removal, title};
use crate::components::{
    icon::Glyph,
    menu::{MenuItem, RowMenu},
    time::when,
};

/// How many attributes stand in the row; the others open.
const SHOWN: usize = 2;

/// A row of the table.
pub fn row(project: &ProjectPage, resource: ResourceRow, doing: Doing) -> AnyView {
    let menu = menu(project, &resource, doing);
    let service = title(project, &resource.service);
    let on_phone = (!resource.external_id.is_empty()).then(|| {
        view! { <span class="rc-id lg:hidden">{resource.external_id.clone()}</span> }
    });
    let outside = if resource.external_id.is_empty() {
        none("No external id")
    } else {
        view! { <span class="rc-id">{resource.external_id}</span> }.into_any()
    };
    let creator = if resource.created_by.is_empty() {
        none("Nobody")
    } else {
        resource.created_by.into_any()
    };
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person-text">
                    <span class="rc-person-name">{resource.name}</span>
                    {on_phone}
                </span>
            </th>
            <td data-col="meta">{service}</td>
            <td data-hide="lg">{outside}</td>
            <td>{attributes(resource.attributes)}</td>
            <td data-hide="lg">{creator}</td>
            <td>{when(resource.updated_at)}</td>
            <td data-col="end">{menu}</td>
        </tr>
    }
    .into_any()
}

fn none(words: &'static str) -> AnyView {
    view! { <span aria-hidden="true">"–"</span><span class="sr-only">{words}</span> }.into_any()
}

/// The first ones, and the others behind a count that opens.
fn attributes(attributes: Vec<(String, String)>) -> AnyView {
    if attributes.is_empty() {
        return none("No attributes");
    }
    let rest = attributes.len().saturating_sub(SHOWN);
    let words = |(name, value): &(String, String)| format!("{name}: {value}");
    let hidden = attributes.iter().skip(SHOWN).map(words).collect::<Vec<_>>();
    let shown = attributes
        .iter()
        .take(SHOWN)
        .map(|pair| {
            let words = words(pair);
            view! { <span class="badge" title=words.clone()>{words.clone()}</span> }
        })
        .collect_view();
    let more = (rest > 0).then(|| {
        let items = hidden
            .iter()
            .map(|words| view! { <li>{words.clone()}</li> })
            .collect_view();
        view! {
            <details class="rc-rest">
                <summary title=hidden.join("\n")>
                    "+"{rest.to_string()}
                    <span class="sr-only">" more attributes"</span>
                </summary>
                <ul>{items}</ul>
            </details>
        }
    });
    view! { <div class="rc-attributes">{shown}{more}</div> }.into_any()
}

fn menu(project: &ProjectPage, resource: &ResourceRow, doing: Doing) -> AnyView {
    let id = format!("resource-{}", resource.id);
    let no_change = no_change(project, &resource.service);
    let no_removal = no_removal(project, &resource.service);
    let at_hand = StoredValue::new((project.clone(), resource.clone()));
    let open = move |dialog| {
        at_hand.with_value(|(project, resource)| doing.open(dialog, project, Some(resource)));
    };
    view! {
        <RowMenu id=id.clone() label=format!("Actions for {}", resource.name)>
            <MenuItem
                menu=id.clone() glyph=Glyph::Pencil label="Edit" blocked=no_change.clone()
                action=move || open(doing.form)
            />
            <hr/>
            <MenuItem
                menu=id.clone() glyph=Glyph::Trash label="Delete" blocked=no_removal.clone() danger=true
                action=move || open(doing.removal)
            />
        </RowMenu>
    }
    .into_any()
}
