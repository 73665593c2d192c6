//! The built page: which files it loads, and whether it names other servers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::{Explain, Result};

/// Names of formats that look like addresses and are never loaded.
const NAMESPACES: [&str; 1] = ["http://www.w3.org/"];

/// The files that a browser loads from opening the page on.
pub struct Bundle {
    /// Their paths below the folder, with their bytes.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Bundle {
    /// Follows the names from `index.html` on: a file counts as loaded when a loaded text file names it.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut waiting = Vec::new();
        collect(folder, folder, &mut waiting)?;
        let mut files = BTreeMap::new();
        let mut texts = vec!["index.html".to_owned()];
        loop {
            let (named, rest): (Vec<PathBuf>, Vec<PathBuf>) =
                waiting.into_iter().partition(|path| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    texts.iter().any(|text| text.contains(name.as_ref()))
                });
            waiting = rest;
            texts.clear();
            for path in named {
                let whole = folder.join(&path);
                let bytes =
                    fs::read(&whole).explain(|| format!("{} cannot be read", whole.display()))?;
                if is_text(&path) {
                    texts.push(String::from_utf8_lossy(&bytes).into_owned());
                }
                files.insert(path, bytes);
            }
            if texts.is_empty() {
                break;
            }
        }
        Ok(Self { files })
    }

    /// The addresses of other servers in what is loaded as text.
    pub fn foreign_addresses(&self) -> Vec<String> {
        self.files
            .iter()
            .filter(|(path, _)| is_text(path))
            .flat_map(|(_, bytes)| foreign_in(&String::from_utf8_lossy(bytes)))
            .collect()
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder)
        .explain(|| format!("The built page in {} cannot be read", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if let Ok(below) = path.strip_prefix(root) {
            found.push(below.to_owned());
        }
    }
    Ok(())
}

fn is_text(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["html", "css", "js", "mjs", "json"]
        .iter()
        .any(|text| extension == *text)
}

fn foreign_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for scheme in ["http://", "https://", "ws://", "wss://"] {
        for (start, _) in text.match_indices(scheme) {
            let address: String = text[start..]
                .chars()
                .take_while(|letter| !letter.is_whitespace() && !"\"'`)<>,;".contains(*letter))
                .collect();
            // The bare scheme is how code puts an address together from the page's own.
            let names_a_server = address.len() > scheme.len() && !address.contains('$');
            if names_a_server && !NAMESPACES.iter().any(|known| address.starts_with(known)) {
                found.push(address);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_other_servers_are_found_and_namespaces_are_not() {
        let text =
            r#"<svg xmlns="http://www.w3.org/2000/svg"><script src="https://cdn.example/x.js">"#;
        assert_eq!(foreign_in(text), ["https://cdn.example/x.js"]);
        assert!(foreign_in("const base = 'ws://' + host; `wss://${host}/ws`").is_empty());
    }

    #[test]
    fn only_files_that_the_page_names_count() {
        let folder = std::env::temp_dir().join(format!("xtask-bundle-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("index.html", "<script src=app-1.js>"),
            ("app-1.js", "import './part-2.js'"),
            ("part-2.js", ""),
            ("old-0.js", ""),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        let bundle = Bundle::read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(bundle.files.len(), 3);
    }
}
