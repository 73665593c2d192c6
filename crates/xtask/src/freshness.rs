//! Tells whether something must be made again: by the age of its inputs, and by what it was made as.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::paths;
use crate::problem::{Explain, Result};

/// What goes into the page, and what builds it.
const INPUTS: [&str; 12] = [
    "src",
    "crates/splitter",
    "crates/xtask/page",
    "crates/xtask/src/build.rs",
    "crates/xtask/src/parts.rs",
    "style",
    "public",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "design_tokens.json",
];

/// The newest change among the page's inputs, in nanoseconds since 1970; a folder counts too, because removing a file
/// changes nothing else.
pub fn newest_input() -> u128 {
    INPUTS
        .iter()
        .map(|name| newest(&paths::workspace().join(name)))
        .max()
        .unwrap_or(0)
}

/// Now, in the same unit.
pub fn now() -> u128 {
    nanoseconds(SystemTime::now())
}

/// A note beside a result: when its making began, and what it was made as.
pub struct Stamp {
    file: PathBuf,
}

impl Stamp {
    /// The note of this name.
    pub fn named(name: &str) -> Self {
        Self {
            file: paths::host_target().join(format!("{name}.stamp")),
        }
    }

    /// Whether the result was made as `kind`, after the last change of its inputs.
    pub fn is_fresh(&self, kind: &str) -> bool {
        let Ok(note) = fs::read_to_string(&self.file) else {
            return false;
        };
        let Some((began, made_as)) = note.split_once('\n') else {
            return false;
        };
        let began = began.parse::<u128>().unwrap_or(0);
        made_as == kind && began > newest_input()
    }

    /// Notes a success that began at `began`: a file that changed while it was being made is newer than that.
    pub fn write(&self, began: u128, kind: &str) -> Result<()> {
        fs::write(&self.file, format!("{began}\n{kind}"))
            .explain(|| format!("The note {} cannot be written", self.file.display()))
    }

    /// Removes the note, so that a result that is half made is not taken for a whole one.
    pub fn remove(&self) {
        // It is gone or was never there; anything else shows when the note is written.
        let _ = fs::remove_file(&self.file);
    }
}

fn newest(path: &Path) -> u128 {
    let Ok(data) = fs::metadata(path) else {
        return 0;
    };
    let own = data.modified().map(nanoseconds).unwrap_or(0);
    if !data.is_dir() {
        return own;
    }
    let Ok(entries) = fs::read_dir(path) else {
        return own;
    };
    entries
        .flatten()
        .map(|entry| newest(&entry.path()))
        .fold(own, u128::max)
}

fn nanoseconds(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH)
        .map(|since| since.as_nanos())
        .unwrap_or(0)
}
