//! A part of a page that waits for data: the one way to a `Suspend` in a page.

use std::future::Future;

use leptos::{prelude::*, tachys::reactive_graph::OwnedView};

/// Shows what `view` makes once its data are there. While they are fetched for the first time, the
/// browser shows `fallback`; later it keeps what it shows, and `pending` says so.
///
/// On the server this is not a `Transition`: that makes its content twice to learn what it waits
/// for, and its `set_pending` is an effect that runs there too, in a task of its own. It panics when
/// another thread ends a task at that moment: the list of tasks is read without waiting for its
/// lock (`transition.rs` in leptos 0.8.23, `signal/guards.rs` in `reactive_graph` 0.2.16). A page is
/// sent in one piece, so that waiting in place gives the same text.
pub fn loaded<Fut>(
    fallback: fn() -> AnyView,
    pending: Option<RwSignal<bool>>,
    view: impl Fn() -> Fut + Send + Sync + 'static,
) -> AnyView
where
    Fut: Future<Output = AnyView> + Send + 'static,
{
    if cfg!(feature = "ssr") {
        return at_once(view);
    }
    view! {
        <Transition fallback=fallback nostrip:set_pending=pending.map(SignalSetter::from)>
            {move || {
                // Beside the effect, not inside it: what is on screen lives until the next takes its
                // place, so that a press in between does not reach signals that are gone.
                let owner = Owner::current()
                    .and_then(|effect| effect.parent())
                    .map_or_else(Owner::new, |around| around.child());
                owner.with(|| {
                    let view = view();
                    Suspend::new(async move { OwnedView::new(view.await) })
                })
            }}
        </Transition>
    }
    .into_any()
}

fn at_once<Fut>(view: impl Fn() -> Fut) -> AnyView
where
    Fut: Future<Output = AnyView> + Send + 'static,
{
    // Resources find their data by number, and in the browser the `Transition` takes one.
    if let Some(shared) = Owner::current_shared_context() {
        shared.next_id();
    }
    let owner = Owner::new();
    let waiting = owner.with(|| {
        let view = view();
        Suspend::new(async move { OwnedView::new(view.await) })
    });
    OwnedView::new_with_owner(waiting, owner).into_any()
}
