//! The shape of the trail while it loads.

use leptos::prelude::*;

/// Eight rows of the real layout.
pub fn skeleton() -> AnyView {
    let rows = (0..8)
        .map(|_| {
            view! {
                <tr>
                    <td data-col="main">
                        <span class="grid gap-2">
                            <span class="skeleton" data-line=""></span>
                            <span class="skeleton" data-line="long"></span>
                        </span>
                    </td>
                    <td data-col="meta"><span class="skeleton" data-line="short"></span></td>
                    <td><span class="skeleton" data-line="short"></span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading the audit trail"</p>
        <div class="rc-table-wrap" aria-hidden="true">
            <table class="rc-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
