//! The command line: what is asked for, and the help texts.

use std::ffi::OsString;

use lexopt::Parser;
use lexopt::ValueExt;
use lexopt::prelude::{Long, Short, Value};

use crate::build::Kind;
use crate::checks;
use crate::problem::{Problem, Result};
use crate::serve;
use crate::setup::Purpose;

/// What a person asked for.
#[derive(Debug)]
pub enum Task {
    /// A text to print.
    Help(&'static str),
    /// Install what is missing.
    Setup(Purpose),
    /// Print the environment of the page's builds.
    Env,
    /// Build the page.
    Build(Kind),
    /// Serve the page.
    Serve(serve::Options),
    /// Run checks and tests.
    Test(checks::Options),
    /// Measure the page, with these arguments for the measuring script.
    Bench(Vec<OsString>),
    /// Beside the backend: rebuild when a file changes.
    Watch(Kind),
    /// Beside the backend: open the page at this port and address.
    Open(u16, String),
}

const HELP: &str = "\
Usage: cargo xtask COMMAND [OPTIONS]

  serve   build the page and serve it with the development backend
  dev     the same, rebuilding when a file changes
  build   build the page into dist/
  test    run every check and test
  bench   measure the page in a browser
  setup   install what the others need (they do it themselves where something is missing)
  env     print the shell variables for calling trunk and cargo by hand: eval \"$(cargo xtask env)\"

`cargo xtask COMMAND --help` tells more.

Variables: BATCH_RUNNER_CACHE (the folder of installed tools), BATCH_RUNNER_WASM=distribution (pass over the
active Rust toolchain and use the distribution's for the page), CHROMIUM, CHROMEDRIVER (their programs).";

const SETUP_HELP: &str = "\
Usage: cargo xtask setup [--for build|bench|test]

Installs what is missing, for everything unless --for says less: the wasm32 target of the compiler (from rustup, or
the distribution's compiler where rustup's servers cannot be reached), Trunk, wasm-bindgen and wasm-opt into a cache
folder, and for tests Chromium with its driver, LLVM's coverage programs and the npm packages of e2e/.";

const ENV_HELP: &str = "\
Usage: eval \"$(cargo xtask env)\"

Prints the shell variables with which trunk and `cargo --target wasm32-unknown-unknown` work by hand.";

const BUILD_HELP: &str = "\
Usage: cargo xtask build [--release | --debug] [--mock]

Builds the page into dist/, unless nothing that goes into it has changed.

  --release  small and fast, the default
  --debug    quick to build
  --mock     with built-in data instead of a server, into target/dist-mock/";

const SERVE_HELP: &str = "\
Usage: cargo xtask serve [OPTIONS] [-- BACKEND OPTIONS]

Builds the page and serves it with the development backend, at http://127.0.0.1:8173/static/batch_runner/index.html

  --port N       another port; 0 takes any free one
  --leads N      the number of leads in a new database
  --open         open the page in the browser
  --backend URL  pass requests on to a real server instead of answering them
  --debug        serve the debug build
  --mock         serve the page with built-in data

What follows `--` goes to the backend as it is; its own --help lists it.";

const DEV_HELP: &str = "\
Usage: cargo xtask dev [OPTIONS] [-- BACKEND OPTIONS]

Like `cargo xtask serve --debug`, and builds the page again when a file changes; reload it in the browser then. The
options are those of serve.";

const TEST_HELP: &str = "\
Usage: cargo xtask test [--fast] [PART…] [-- RUNNER OPTIONS]

Runs every check and test, or the named parts only, and ends with the sum: N passed, N failed.

  --fast  only what answers within seconds: format, lint, house, and the app's own host-tests

  format      Rust is formatted                    host-tests  tests that need no browser
  lint        clippy for the host                  bundle      size of what the page loads
  lint-page   clippy for the page                  coverage    tests in a browser, share of lines that ran
  web-files   Prettier and TypeScript              journeys    Playwright against the development backend
  house       rules that no compiler keeps

What follows `--` goes to cargo test in host-tests and to Playwright in journeys: name one of them with it.
The output of every step is kept in target/xtask-logs/.";

const BENCH_HELP: &str = "\
Usage: cargo xtask bench [GROUP…]

Measures the built page in Chromium, prints the figures and writes them to target/bench/results.json. A group is a
file in e2e/bench/groups/; all of them run when none is named.";

type Parsed = std::result::Result<Task, lexopt::Error>;

/// Reads the command line.
pub fn parse() -> Result<Task> {
    read(Parser::from_env())
        .map_err(|cause| Problem::new(format!("{cause}; `cargo xtask --help` tells what there is")))
}

fn read(mut parser: Parser) -> Parsed {
    let command = match parser.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Task::Help(HELP)),
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        Some(other) => return Err(other.unexpected()),
    };
    match command.as_str() {
        "setup" => setup(&mut parser),
        "build" => build(&mut parser),
        "serve" => serve(&mut parser, false),
        "dev" => serve(&mut parser, true),
        "test" => test(&mut parser),
        "bench" => bench(&mut parser),
        "env" => plain(&mut parser, Task::Env, ENV_HELP),
        "companion" => companion(&mut parser),
        "help" => Ok(Task::Help(HELP)),
        other => Err(format!("there is no command `{other}`").into()),
    }
}

fn plain(parser: &mut Parser, task: Task, help: &'static str) -> Parsed {
    match parser.next()? {
        None => Ok(task),
        Some(Long("help") | Short('h')) => Ok(Task::Help(help)),
        Some(other) => Err(other.unexpected()),
    }
}

fn setup(parser: &mut Parser) -> Parsed {
    let mut purpose = Purpose::Test;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Task::Help(SETUP_HELP)),
            Long("for") => {
                purpose = match parser.value()?.to_string_lossy().as_ref() {
                    "build" => Purpose::Build,
                    "bench" => Purpose::Bench,
                    "test" => Purpose::Test,
                    other => {
                        return Err(
                            format!("--for takes build, bench or test, not `{other}`").into()
                        );
                    }
                }
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Setup(purpose))
}

fn build(parser: &mut Parser) -> Parsed {
    let mut kind = Kind::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Task::Help(BUILD_HELP)),
            Long("release") => kind.debug = false,
            Long("debug") => kind.debug = true,
            Long("mock") => kind.mock = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Build(kind))
}

fn test(parser: &mut Parser) -> Parsed {
    let mut options = checks::Options::default();
    loop {
        if let Some(rest) = behind_separator(parser) {
            options.more = rest;
            break;
        }
        let Some(argument) = parser.next()? else {
            break;
        };
        match argument {
            Long("help") | Short('h') => return Ok(Task::Help(TEST_HELP)),
            Long("fast") => options.fast = true,
            Value(name) => options.only.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Test(options))
}

fn bench(parser: &mut Parser) -> Parsed {
    let mut groups = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Task::Help(BENCH_HELP)),
            Value(name) => groups.push(name),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Bench(groups))
}

/// What follows `--`, which lexopt itself would pass over.
fn behind_separator(parser: &mut Parser) -> Option<Vec<OsString>> {
    let mut rest = parser.try_raw_args()?;
    if rest.peek()? != "--" {
        return None;
    }
    rest.next();
    Some(rest.collect())
}

fn serve(parser: &mut Parser, watch: bool) -> Parsed {
    let mut options = serve::Options {
        watch,
        ..serve::Options::default()
    };
    options.kind.debug = watch;
    loop {
        if let Some(rest) = behind_separator(parser) {
            options.more = rest;
            break;
        }
        let Some(argument) = parser.next()? else {
            break;
        };
        match argument {
            Long("help") | Short('h') => {
                return Ok(Task::Help(if watch { DEV_HELP } else { SERVE_HELP }));
            }
            Long("port") => options.port = parser.value()?.parse()?,
            Long("leads") => options.leads = Some(parser.value()?.parse()?),
            Long("backend") => options.backend = Some(parser.value()?.string()?),
            Long("open") => options.open = true,
            Long("debug") => options.kind.debug = true,
            Long("mock") => options.kind.mock = true,
            other => return Err(other.unexpected()),
        }
    }
    if options.open && options.port == 0 {
        return Err("--open needs a known port, not 0".into());
    }
    Ok(Task::Serve(options))
}

/// Only this program itself asks for these.
fn companion(parser: &mut Parser) -> Parsed {
    match parser.value()?.to_string_lossy().as_ref() {
        "watch" => Ok(Task::Watch(Kind {
            debug: true,
            mock: parser.next()?.is_some(),
        })),
        "open" => Ok(Task::Open(
            parser.value()?.parse()?,
            parser.value()?.string()?,
        )),
        other => Err(format!("there is no companion `{other}`").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Task {
        read(Parser::from_args(words.split_whitespace())).unwrap()
    }

    #[test]
    fn what_follows_the_separator_goes_to_the_backend() {
        let Task::Serve(options) = parsed("serve --leads 9 -- --as-is --seed 4") else {
            panic!("serve was asked for");
        };
        assert_eq!(options.leads, Some(9));
        assert_eq!(options.more, ["--as-is", "--seed", "4"]);
    }

    #[test]
    fn dev_is_serve_with_the_debug_build_and_a_watcher() {
        let Task::Serve(options) = parsed("dev --port 9") else {
            panic!("dev was asked for");
        };
        assert!(options.watch && options.kind.debug);
        assert_eq!(options.port, 9);
    }

    #[test]
    fn an_unknown_word_is_an_error() {
        assert!(read(Parser::from_args(["buidl"])).is_err());
        assert!(read(Parser::from_args(["build", "--fast"])).is_err());
    }
}
