//! The shape of the table of resources while it loads.

use leptos::prelude::*;

/// Six rows of the real layout.
pub fn skeleton() -> AnyView {
    let rows = (0..6)
        .map(|_| {
            view! {
                <tr>
                    <td data-col="main"><span class="skeleton" data-line=""></span></td>
                    <td data-col="meta"><span class="skeleton" data-line="short"></span></td>
                    <td data-hide="lg"><span class="skeleton" data-line="short"></span></td>
                    <td><span class="skeleton" data-line=""></span></td>
                    <td data-hide="lg"><span class="skeleton" data-line="short"></span></td>
                    <td data-col="end"></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading resources"</p>
        <div class="rc-table-wrap" aria-hidden="true">
            <table class="rc-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
