//! The title of a page whose words can change while it is there.

use leptos::prelude::*;
use leptos_meta::Title;

/// Sets the title to these words.
pub fn title(words: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let words = ArcMemo::new(move |_| words());
    // Worked out here: the server writes the title last, outside of this page's arena, where a
    // signal would be unknown or, worse, another page's.
    words.get_untracked();
    view! { <Title text=move || words.get()/> }.into_any()
}
