//! Two roles side by side.

use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    LazyRoute, NavigateOptions,
    hooks::{use_navigate, use_query_map},
    lazy_route,
};
use rolecall_shared::{
    ApiError, ErrorCode, RoleId, catalogue::PermissionSet, permission::Action,
    role::RoleComparison, text::count,
};

use crate::{
    api::roles::{compare_roles, list_roles},
    components::{
        filter::APPLY,
        icon::{Glyph, icon},
        loaded,
        matrix::{Line, action_title, lines, summary},
        problem::problem,
    },
    error::ApiFailure,
    here::Here,
    pages::role::built_in,
    paths,
};

/// Two roles side by side.
pub struct ComparePage;

#[lazy_route]
impl LazyRoute for ComparePage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let ComparePage = this;
        let here = Here::of_page();
        let map = use_query_map();
        let asked = Memo::new(move |_| {
            let id = |name: &str| map.with(|map| map.get(name)?.parse::<RoleId>().ok());
            (id("left"), id("right"))
        });
        let both = Resource::new(
            move || (here.slug.get(), asked.get(), here.live.access.get()),
            |(slug, asked, _)| load(slug, asked),
        );
        let only_differences = RwSignal::new(false);
        view! {
            {loaded::loaded(skeleton, None, move || async move {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    let place = workspace.map(|workspace| workspace.name).unwrap_or_default();
                    match both.await {
                        Err(failure) => problem(&failure.0),
                        Ok(both) => {
                            let title = format!("Compare roles · {place}");
                            view! { <Title text=title/>{page(here, both, only_differences)} }.into_any()
                        }
                    }
                })}
        }
        .into_any()
    }
}

/// An address that names fewer than two roles compares the first two.
async fn load(
    slug: String,
    asked: (Option<RoleId>, Option<RoleId>),
) -> Result<RoleComparison, ApiFailure> {
    let (left, right) = match asked {
        (Some(left), Some(right)) => (left, right),
        (left, right) => {
            let roles = list_roles(slug.clone()).await?.roles;
            let first =
                |not: Option<RoleId>| roles.iter().map(|role| role.id).find(|id| Some(*id) != not);
            let left = left.or_else(|| first(right));
            match (left, right.or_else(|| first(left))) {
                (Some(left), Some(right)) => (left, right),
                _ => return Err(nothing_to_compare()),
            }
        }
    };
    compare_roles(slug, left, right).await
}

fn nothing_to_compare() -> ApiFailure {
    ApiFailure(ApiError::new(
        ErrorCode::NotFound,
        "There are not two roles to compare in this workspace.",
    ))
}

fn page(here: Here, both: RoleComparison, only_differences: RwSignal<bool>) -> AnyView {
    let sets = both
        .sides
        .each_ref()
        .map(|(_, names)| both.catalogue.stored(names));
    let rows = lines(&both.catalogue, None);
    let differing = rows.iter().filter(|line| differs(line, sets)).count();
    let lead = match differing {
        0 => "Both allow the same.".to_owned(),
        n => format!("They differ in {}.", count(n, "service", "services")),
    };
    let [left, right] = both.sides.each_ref().map(|(card, _)| card);
    let ids = [left.id, right.id];
    let titles = [left, right].map(|card| {
        let href = paths::role(&here.slug.get_untracked(), card.id);
        view! {
            <th scope="colgroup" colspan="3">
                <a class="rc-link" href=href>{card.name.clone()}</a>
                {card.built_in.then(built_in)}
            </th>
        }
    });
    let words = [0, 1].map(|side: usize| {
        let own = both.sides[side].0.own_projects_only;
        let words = summary(&both.catalogue, sets[side], None);
        view! {
            <div>
                <dt>{both.sides[side].0.name.clone()}</dt>
                <dd>
                    {words}
                    {own.then_some(". In projects: only in those that the person created")}
                    "."
                </dd>
            </div>
        }
    });
    let bodies = rows
        .chunk_by(|one, other| one.category == other.category)
        .map(|chunk| body(chunk, sets, only_differences))
        .collect_view();
    view! {
        <nav class="rc-crumbs" aria-label="Breadcrumb">
            <a class="rc-link" href=paths::roles(&here.slug.get_untracked())>"Roles"</a>
            {icon(Glyph::ChevronRight)}
            <span aria-current="page">"Compare"</span>
        </nav>
        <div class="rc-head">
            <div>
                <h1>"Compare roles"</h1>
                <p role="status">{lead}</p>
            </div>
        </div>
        {choices(here, &both, ids, only_differences)}
        <dl class="rc-compare-words">{words.into_iter().collect_view()}</dl>
        <div class="rc-compare-wrap">
            <table class="rc-compare" data-only=move || only_differences.get().then_some("")>
                <caption class="sr-only">"What each role allows"</caption>
                <colgroup><col/><col/><col/><col/><col/><col/><col/></colgroup>
                <thead>
                    <tr>
                        <td></td>
                        {titles.into_iter().collect_view()}
                    </tr>
                    <tr>
                        <th scope="col">"Service"</th>
                        {heads()}
                        {heads()}
                    </tr>
                </thead>
                {bodies}
            </table>
        </div>
        <Show when=move || only_differences.get() && differing == 0>
            <div class="rc-empty">
                {icon(Glyph::Check)}
                <h2>"No differences"</h2>
                <p>"Both roles allow the same."</p>
            </div>
        </Show>
    }
    .into_any()
}

fn heads() -> AnyView {
    Action::ALL
        .map(|action| {
            let word = action_title(action);
            let letter = word.get(..1);
            view! {
                <th scope="col">
                    <span data-wide="">{word}</span>
                    <span data-narrow="" aria-hidden="true">{letter}</span>
                </th>
            }
        })
        .into_iter()
        .collect_view()
        .into_any()
}

/// The form that chooses both; it works without script too.
fn choices(
    here: Here,
    both: &RoleComparison,
    ids: [RoleId; 2],
    only_differences: RwSignal<bool>,
) -> AnyView {
    let navigate = use_navigate();
    let select = |name: &'static str, label: &'static str, side: usize| {
        let navigate = navigate.clone();
        let options = both
            .roles
            .iter()
            .map(|role| {
                let chosen = role.id == ids[side];
                view! { <option value=role.id.to_string() selected=chosen>{role.name.clone()}</option> }
            })
            .collect_view();
        let pick = move |event: ev::Event| {
            if let Ok(id) = event_target_value(&event).parse() {
                let mut chosen = ids;
                chosen[side] = id;
                let slug = here.slug.get_untracked();
                let path = paths::compare_roles(&slug, chosen[0], chosen[1]);
                let options = NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&path, options);
            }
        };
        view! {
            <select class="select" name=name aria-label=label on:change=pick prop:value=ids[side].to_string()>
                {options}
            </select>
        }
    };
    let turned = paths::compare_roles(&here.slug.get_untracked(), ids[1], ids[0]);
    view! {
        <form class="rc-toolbar" method="get">
            {select("left", "Left role", 0)}
            <a class="btn" data-variant="ghost" data-size="icon" href=turned aria-label="Swap both" data-noscroll="">
                {icon(Glyph::Refresh)}
            </a>
            {select("right", "Right role", 1)}
            <noscript inner_html=APPLY></noscript>
            <button
                type="button"
                class="rc-chip"
                aria-pressed=move || if only_differences.get() { "true" } else { "false" }
                on:click=move |_| only_differences.update(|only| *only = !*only)
            >
                "Only differences"
            </button>
        </form>
    }
    .into_any()
}

fn differs(line: &Line, sets: [PermissionSet; 2]) -> bool {
    let [left, right] = sets.map(|set| set.intersection(line.all()));
    left != right
}

fn body(chunk: &[Line], sets: [PermissionSet; 2], only_differences: RwSignal<bool>) -> AnyView {
    let category = chunk.first().map(|line| line.category.clone());
    let any = chunk.iter().any(|line| differs(line, sets));
    let rows = chunk
        .iter()
        .map(|line| row(line, sets, only_differences))
        .collect_view();
    view! {
        <tbody hidden=move || only_differences.get() && !any>
            <tr class="rc-matrix-category"><th scope="rowgroup" colspan="7">{category}</th></tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn row(line: &Line, sets: [PermissionSet; 2], only_differences: RwSignal<bool>) -> AnyView {
    let different = differs(line, sets);
    let cells = sets
        .map(|set| {
            Action::ALL
                .map(|action| cell(line, action, set, sets))
                .into_iter()
                .collect_view()
        })
        .into_iter()
        .collect_view();
    view! {
        <tr data-differs=different.then_some("") hidden=move || only_differences.get() && !different>
            <th scope="row">
                {line.title.clone()}
                {different.then(|| view! { <span class="sr-only">", differs"</span> })}
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell(line: &Line, action: Action, set: PermissionSet, sets: [PermissionSet; 2]) -> AnyView {
    let Some((bit, text)) = line.cells[action as usize].clone() else {
        return view! { <td></td> }.into_any();
    };
    let differs = sets[0].contains(bit) != sets[1].contains(bit);
    if set.contains(bit) {
        view! {
            <td data-differs=differs.then_some("") title=text>
                {icon(Glyph::Check)}
                <span class="sr-only">"Yes"</span>
            </td>
        }
        .into_any()
    } else {
        view! {
            <td data-differs=differs.then_some("") title=text>
                <span aria-hidden="true">"–"</span>
                <span class="sr-only">"No"</span>
            </td>
        }
        .into_any()
    }
}

fn skeleton() -> AnyView {
    let rows = (0..10)
        .map(|_| view! { <span class="skeleton" data-line="long"></span> })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading both roles"</p>
        <div class="grid gap-6" aria-hidden="true">{rows}</div>
    }
    .into_any()
}
