//! "More": projects in which the invited people get something else than role and groups give.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    ProjectId,
    catalogue::{Catalogue, PermissionSet},
    invitation::{InviteOptions, InviteProject, MAX_OVERRIDES},
    permission::Scope,
};

use super::form::{Chosen, InviteForm};
use crate::{
    browser,
    components::{
        button::ActionButton,
        icon::Glyph,
        matrix::{Matrix, summary},
    },
};

const ADD: &str = "invite-project";

/// Closed unless something is chosen; nothing where there is no project to choose.
pub fn more(form: InviteForm, options: &InviteOptions) -> AnyView {
    if options.projects.is_empty() {
        return ().into_any();
    }
    let catalogue = StoredValue::new(options.catalogue.clone());
    let projects = StoredValue::new(options.projects.clone());
    let open = form.projects.with_untracked(|chosen| !chosen.is_empty());
    view! {
        <details class="rc-details" open=open>
            <summary>"More: projects with overrides"</summary>
            <p class="rc-help">
                "In a project that you choose here, they may do just what you tick, whatever role and groups give."
            </p>
            <For each=move || form.projects.get() key=|chosen| chosen.project children=move |chosen| {
                one(form, chosen, catalogue, projects)
            }/>
            {picker(form, catalogue, projects)}
        </details>
    }
    .into_any()
}

fn named(projects: StoredValue<Vec<InviteProject>>, id: ProjectId) -> Option<InviteProject> {
    projects.with_value(|projects| projects.iter().find(|p| p.id == id).cloned())
}

/// The choice of a further project.
fn picker(
    form: InviteForm,
    catalogue: StoredValue<Catalogue>,
    projects: StoredValue<Vec<InviteProject>>,
) -> AnyView {
    let add = move |event: ev::Event| {
        let Some(project) = event_target_value(&event)
            .parse()
            .ok()
            .and_then(|id| named(projects, id))
        else {
            return;
        };
        // A safe beginning: looking, as far as the one who invites may give it.
        let set = catalogue.with_value(|catalogue| {
            catalogue
                .views()
                .intersection(catalogue.stored(&project.grantable))
        });
        form.projects.update(|all| {
            all.push(Chosen {
                project: project.id,
                // Outlives the first step, which the verdicts take the place of.
                set: ArcRwSignal::new(set),
            });
        });
    };
    let left = move || {
        let taken = form.projects.get();
        let mut options = vec![view! { <option value="">"Choose a project"</option> }.into_any()];
        projects.with_value(|projects| {
            for project in projects {
                if !taken.iter().any(|chosen| chosen.project == project.id) {
                    let (id, name) = (project.id.to_string(), project.name.clone());
                    options.push(view! { <option value=id>{name}</option> }.into_any());
                }
            }
        });
        options
    };
    let full = move || form.projects.with(Vec::len) >= MAX_OVERRIDES;
    view! {
        <div class="field">
            <label for=ADD>"Add a project"</label>
            <select
                id=ADD class="select"
                disabled=full
                aria-describedby="invite-project-help"
                prop:value=move || { form.projects.track(); "" }
                on:change=add
            >
                {left}
            </select>
            <p class="rc-help" id="invite-project-help">
                {move || if full() {
                    format!("These are {MAX_OVERRIDES} projects, the most for one invitation. Set others once the person has joined.")
                } else {
                    "Nothing chosen: role and groups hold in every project.".to_owned()
                }}
            </p>
        </div>
    }
    .into_any()
}

/// One chosen project with what they get there.
fn one(
    form: InviteForm,
    chosen: Chosen,
    catalogue: StoredValue<Catalogue>,
    projects: StoredValue<Vec<InviteProject>>,
) -> AnyView {
    let Chosen { project, set } = chosen;
    let set = RwSignal::from(set);
    // A project that was deleted meanwhile gives nothing; the server says so.
    let (name, grantable) = named(projects, project).map_or_else(
        || ("A project that is gone".to_owned(), PermissionSet::EMPTY),
        |found| {
            let set = catalogue.with_value(|catalogue| catalogue.stored(&found.grantable));
            (found.name, set)
        },
    );
    let words = move || {
        catalogue.with_value(|catalogue| summary(catalogue, set.get(), Some(Scope::Project)))
    };
    let remove = move || {
        form.projects
            .update(|all| all.retain(|other| other.project != project));
        browser::focus(&format!("#{ADD}"));
    };
    view! {
        <fieldset>
            <legend>{name.clone()}</legend>
            <p class="rc-sub" aria-live="polite">{words}</p>
            <Matrix
                catalogue
                set
                grantable=Signal::stored(grantable)
                scope=Scope::Project
                label="Permissions in this project"
            />
            <ActionButton
                label=format!("Remove {name}") size="sm" variant="outline" glyph=Glyph::X
                action=remove
            />
        </fieldset>
    }
    .into_any()
}
