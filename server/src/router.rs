//! All addresses of the server, each added through [`Routes`], which also lists them: the checked-in
//! list in `tests/routes.txt` has to name every one.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Request,
    http::{Method, request::Parts},
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, any, get, post},
};
use leptos::{context::provide_context, nonce::use_nonce, prelude::use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, ResponseOptions, generate_route_list_with_exclusions,
    handle_server_fns_with_context,
};
use rolecall_app::{api::READING, context::RequestContext, paths};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, predicate::SizeAbove},
};

use crate::{csp, handlers, middleware, problem::Problem, state::AppState, static_files};

/// A server function that takes other methods than POST: a link on any site could then call it.
#[derive(Debug, thiserror::Error)]
#[error("the server function {0} does not use POST; declare it with a POST codec")]
pub struct NotPost(pub String);

/// The router, and the list of what it answers: one `METHOD path` each.
pub struct Built {
    /// All routes and all middleware.
    pub router: Router,
    /// What it answers, sorted.
    pub routes: Vec<String>,
}

/// Builds the router.
pub fn build(state: &AppState) -> Result<Built, NotPost> {
    let mut listed = Routes::default();
    let router = Router::new()
        .merge(probes(&mut listed))
        .merge(forms(&mut listed, state))
        .merge(live(&mut listed, state))
        .merge(downloads(&mut listed, state))
        .merge(server_functions(&mut listed, state)?)
        .merge(decisions(&mut listed, state))
        .merge(rest(&mut listed, state))
        .merge(console(&mut listed, state))
        .fallback(static_files::serve)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(
                    state.clone(),
                    middleware::request_id::assign,
                ))
                .layer(from_fn_with_state(
                    state.clone(),
                    middleware::security_headers::add,
                ))
                .layer(from_fn_with_state(
                    state.clone(),
                    middleware::problems::write,
                ))
                .layer(CatchPanicLayer::custom(after_panic))
                .layer(from_fn_with_state(state.clone(), middleware::host::check))
                .layer(from_fn_with_state(
                    state.clone(),
                    middleware::client_address::find,
                ))
                .layer(from_fn(middleware::limits::apply))
                .layer(from_fn_with_state(state.clone(), middleware::origin::check)),
        )
        .with_state(state.clone());
    Ok(Built {
        router,
        routes: listed.sorted(),
    })
}

fn probes(listed: &mut Routes) -> Router<AppState> {
    let router = Router::new();
    let router = listed.get(router, "/livez", get(handlers::health::live));
    listed.get(router, "/readyz", get(handlers::health::ready))
}

/// Documents without scripts. Not compressed: they hold tokens of forms, whose length must not
/// depend on what an attacker puts beside them (BREACH).
fn forms(listed: &mut Routes, state: &AppState) -> Router<AppState> {
    use handlers::{confirm_email, end_view, forgot, invitation, setup, sign_in, sign_out};
    let mut router = Router::new();
    router = listed.get(router, "/sign-in", get(sign_in::show));
    router = listed.post(router, "/sign-in", post(sign_in::submit));
    router = listed.post(router, "/sign-out", post(sign_out::submit));
    router = listed.post(router, paths::END_VIEW, post(end_view::submit));
    router = listed.get(router, "/setup", get(setup::show));
    router = listed.post(router, "/setup", post(setup::submit));
    router = listed.get(router, "/invite/{token}", get(invitation::show));
    router = listed.post(router, "/invitation/join", post(invitation::join));
    router = listed.post(router, "/invitation/sign-in", post(invitation::sign_in));
    router = listed.post(router, "/invitation/confirm", post(invitation::confirm));
    router = listed.post(router, "/invitation/decline", post(invitation::decline));
    router = listed.post(router, "/invitation/code", post(invitation::code));
    router = listed.post(router, "/invitation/switch", post(invitation::switch));
    router = listed.get(router, "/forgot", get(forgot::show));
    router = listed.post(router, "/forgot", post(forgot::submit));
    router = listed.get(router, "/reset/{token}", get(forgot::open));
    router = listed.post(router, "/reset", post(forgot::choose));
    router = listed.get(router, "/confirm-email/{token}", get(confirm_email::show));
    router = listed.post(router, "/confirm-email", post(confirm_email::submit));
    found_and_not_viewing(router, state)
}

/// The live stream. Not compressed, so that each message arrives at once.
fn live(listed: &mut Routes, state: &AppState) -> Router<AppState> {
    let stream = get(handlers::events::stream);
    let router = listed.get(Router::new(), "/w/{slug}/events", stream);
    router.layer(from_fn_with_state(
        state.clone(),
        middleware::session::look_up,
    ))
}

/// Files made on demand. Not compressed: they are streamed, and each piece is to arrive at once.
fn downloads(listed: &mut Routes, state: &AppState) -> Router<AppState> {
    let export = post(handlers::audit_export::submit);
    let router = listed.post(Router::new(), "/w/{slug}/audit/export", export);
    found_and_not_viewing(router, state)
}

/// Finds who asks; whoever views as a member sends no form.
fn found_and_not_viewing(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), middleware::session::find))
            .layer(from_fn(middleware::viewing::refuse_forms)),
    )
}

/// Decisions for other services, by token: no cookie is read here and no other site is let in.
fn decisions(listed: &mut Routes, state: &AppState) -> Router<AppState> {
    use handlers::authzen;
    let find = from_fn_with_state(state.clone(), middleware::bearer::find);
    // On each handler, so that a wrong method is told first, and what is not there to nobody.
    let mut add = |router, path, to: MethodRouter<AppState>| {
        listed.post(router, path, to.route_layer(find.clone()))
    };
    let mut router = Router::new();
    router = add(router, "/access/v1/evaluation", post(authzen::one));
    router = add(router, "/access/v1/evaluations", post(authzen::several));
    router = add(router, "/access/v1/search/subject", post(authzen::subjects));
    router = add(
        router,
        "/access/v1/search/resource",
        post(authzen::resources),
    );
    router = add(router, "/access/v1/search/action", post(authzen::actions));
    let router = router.route("/access/v1/{*nothing}", any(nowhere));
    listed.get(router, authzen::DISCOVERY, get(authzen::metadata))
}

/// What people do in the console, by token, and the page that tells about it.
fn rest(listed: &mut Routes, state: &AppState) -> Router<AppState> {
    use handlers::{reference, rest};
    let (router, operations) = rest::router(state);
    for (method, path) in operations {
        listed.note(&method, &path);
    }
    let page = get(reference::show).layer(compression());
    listed.get(router, reference::PATH, page)
}

async fn nowhere() -> Problem {
    Problem::not_found()
}

fn server_functions(listed: &mut Routes, state: &AppState) -> Result<Router<AppState>, NotPost> {
    let (mut reading, mut changing) = (Router::new(), Router::new());
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        if method != Method::POST {
            return Err(NotPost(path.to_owned()));
        }
        let reads = path
            .strip_prefix("/api/")
            .is_some_and(|name| READING.contains(&name));
        let router = if reads { &mut reading } else { &mut changing };
        *router = listed.post(std::mem::take(router), path, post(server_function));
    }
    let reading = reading.layer(from_fn_with_state(
        state.clone(),
        middleware::session::find_reader,
    ));
    let changing = changing.layer(from_fn_with_state(state.clone(), middleware::session::find));
    Ok(reading.merge(changing).layer(
        ServiceBuilder::new()
            .layer(compression())
            .layer(from_fn(middleware::api::json_only)),
    ))
}

async fn server_function(request: Request) -> Response {
    use axum::response::IntoResponse as _;
    handle_server_fns_with_context(|| provide_request(None), request)
        .await
        .into_response()
}

/// The console's pages, as `rolecall_app` declares them. Listed once per process, before the first
/// request: Leptos lists them by rendering everything with the loading of data switched off for all
/// threads, so that a page rendered at that moment would wait for ever.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    // Leptos would add the server functions too; they have a router of their own.
    let functions = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .collect();
    generate_route_list_with_exclusions(rolecall_app::App, Some(functions))
});

fn console(listed: &mut Routes, state: &AppState) -> Router<AppState> {
    let pages = PAGES.clone();
    for page in &pages {
        if page.methods().next().is_some() {
            listed.note("GET", page.path());
        }
    }
    let options = state.assets.options.clone();
    let reload = csp::reload_socket(state.public_url.origin(), &options);
    let provide = move || provide_request(reload.as_deref());
    Router::new()
        .leptos_routes_with_context(state, pages, provide, move || {
            rolecall_app::shell(options.clone())
        })
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.clone(), middleware::session::find))
                .layer(from_fn_with_state(
                    state.clone(),
                    middleware::session::require_for_pages,
                ))
                .layer(from_fn(middleware::viewing::settle_for_pages))
                .layer(compression()),
        )
}

/// Gives pages and server functions the request's context, and pages the policy with their nonce.
fn provide_request(reload: Option<&str>) {
    let Some(parts) = use_context::<Parts>() else {
        return;
    };
    if let Some(context) = parts.extensions.get::<RequestContext>() {
        provide_context(context.clone());
    }
    let policy = use_nonce().and_then(|nonce| csp::console(&nonce, reload));
    if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>()) {
        response.insert_header(axum::http::header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Quality 4 of Brotli costs well under a millisecond per page; higher ones save little more.
fn compression() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(512))
}

/// The panic itself was logged by the hook of [`crate::telemetry`].
fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    use axum::response::IntoResponse as _;
    Problem::bare(axum::http::StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// Adds routes and remembers them.
#[derive(Default)]
struct Routes(Vec<String>);

impl Routes {
    fn note(&mut self, method: &str, path: &str) {
        self.0.push(format!("{method} {path}"));
    }

    fn get(
        &mut self,
        router: Router<AppState>,
        path: &str,
        to: MethodRouter<AppState>,
    ) -> Router<AppState> {
        self.note("GET", path);
        router.route(path, to)
    }

    fn post(
        &mut self,
        router: Router<AppState>,
        path: &str,
        to: MethodRouter<AppState>,
    ) -> Router<AppState> {
        self.note("POST", path);
        router.route(path, to)
    }

    fn sorted(mut self) -> Vec<String> {
        self.0.sort();
        self.0
    }
}
