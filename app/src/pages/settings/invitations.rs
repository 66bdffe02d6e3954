//! What the workspace allows for invitations: copying links, validity, domains.

use leptos::{ev, prelude::*};
use rolecall_shared::{invitation::InvitationPolicy, text::count, time::span};

use super::{part::Part, state::State};
use crate::{
    api::invitations::set_invitation_policy,
    pages::{invite::validity_field, projects::form::error},
};

/// The policy as the fields hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    copy_link: bool,
    hours: u32,
    /// As typed.
    domains: String,
}

impl Policy {
    /// Fields that hold a policy.
    pub fn of(policy: &InvitationPolicy) -> Self {
        Self {
            copy_link: policy.copy_link,
            hours: policy.hours,
            domains: policy.allowed_domains.join("\n"),
        }
    }

    fn order(&self) -> InvitationPolicy {
        InvitationPolicy {
            copy_link: self.copy_link,
            hours: self.hours,
            allowed_domains: domains(&self.domains),
        }
    }

    fn words(&self) -> String {
        let links = if self.copy_link {
            "Links may be copied"
        } else {
            "Links may not be copied"
        };
        let valid = span(i64::from(self.hours) * 3_600);
        let domains = match domains(&self.domains).len() {
            0 => "any domain may be invited".to_owned(),
            n => format!("{} may be invited", count(n, "domain", "domains")),
        };
        format!("{links}, invitations are valid for {valid}, {domains}.")
    }
}

/// The section.
pub fn section(state: State) -> AnyView {
    let part = state.policy;
    let save = move || {
        let slug = state.here.slug.get_untracked();
        part.save(
            "The invitation settings are saved.",
            move |before, policy| async move {
                let kept = set_invitation_policy(slug, before.order(), policy.order()).await?;
                Ok(Policy::of(&kept))
            },
        );
    };
    view! {
        <section class="rc-section" id="invitations" aria-labelledby="settings-invitations">
            <div class="rc-section-head">
                <h2 id="settings-invitations">"Invitations"</h2>
            </div>
            <p class="rc-help">"They hold for new invitations. Those that wait stay as they are."</p>
            {part.alert(&["hours", "allowed_domains"])}
            {part.notice(|policy| policy.words())}
            {inputs(part, state.blocked)}
            {part.button("Save settings", state.blocked, save)}
        </section>
    }
    .into_any()
}

fn inputs(part: Part<Policy>, blocked: RwSignal<Option<String>>) -> AnyView {
    let off = move || blocked.with(Option::is_some);
    let draft = part.draft;
    view! {
        <fieldset class="rc-form" disabled=off>
            <legend class="sr-only">"Invitations"</legend>
            <label class="rc-choice">
                <input
                    type="checkbox"
                    class="input"
                    checked=draft.with_untracked(|draft| draft.copy_link)
                    prop:checked=move || draft.with(|draft| draft.copy_link)
                    on:change=move |event: ev::Event| {
                        let on = event_target_checked(&event);
                        draft.update(|draft| draft.copy_link = on);
                    }
                />
                <span class="rc-choice-body">
                    <b>"Links may be copied"</b>
                    <span class="rc-help">
                        "Whoever may invite can hand over a link instead of a mail. "
                        "A link that was copied does not prove the address, so a code is mailed to it."
                    </span>
                </span>
            </label>
            {validity(part)}
            {domain_list(part)}
        </fieldset>
    }
    .into_any()
}

fn validity(part: Part<Policy>) -> AnyView {
    let draft = part.draft;
    // The field has a signal of its own; both follow each other.
    let hours = RwSignal::new(draft.with_untracked(|draft| draft.hours));
    Effect::new(move |_| {
        let kept = draft.with(|draft| draft.hours);
        if hours.get_untracked() != kept {
            hours.set(kept);
        }
    });
    Effect::new(move |_| {
        let chosen = hours.get();
        if draft.with_untracked(|draft| draft.hours) != chosen {
            draft.update(|draft| draft.hours = chosen);
        }
    });
    let wrong = part.sending.wrong("hours");
    // The choices hold what is kept, whatever it is.
    let field = move || {
        let kept = part.stored().hours;
        validity_field(
            "policy-hours",
            "New invitations are valid for",
            kept,
            "",
            hours,
        )
    };
    view! {
        <div class="field">
            {field}
            {move || wrong.get().map(error)}
        </div>
    }
    .into_any()
}

fn domain_list(part: Part<Policy>) -> AnyView {
    let draft = part.draft;
    let wrong = part.sending.wrong("allowed_domains");
    view! {
        <div class="field">
            <label for="policy-domains">"Domains that may be invited"</label>
            <textarea
                id="policy-domains"
                class="textarea"
                rows="3"
                spellcheck="false"
                autocapitalize="off"
                aria-describedby="policy-domains-help"
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || draft.with(|draft| draft.domains.clone())
                on:input=move |event: ev::Event| {
                    let text = event_target_value(&event);
                    draft.update(|draft| draft.domains = text);
                }
            ></textarea>
            {move || wrong.get().map(error)}
            <p class="rc-help" id="policy-domains-help">
                "One a line, such as example.org. Empty: addresses at any domain."
            </p>
        </div>
    }
    .into_any()
}

/// One domain per line, comma or blank; a leading `@` is forgiven.
fn domains(text: &str) -> Vec<String> {
    text.split([',', ';', ' ', '\n', '\t'])
        .map(|part| part.trim().trim_start_matches('@').to_lowercase())
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_becomes_an_order_and_what_is_kept_comes_back_the_same() {
        let typed = Policy {
            copy_link: true,
            hours: 24,
            domains: " @Example.ORG, b.example;\n\nc.example ".to_owned(),
        };
        let order = typed.order();
        assert_eq!(
            order.allowed_domains,
            ["example.org", "b.example", "c.example"]
        );
        assert_eq!(Policy::of(&order).order(), order);
    }

    #[test]
    fn a_policy_is_said_in_one_sentence() {
        let policy = Policy {
            copy_link: false,
            hours: 72,
            domains: "a.example\nb.example".into(),
        };
        assert_eq!(
            policy.words(),
            "Links may not be copied, invitations are valid for 72 hours, 2 domains may be invited."
        );
    }
}
