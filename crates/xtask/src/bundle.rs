//! The built page: which files it loads, how large they are on the wire, and whether it names other servers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::paths;
use crate::problem::{Explain, Result};
use crate::run;

/// Names of formats that look like addresses and are never loaded.
const NAMESPACES: [&str; 1] = ["http://www.w3.org/"];

/// The files that a browser loads when it opens the page.
pub struct Bundle {
    /// Their paths below the folder, with their bytes.
    files: BTreeMap<PathBuf, Vec<u8>>,
    folder: PathBuf,
}

/// The sum of the loaded files' sizes, each compressed on its own, as a server sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// As they lie on disk.
    pub raw: u64,
    /// With gzip at level 9.
    pub gzip: u64,
    /// With brotli at quality 11.
    pub brotli: u64,
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
        Ok(Self {
            files,
            folder: folder.to_owned(),
        })
    }

    /// How many files are loaded.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// The sizes, measured by Node.js, which has both compressors.
    pub fn sizes(&self) -> Result<Sizes> {
        let script = paths::workspace().join("e2e/bench/lib/compressed-sizes.mjs");
        let words = run::ask(
            run::command("node")
                .arg(script)
                .args(self.files.keys().map(|path| self.folder.join(path))),
        )
        .explain(|| {
            "Node.js could not measure the page's files: check `node --version`".to_owned()
        })?;
        sum(&words).explain(|| format!("The measured sizes cannot be understood: {words}"))
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

/// Reads one line per file: raw, gzip and brotli bytes, then the name.
fn sum(words: &str) -> Option<Sizes> {
    let mut sizes = Sizes {
        raw: 0,
        gzip: 0,
        brotli: 0,
    };
    for line in words.lines() {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        sizes.raw += numbers.next()?.ok()?;
        sizes.gzip += numbers.next()?.ok()?;
        sizes.brotli += numbers.next()?.ok()?;
    }
    Some(sizes)
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
    fn the_sizes_of_all_files_are_added_up() {
        let words = "100 50 40 index.html\n10 5 4 app.css";
        assert_eq!(
            sum(words),
            Some(Sizes {
                raw: 110,
                gzip: 55,
                brotli: 44
            })
        );
        assert_eq!(sum("nothing to see"), None);
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
        assert_eq!(bundle.count(), 3);
    }
}
