//! `cargo xtask …`: the project's task runner. `cargo xtask --help` tells what it does.

mod arguments;
mod bench;
mod browser;
mod build;
mod bundle;
mod checks;
mod coverage;
mod freshness;
mod llvm;
mod packages;
mod parts;
mod paths;
mod problem;
mod run;
mod serve;
mod setup;
mod source;
mod toolchain;
mod tools;

use std::process::ExitCode;

use arguments::Task;
use problem::Result;
use toolchain::WasmToolchain;

fn main() -> ExitCode {
    match arguments::parse().and_then(perform) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}.");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    match task {
        Task::Help(text) => println!("{text}"),
        Task::Setup(purpose) => {
            setup::prepare(purpose)?;
            println!("Everything is there.");
        }
        Task::Env => print_environment(&WasmToolchain::ready()?)?,
        Task::Build(kind) => drop(build::page(kind)?),
        Task::Serve(options) => return serve::serve(&options),
        Task::Test(options) => return checks::run(&options),
        Task::Bench(more) => return bench::run(&more),
        Task::Watch(kind) => return serve::watch(kind),
        Task::Open(port, address) => return serve::open(port, &address),
    }
    Ok(ExitCode::SUCCESS)
}

/// Lines for a shell: `eval "$(cargo xtask env)"`, then `trunk` and `cargo --target wasm32-unknown-unknown` work by
/// hand.
fn print_environment(toolchain: &WasmToolchain) -> Result<()> {
    for (name, value) in toolchain.variables()? {
        match value {
            Some(value) => {
                let quoted = value.to_string_lossy().replace('\'', r"'\''");
                println!("export {name}='{quoted}'");
            }
            None => println!("unset {name}"),
        }
    }
    Ok(())
}
