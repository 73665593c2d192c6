//! Where things lie: the workspace, its build folders and the cache of installed tools.

use std::env;
use std::path::{Path, PathBuf};

use crate::problem::{Explain, Result};

/// The root of the workspace, whatever folder the command was called from.
pub fn workspace() -> &'static Path {
    // Known when the runner is compiled, and it is always compiled in place.
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package)
}

/// The folder of the host's builds.
pub fn host_target() -> PathBuf {
    workspace().join("target")
}

/// The folder of the page's builds: kept apart, because another toolchain may make them.
pub fn wasm_target() -> PathBuf {
    workspace().join("target/wasm")
}

/// The folder of the instrumented builds and their report.
pub fn coverage_target() -> PathBuf {
    workspace().join("target/coverage")
}

/// The folder of the logs of what was run.
pub fn logs() -> PathBuf {
    workspace().join("target/xtask-logs")
}

/// The development backend's program, as `cargo build -p dev-backend` leaves it.
pub fn dev_backend() -> PathBuf {
    host_target()
        .join("debug")
        .join(format!("dev-backend{}", env::consts::EXE_SUFFIX))
}

/// The folder of installed tools, shared by all work trees of one person.
///
/// `BATCH_RUNNER_CACHE` names another one.
pub fn cache() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("BATCH_RUNNER_CACHE").filter(|value| !value.is_empty()) {
        return Ok(PathBuf::from(chosen));
    }
    let name = "batch-runner-tools";
    let home = home().explain(|| {
        "No home folder is known: set HOME, or name a folder for the tools in BATCH_RUNNER_CACHE"
            .to_owned()
    })?;
    if cfg!(target_os = "macos") {
        return Ok(home.join("Library/Caches").join(name));
    }
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| home.join(".cache"));
    Ok(base.join(name))
}

/// The home folder.
pub fn home() -> Option<PathBuf> {
    env::var_os("HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// The first of `names` that PATH leads to.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|candidate| candidate.is_file())
    })
}
