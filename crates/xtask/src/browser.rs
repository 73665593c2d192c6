//! Chromium and its driver, for browser tests, journeys and measurements.

use std::env;
use std::path::{Path, PathBuf};

use crate::packages::{Packages, apt_install, brew_install};
use crate::paths;
use crate::problem::{Explain, Problem, Result};

const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const APPLICATIONS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// The browser; `CHROMIUM` names another one.
pub fn chromium() -> Option<PathBuf> {
    named_in("CHROMIUM")
        .or_else(|| paths::find_program(&BROWSERS))
        .or_else(|| {
            APPLICATIONS
                .iter()
                .map(PathBuf::from)
                .find(|path| path.is_file())
        })
}

/// The browser's driver; `CHROMEDRIVER` names another one.
pub fn chromedriver() -> Option<PathBuf> {
    named_in("CHROMEDRIVER").or_else(|| paths::find_program(&["chromedriver"]))
}

/// The browser, or a sentence.
pub fn chromium_ready() -> Result<PathBuf> {
    chromium().explain(|| {
        "No Chromium could be found: run `cargo xtask setup`, or name one in CHROMIUM".to_owned()
    })
}

/// The driver, or a sentence.
pub fn chromedriver_ready() -> Result<PathBuf> {
    chromedriver().explain(|| {
        "No chromedriver could be found: run `cargo xtask setup`, or name one in CHROMEDRIVER"
            .to_owned()
    })
}

/// Installs the browser, and its driver when it is wanted.
pub fn install_missing(with_driver: bool) -> Result<()> {
    let missing = missing(with_driver);
    if missing.is_empty() {
        println!("  browser: there");
        return Ok(());
    }
    let why = "Testing in a browser";
    match Packages::find() {
        Some(Packages::Apt) => {
            let packages: Vec<&str> = missing
                .iter()
                .map(|name| {
                    if *name == "chromedriver" {
                        "chromium-driver"
                    } else {
                        name
                    }
                })
                .collect();
            apt_install(&packages, why)?;
        }
        Some(Packages::Homebrew) => brew_install(&missing, true, why)?,
        None => {
            return Err(Problem::new(format!(
                "{why} needs {}: install it, or name it in CHROMIUM and CHROMEDRIVER",
                missing.join(" and ")
            )));
        }
    }
    Ok(())
}

fn missing(with_driver: bool) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if chromium().is_none() {
        missing.push("chromium");
    }
    if with_driver && chromedriver().is_none() {
        missing.push("chromedriver");
    }
    missing
}

fn named_in(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| Path::new(path).is_file())
}
