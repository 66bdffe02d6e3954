//! Icons: names in the sprite `/icons.svg`, which is made from this list.

use leptos::prelude::*;

macro_rules! glyphs {
    ($($variant:ident = $name:literal,)+) => {
        /// An icon of the sprite, by its Lucide name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph {
            $(#[doc = $name] $variant,)+
        }

        impl Glyph {
            /// Every icon that the console draws; `scripts/icons` reads the names here.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in Lucide and in the sprite.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            const fn href(self) -> &'static str {
                match self { $(Self::$variant => concat!("/icons.svg#", $name),)+ }
            }
        }
    };
}

glyphs! {
    ArrowDown = "arrow-down",
    ArrowLeft = "arrow-left",
    ArrowRight = "arrow-right",
    ArrowUp = "arrow-up",
    Ban = "ban",
    Check = "check",
    ChevronsUpDown = "chevrons-up-down",
    Clock = "clock",
    Copy = "copy",
    Crown = "crown",
    Download = "download",
    Ellipsis = "ellipsis",
    Help = "circle-help",
    Hourglass = "hourglass",
    Info = "info",
    LogOut = "log-out",
    Mail = "mail",
    Menu = "menu",
    Monitor = "monitor",
    Moon = "moon",
    Pause = "pause",
    Pencil = "pencil",
    Refresh = "refresh-cw",
    Search = "search",
    Send = "send",
    Settings = "settings",
    Shield = "shield",
    Sun = "sun",
    Triangle = "triangle-alert",
    UserPlus = "user-plus",
    UserX = "user-x",
    Users = "users",
    Offline = "wifi-off",
    X = "x",
}

/// Draws an icon. It has no name of its own: a word stands beside it, or its button has a label.
pub fn icon(glyph: Glyph) -> AnyView {
    view! {
        <svg class="rc-icon" aria-hidden="true"><use_ href=glyph.href()/></svg>
    }
    .into_any()
}
