//! One operation: what it needs, takes and answers.

use leptos::prelude::*;

use super::{Answer, Field, Operation};

/// A method in the colour of what it does.
pub(super) fn method(name: &str) -> AnyView {
    let tone = match name {
        "GET" => "reads",
        "DELETE" => "deletes",
        _ => "changes",
    };
    view! { <b class="rc-method" data-tone=tone>{name.to_owned()}</b> }.into_any()
}

/// A text in which what stands between backticks is code.
pub(super) fn with_code(text: &str) -> AnyView {
    let parts = text.split('`').enumerate().map(|(at, part)| {
        let part = part.to_owned();
        if at % 2 == 1 {
            view! { <code>{part}</code> }.into_any()
        } else {
            part.into_any()
        }
    });
    parts.collect_view().into_any()
}

/// The whole operation.
pub(super) fn operation(operation: &Operation) -> AnyView {
    let description = operation
        .description
        .iter()
        .map(|text| view! { <p>{with_code(text)}</p> })
        .collect_view();
    let permission = operation
        .permission
        .clone()
        .map(|name| view! { <p class="rc-sub">"Needs "<code>{name}</code></p> });
    view! {
        <article class="rc-operation" aria-labelledby=operation.id.clone()>
            <h3 id=operation.id.clone()>{operation.summary.clone()}</h3>
            <p class="rc-operation-path">
                {method(&operation.method)}" "<code>{operation.path.clone()}</code>
            </p>
            {permission}
            {description}
            {fields("Parameters", &operation.parameters)}
            {fields("Body", &operation.body)}
            <pre class="rc-code" tabindex="0" aria-label="Example"><code>{operation.example.clone()}</code></pre>
            <h4>"Answers"</h4>
            {operation.answers.iter().map(answer).collect_view()}
        </article>
    }
    .into_any()
}

/// A table of fields; nothing when there are none.
fn fields(title: &'static str, fields: &[Field]) -> Option<AnyView> {
    let rows = fields.iter().map(|field| {
        let place = (!field.place.is_empty()).then(|| format!(" in the {}", field.place));
        let required = if field.required {
            view! { <span class="badge">"required"</span> }.into_any()
        } else {
            ().into_any()
        };
        view! {
            <tr>
                <th scope="row"><code>{field.name.clone()}</code>" "{required}</th>
                <td>
                    <span class="rc-sub">{field.kind.clone()}{place}</span>
                    <p>{with_code(&field.description)}</p>
                </td>
            </tr>
        }
    });
    (!fields.is_empty()).then(|| {
        view! {
            <h4>{title}</h4>
            <table class="rc-fields"><tbody>{rows.collect_view()}</tbody></table>
        }
        .into_any()
    })
}

fn answer(answer: &Answer) -> AnyView {
    let tone = match answer.status.as_bytes().first() {
        Some(b'2' | b'3') => "active",
        _ => "revoked",
    };
    let head = view! {
        <span class="rc-status" data-status=tone>{answer.status.clone()}</span>
        " "
        {with_code(&answer.description)}
    };
    let headers = (!answer.headers.is_empty()).then(|| {
        let names = answer
            .headers
            .iter()
            .map(|name| view! { " "<code>{name.clone()}</code> });
        view! { <p class="rc-sub">"Headers:"{names.collect_view()}</p> }
    });
    let example = answer.example.clone().map(|text| {
        view! { <pre class="rc-code" tabindex="0" aria-label="Example of the answer"><code>{text}</code></pre> }
    });
    if answer.fields.is_empty() && headers.is_none() && example.is_none() {
        return view! { <p class="rc-answer">{head}</p> }.into_any();
    }
    view! {
        <details class="rc-answer">
            <summary>{head}</summary>
            {headers}
            {fields("Fields", &answer.fields)}
            {example}
        </details>
    }
    .into_any()
}
