//! Icons: names in the sprite `/icons.svg`, which is made from this list.

use leptos::{prelude::*, tachys::html::InertElement};

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

            /// It has no name of its own: a word stands beside it, or its button has a label.
            pub const fn html(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!(
                        "<svg class=\"rc-icon\" aria-hidden=\"true\"><use href=\"/icons.svg#",
                        $name,
                        "\"></use></svg>",
                    ),)+
                }
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
    ChevronRight = "chevron-right",
    ChevronsUpDown = "chevrons-up-down",
    Clock = "clock",
    Columns = "columns-2",
    Copy = "copy",
    Crown = "crown",
    Dashboard = "layout-dashboard",
    Download = "download",
    Ellipsis = "ellipsis",
    Eye = "eye",
    Folder = "folder",
    Help = "circle-help",
    History = "history",
    Hourglass = "hourglass",
    Info = "info",
    Key = "key-round",
    Link = "link",
    Lock = "lock",
    LogOut = "log-out",
    Mail = "mail",
    Menu = "menu",
    Monitor = "monitor",
    Moon = "moon",
    Pause = "pause",
    Pencil = "pencil",
    Plus = "plus",
    Refresh = "refresh-cw",
    Search = "search",
    Send = "send",
    Settings = "settings",
    Shield = "shield",
    Sun = "sun",
    Trash = "trash-2",
    Triangle = "triangle-alert",
    User = "user",
    UserPlus = "user-plus",
    UserX = "user-x",
    Users = "users",
    Offline = "wifi-off",
    X = "x",
}

/// Draws an icon.
pub fn icon(glyph: Glyph) -> AnyView {
    InertElement::new(glyph.html()).into_any()
}
