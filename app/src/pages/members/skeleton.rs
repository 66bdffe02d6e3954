//! The shape of the members table while it loads.

use leptos::prelude::*;

/// Eight rows of the real layout.
pub fn skeleton() -> AnyView {
    let rows = (0..8)
        .map(|_| {
            view! {
                <tr>
                    <td data-col="check"></td>
                    <td data-col="main">
                        <span class="rc-person">
                            <span class="skeleton" data-round=""></span>
                            <span class="skeleton" data-line=""></span>
                        </span>
                    </td>
                    <td data-col="meta"><span class="skeleton" data-line="short"></span></td>
                    <td data-hide="lg"><span class="skeleton" data-line="short"></span></td>
                    <td><span class="skeleton" data-line="short"></span></td>
                    <td><span class="skeleton" data-line="short"></span></td>
                    <td data-hide="lg"><span class="skeleton" data-line="short"></span></td>
                    <td data-col="end"></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading members"</p>
        <div class="rc-table-wrap" aria-hidden="true">
            <table class="rc-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
