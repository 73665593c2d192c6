//! The system's package managers: apt on Debian's family, Homebrew on macOS.

use std::time::Duration;

use crate::paths;
use crate::problem::{Problem, Result};
use crate::run;

/// A list that cannot be fetched in this time is not going to be.
const UPDATE_LIMIT: Duration = Duration::from_secs(180);

/// Who installs programs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packages {
    /// `apt-get`.
    Apt,
    /// `brew`.
    Homebrew,
}

impl Packages {
    /// The manager of this machine, if it is one that the set-up knows.
    pub fn find() -> Option<Self> {
        if paths::find_program(&["apt-get"]).is_some() {
            Some(Self::Apt)
        } else if paths::find_program(&["brew"]).is_some() {
            Some(Self::Homebrew)
        } else {
            None
        }
    }
}

/// Installs Debian packages; `why` ends the sentence "… is needed for".
pub fn apt_install(names: &[&str], why: &str) -> Result<()> {
    let list = names.join(" ");
    println!("  installing with apt-get: {list}");
    let root = run::ask(run::command("id").arg("-u")).is_some_and(|id| id == "0");
    let can_sudo = paths::find_program(&["sudo"]).is_some();
    if !root && !can_sudo {
        return Err(Problem::new(format!(
            "{why} needs the packages {list}, and neither root nor sudo is to be had: have an administrator run \
             `apt-get install {list}`"
        )));
    }
    let apt_get = || {
        let mut command = run::command(if root { "apt-get" } else { "sudo" });
        if root {
            command.env("DEBIAN_FRONTEND", "noninteractive");
        } else {
            command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            // sudo may have to ask for the password.
            command.stdin(std::process::Stdio::inherit());
        }
        command
    };
    // A stale list is often good enough, so the update alone decides nothing.
    let _ = run::watched_within(
        "apt-get update",
        apt_get().arg("update"),
        Some(UPDATE_LIMIT),
    );
    let installed = run::watched(
        "apt-get install",
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(names),
    )?;
    if installed.ok {
        return Ok(());
    }
    Err(Problem::new(format!(
        "{}\n{why} needs the packages {list}, and apt-get could not install them (its words are above)",
        installed.tail()
    )))
}

/// Installs Homebrew formulae, or casks.
pub fn brew_install(names: &[&str], cask: bool, why: &str) -> Result<()> {
    let list = names.join(" ");
    println!("  installing with brew: {list}");
    let mut command = run::command("brew");
    command.arg("install");
    if cask {
        command.arg("--cask");
    }
    let installed = run::watched("brew install", command.args(names))?;
    if installed.ok {
        return Ok(());
    }
    Err(Problem::new(format!(
        "{}\n{why} needs {list}, and brew could not install it (its words are above)",
        installed.tail()
    )))
}
