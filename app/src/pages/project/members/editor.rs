//! The dialog in which somebody's permissions in a project are replaced.

use leptos::prelude::*;
use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    permission::Scope,
    project::OverrideEditor,
};

use super::{
    editing::{Editing, Meanwhile, Step},
    review::review,
    words::origin,
};
use crate::{
    components::{
        button::ActionButton,
        date::DateField,
        icon::{Glyph, icon},
        matrix::{Matrix, changed, summary},
        modal::Modal,
        problem::alert,
    },
    pages::projects::form::{Discard, Foot},
};

/// The dialog: choosing, then what it would do, then saving; or straight to the question before removing.
#[component]
pub fn OverrideDialog(editing: Editing) -> impl IntoView {
    let discard = Discard::new(
        editing.open,
        Signal::derive(move || editing.step.get() != Step::Remove && editing.changed()),
    );
    // The question whether to discard stands at the foot of the first step.
    let ask = move |()| {
        if editing.step.get_untracked() == Step::Save {
            editing.back();
        }
        discard.close();
    };
    let title = move || {
        let name = editing.name();
        match editing.step.get() {
            Step::Choose => format!("What {name} may do in this project"),
            Step::Save => format!("What changes for {name}"),
            Step::Remove => format!("Remove the override of {name}"),
        }
    };
    let lead = move || {
        (editing.step.get() == Step::Choose).then(|| {
            "An override replaces, in this project only, what role and groups give. It can give less or more."
                .to_owned()
        })
    };
    view! {
        <Modal
            id="override"
            size="lg"
            open=editing.open
            title=Signal::derive(title)
            lead=Signal::derive(lead)
            ask=Callback::new(ask)
        >
            {move || match editing.loaded.get() {
                None => skeleton(),
                Some(Err(failure)) => view! { <section>{alert(&failure.0)}</section> }.into_any(),
                Some(Ok(loaded)) => content(editing, discard, loaded),
            }}
        </Modal>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    view! {
        <section>
            <p class="sr-only" role="status">"Loading what they may do"</p>
            <span class="skeleton" data-line="long"></span>
            <span class="skeleton" data-line="long"></span>
            <span class="skeleton" data-line="long"></span>
        </section>
    }
    .into_any()
}

fn content(editing: Editing, discard: Discard, loaded: OverrideEditor) -> AnyView {
    let catalogue = StoredValue::new(loaded.catalogue.clone());
    let loaded = StoredValue::new(loaded);
    view! {
        {move || match editing.step.get() {
            Step::Choose => choose(editing, discard, catalogue, loaded),
            Step::Save | Step::Remove => review(editing, catalogue, loaded),
        }}
    }
    .into_any()
}

fn choose(
    editing: Editing,
    discard: Discard,
    catalogue: StoredValue<Catalogue>,
    loaded: StoredValue<OverrideEditor>,
) -> AnyView {
    let stored = |names: &[String]| catalogue.with_value(|catalogue| catalogue.stored(names));
    let (base, grantable) =
        loaded.with_value(|loaded| (stored(&loaded.base), stored(&loaded.grantable)));
    let blocked = loaded.with_value(|loaded| loaded.blocked.clone());
    let overridden = loaded.with_value(|loaded| loaded.current.is_some());
    let read_only = blocked.is_some();
    let no_preview = Signal::derive({
        let blocked = blocked.clone();
        move || {
            let same = overridden && !editing.changed();
            blocked
                .clone()
                .or_else(|| editing.end.problem.get())
                .or_else(|| same.then(|| "Nothing is changed yet.".to_owned()))
        }
    });
    let no_removal = Signal::stored(blocked.clone());
    view! {
        <section>
            {editing.sending.alert(&[])}
            {move || editing.theirs.get().map(|theirs| conflict(catalogue, theirs))}
            {blocked.map(cannot)}
            {warning(loaded)}
            {facts(editing, catalogue, loaded, base)}
            {(!read_only).then(|| starts(editing, catalogue, base, grantable))}
            <Matrix
                catalogue
                set=editing.set
                grantable=Signal::stored(grantable)
                before=Signal::stored(base)
                scope=Scope::Project
                read_only=Signal::stored(read_only)
                label="Permissions in this project"
            />
            {(!read_only).then(|| view! {
                <DateField id="override-end" label="Ends" date=editing.end/>
            })}
        </section>
        <Foot discard>
            {overridden.then(|| view! {
                <ActionButton
                    label="Remove override" variant="outline" blocked=no_removal
                    action=move || editing.step.set(Step::Remove)
                />
            })}
            <ActionButton
                label="Preview" blocked=no_preview
                action=move || {
                    editing.sending.forget();
                    editing.step.set(Step::Save);
                }
            />
        </Foot>
    }
    .into_any()
}

fn cannot(why: String) -> AnyView {
    view! {
        <div class="alert">
            {icon(Glyph::Lock)}
            <strong>"You can only look"</strong>
            <div><p>{why}</p></div>
        </div>
    }
    .into_any()
}

/// That it is one's own, or that of somebody who manages the team.
pub fn warning(loaded: StoredValue<OverrideEditor>) -> Option<AnyView> {
    let warning = loaded.with_value(|loaded| loaded.warning.clone())?;
    Some(
        view! {
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>"Before you go on"</strong>
                <div><p>{warning}</p></div>
            </div>
        }
        .into_any(),
    )
}

/// What is saved now, after somebody else was quicker.
fn conflict(catalogue: StoredValue<Catalogue>, theirs: Meanwhile) -> AnyView {
    let now = match theirs {
        Meanwhile::Removed => "There is no override any more.".into_any(),
        Meanwhile::Set(over) => {
            let words = catalogue.with_value(|catalogue| {
                let set = catalogue.stored(&over.grant.permissions);
                summary(catalogue, set, Some(Scope::Project))
            });
            view! { "Saved now: "{words}" ("{origin(&over)}")." }.into_any()
        }
    };
    view! {
        <div class="alert" data-variant="warning">
            {icon(Glyph::Refresh)}
            <strong role="alert">"It changed while you were choosing"</strong>
            <div>
                <p>{now}</p>
                <p>"What you chose is still here. Saving it replaces what is there now."</p>
            </div>
        </div>
    }
    .into_any()
}

/// What role and groups give, what would hold here, and how far they differ.
fn facts(
    editing: Editing,
    catalogue: StoredValue<Catalogue>,
    loaded: StoredValue<OverrideEditor>,
    base: PermissionSet,
) -> AnyView {
    let words =
        move |set| catalogue.with_value(|catalogue| summary(catalogue, set, Some(Scope::Project)));
    let role = loaded.with_value(|loaded| loaded.role.clone());
    let present = loaded.with_value(|loaded| {
        let over = loaded.current.as_ref()?;
        Some(view! { <dt>"Now"</dt><dd>"An "{origin(over)}"."</dd> }.into_any())
    });
    let difference = move || match changed(base, editing.set.get()) {
        0 => "The same as without an override.".to_owned(),
        1 => "1 cell differs; it is marked.".to_owned(),
        n => format!("{n} cells differ; they are marked."),
    };
    view! {
        <dl class="rc-facts">
            <dt>"Without override"</dt>
            <dd>{words(base)}" (role "{role}" and groups)"</dd>
            {present}
            <dt>"In this project"</dt>
            <dd aria-live="polite"><b>{move || words(editing.set.get())}</b>". "{difference}</dd>
        </dl>
    }
    .into_any()
}

/// Sets to begin with; each only as far as the one who chooses may give it.
fn starts(
    editing: Editing,
    catalogue: StoredValue<Catalogue>,
    base: PermissionSet,
    grantable: PermissionSet,
) -> AnyView {
    let views = catalogue.with_value(|catalogue| {
        let project = catalogue.scoped(Scope::Project);
        let open = grantable.union(base);
        catalogue.views().intersection(project).intersection(open)
    });
    let start = move |label: &'static str, set: PermissionSet| {
        view! {
            <button
                type="button" class="btn" data-variant="outline" data-size="sm"
                on:click=move |_| editing.set.set(set)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="rc-actions" role="group" aria-label="Begin with">
            <span class="rc-sub">"Begin with"</span>
            {start("Role and groups", base)}
            {start("View only", views)}
            {start("No access", PermissionSet::EMPTY)}
        </div>
    }
    .into_any()
}
