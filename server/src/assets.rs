//! Names of the stylesheet, script and WebAssembly files: cargo-leptos puts a hash of the content
//! into them, and writes the hashes to a file beside the binary.

use std::{path::Path, sync::Arc};

use leptos::config::LeptosOptions;

use crate::config::Config;

/// Name of all built files before hash and ending, as in the workspace's `output-name`.
const OUTPUT: &str = "rolecall";
/// Folder of the built files below the site folder.
const PKG: &str = "pkg";

/// What is known of the built files.
#[derive(Clone, Debug)]
pub struct Assets {
    /// What Leptos needs to write the links of the console.
    pub options: LeptosOptions,
    /// The stylesheet, for the documents without scripts.
    pub css_href: String,
}

impl Assets {
    /// Reads the hashes; without the file, names have none (a debug build).
    pub fn find(config: &Config) -> Self {
        let hashes = std::fs::read_to_string(&config.hash_file).ok();
        let absolute =
            std::path::absolute(&config.hash_file).unwrap_or_else(|_| config.hash_file.clone());
        let options = LeptosOptions::builder()
            .output_name(OUTPUT)
            .site_root(text(&config.site_dir))
            .site_pkg_dir(PKG)
            .site_addr(config.addr)
            // Leptos joins this to the folder of the binary; an absolute path replaces that.
            .hash_file(Arc::from(text(&absolute)))
            .hash_files(hashes.is_some())
            .build();
        let css = hashes.as_deref().and_then(|hashes| hash_of(hashes, "css"));
        let css_href = match css {
            Some(hash) => format!("/{PKG}/{OUTPUT}.{hash}.css"),
            None => format!("/{PKG}/{OUTPUT}.css"),
        };
        Self { options, css_href }
    }

    /// Whether names change with content, so that browsers may keep files for ever.
    pub fn are_hashed(&self) -> bool {
        self.options.hash_files
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn hash_of<'a>(hashes: &'a str, kind: &str) -> Option<&'a str> {
    let (_, hash) = hashes
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(k, _)| k.trim() == kind)?;
    Some(hash.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_is_found_among_the_hashes() {
        assert_eq!(
            hash_of("js: aaa\nwasm: bbb\ncss: ccc\n", "css"),
            Some("ccc")
        );
        assert_eq!(hash_of("js: aaa", "css"), None);
    }
}
