//! Builds the page with Trunk, the released one in parts, when anything changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::bundle::Bundle;
use crate::freshness::{Stamp, now};
use crate::parts::{self, Splitter};
use crate::paths;
use crate::problem::{Explain, Problem, Result};
use crate::run;
use crate::setup;
use crate::toolchain::{TARGET, WasmToolchain};

/// Which page to build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kind {
    /// Quick to build, large and slow, with readable panics.
    pub debug: bool,
    /// With built-in data instead of a server.
    pub mock: bool,
}

impl Kind {
    /// Where the built page lies.
    pub fn folder(self) -> PathBuf {
        if self.mock {
            paths::host_target().join("dist-mock")
        } else {
            paths::workspace().join("dist")
        }
    }

    /// Where the parts of the released page are kept as they were before they were optimised, for measurements.
    pub fn kept_parts(self) -> PathBuf {
        paths::host_target().join(if self.mock { "parts-mock" } else { "parts" })
    }

    /// Whether its module comes in parts that are loaded when they are needed.
    pub fn in_parts(self) -> bool {
        !self.debug && !self.mock
    }

    fn name(self) -> &'static str {
        match (self.debug, self.mock) {
            (false, false) => "release",
            (true, false) => "debug",
            (false, true) => "release with built-in data",
            (true, true) => "debug with built-in data",
        }
    }

    fn stamp(self) -> Stamp {
        Stamp::named(if self.mock { "dist-mock" } else { "dist" })
    }
}

/// Builds the page unless it is already there and newer than everything that goes into it.
pub fn page(kind: Kind) -> Result<Bundle> {
    let folder = kind.folder();
    let stamp = kind.stamp();
    if stamp.is_fresh(kind.name()) && folder.join("index.html").is_file() {
        return Bundle::read(&folder);
    }
    let toolchain = setup::ready_to_build()?;
    let started = Instant::now();
    let began = now();
    stamp.remove();
    // Trunk hands its --offline on to cargo, so everything must have been downloaded before.
    let mut fetch = toolchain.command("cargo")?;
    fetch.args(["fetch", "--target", TARGET]);
    let stage = Stage::new()?;
    let mut command = toolchain.command("trunk")?;
    command
        .args(["build", "--offline", "--dist"])
        .arg(&stage.folder);
    if !kind.debug {
        command.arg("--release");
        for command in [&mut fetch, &mut command] {
            command.envs(WasmToolchain::released_variables(kind.in_parts()));
        }
    }
    run::must("Downloading the page's crates", &mut fetch)?;
    if kind.mock {
        command.args(["--features", "mock"]);
    }
    let splitter = if kind.in_parts() {
        command.args(["--features", "split"]);
        Some(Splitter::stand_before(&mut command, &toolchain)?)
    } else {
        None
    };
    // Trunk refuses a NO_COLOR that is not `true` or `false`, which is how the rest of the world sets it.
    command.env_remove("NO_COLOR");
    let label = format!("Building the page ({})", kind.name());
    println!("{label}");
    run::must(&label, &mut command)?;
    if !kind.debug {
        parts::finish(&stage.folder, &kind.kept_parts(), splitter.as_ref())?;
    }
    let strangers = Bundle::read(&stage.folder)?.foreign_addresses();
    if !strangers.is_empty() {
        return Err(Problem::new(format!(
            "The built page names addresses of other servers, and must load nothing from outside: {}",
            strangers.join(", ")
        )));
    }
    stage.become_page(&folder)?;
    stamp.write(began, kind.name())?;
    println!(
        "Built {} in {:.0} s",
        folder.display(),
        started.elapsed().as_secs_f64()
    );
    Bundle::read(&folder)
}

/// Where one build puts its files until they are whole: a build that fails, or runs at the same time as another one,
/// leaves the page of the last good build as it is.
struct Stage {
    folder: PathBuf,
}

impl Stage {
    fn new() -> Result<Self> {
        let folder = paths::host_target()
            .join("page-stages")
            .join(std::process::id().to_string());
        fs::create_dir_all(&folder)
            .explain(|| format!("The folder {} cannot be made", folder.display()))?;
        Ok(Self { folder })
    }

    /// Takes the place of the page that is there.
    fn become_page(&self, page: &Path) -> Result<()> {
        let before = self.folder.with_extension("before");
        // There may be none before the first build.
        let _ = fs::rename(page, &before);
        let moved = fs::rename(&self.folder, page);
        let _ = fs::remove_dir_all(&before);
        moved.explain(|| format!("The built page cannot be moved to {}", page.display()))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Already gone when it became the page.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
