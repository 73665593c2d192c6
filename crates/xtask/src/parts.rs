//! The released page's module in parts: the program that splits it while Trunk builds, and what is done to the parts
//! before they become the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::paths;
use crate::problem::{Explain, Result};
use crate::run;
use crate::toolchain::WasmToolchain;
use crate::tools;

/// The program that stands before wasm-bindgen in PATH (crates/splitter), and what it leaves.
pub struct Splitter {
    /// Where it writes the parts and the script that loads the later ones.
    parts: PathBuf,
}

impl Splitter {
    /// Builds the program and puts it in Trunk's way.
    pub fn stand_before(trunk: &mut Command, toolchain: &WasmToolchain) -> Result<Self> {
        run::must(
            "Building the splitter",
            run::cargo()
                .args(["build", "--package", "splitter"])
                .args(run::UNOPTIMISED),
        )?;
        let home = paths::host_target().join("splitter");
        let programs = home.join("bin");
        fs::create_dir_all(&programs)
            .explain(|| format!("The folder {} cannot be made", programs.display()))?;
        let suffix = std::env::consts::EXE_SUFFIX;
        let program = paths::host_target().join(format!("debug/splitter{suffix}"));
        let stand_in = programs.join(format!("wasm-bindgen{suffix}"));
        fs::copy(&program, &stand_in)
            .explain(|| format!("{} cannot be copied", program.display()))?;
        // Two builds at the same time are not to share it.
        let parts = home.join(format!("parts-{}", std::process::id()));
        trunk
            .env("PATH", toolchain.path_behind(programs)?)
            .env("WASM_BINDGEN", tools::wasm_bindgen()?)
            .env("SPLIT_PARTS", &parts);
        Ok(Self { parts })
    }
}

impl Drop for Splitter {
    fn drop(&mut self) {
        // Not there when Trunk did not come so far.
        let _ = fs::remove_dir_all(&self.parts);
    }
}

/// Optimises, names and packs what Trunk built in `folder`; the parts as they were before go to `kept`.
pub fn finish(folder: &Path, kept: &Path, splitter: Option<&Splitter>) -> Result<()> {
    let mut command = run::command("node");
    command
        .arg(paths::workspace().join("crates/xtask/page/finish.mjs"))
        .args([tools::esbuild()?, tools::wasm_opt()?])
        .args([folder, kept])
        .args(splitter.map(|splitter| &splitter.parts));
    run::must("Optimising the page", &mut command)?;
    Ok(())
}
