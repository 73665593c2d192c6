//! Makes the built page smaller on the wire, after Trunk and before it becomes the page: no code that nothing reaches,
//! short names between module and glue, like functions side by side, and no white space.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use lzma_rust2::{LzmaOptions, LzmaWriter};
use unpack::split;

use crate::glue;
use crate::order;
use crate::paths;
use crate::problem::{Explain, Problem, Result};
use crate::run;
use crate::toolchain::TARGET;
use crate::toolchain::WasmToolchain;
use crate::tools;
use crate::wasm::{self, Module};

/// What wasm-opt does, tried out by what is left after gzip: two rounds, the first from flat code, find more than one.
/// Computing the same once and keeping it (`local-cse`) takes more room than computing it again, since gzip sees the
/// repetition; so does a large function that is put into its only caller.
const PASSES: [&str; 8] = [
    "--flatten",
    "--simplify-locals-notee-nostructure",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--skip-pass=local-cse",
    "--one-caller-inline-max-function-size=20",
];
/// What the browsers of the last years know, and what the compiler's memory is like.
const FACTS: [&str; 10] = [
    "--zero-filled-memory",
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];
/// The name of the memory, by which measurements find it.
const MEMORY: &str = "memory";

/// Shrinks the page in the folder.
pub fn page(folder: &Path, toolchain: &WasmToolchain) -> Result<()> {
    let module = only(folder, "wasm")?;
    let script = only(folder, "js")?;
    let text = fs::read_to_string(&script).explain(|| cannot("read", &script))?;
    let text = glue::without_idle_classes(&text);
    read(&module)?
        .keeping_exports(&glue::used_exports(&text))
        .write()
        .and_then(|bytes| write(&module, bytes))?;
    run::must(
        "Optimising the page",
        toolchain
            .command("wasm-opt")?
            .args(FACTS)
            .args(PASSES)
            .arg(&module)
            .arg("--output")
            .arg(&module),
    )?;
    let mut optimised = read(&module)?;
    let text = rename(&text, &mut optimised);
    let order = order::by_likeness(&optimised.functions);
    let ordered = optimised.write_in_order(&order)?;
    write(&script, text.into_bytes())?;
    let packed = module.with_extension("packed");
    write(&packed, pack(&apart(&ordered)?)?)?;
    fs::remove_file(&module).explain(|| cannot("removed", &module))?;
    let unpacker = unpacker(toolchain)?;
    run::must(
        "Minifying the page",
        run::command("node")
            .arg(paths::workspace().join("crates/xtask/page/minify.mjs"))
            .arg(tools::esbuild()?)
            .args([folder, &script, &module, &packed, &unpacker]),
    )?;
    Ok(())
}

/// Takes the module apart into streams that pack better, and makes sure that the browser will have it whole again.
fn apart(module: &[u8]) -> Result<Vec<u8>> {
    let failed = || "The module cannot be taken apart".to_owned();
    let [before, code, behind] = wasm::around_code(module)?;
    let parts = split::parts(before, code, behind).map_err(|_| Problem::new(failed()))?;
    let mut whole = vec![0; unpack::WHOLE];
    let length = split::join(&parts, &mut whole).map_err(|_| {
        Problem::new(format!(
            "The module has {} bytes, and put together in crates/unpack, which has room for {}, it has more",
            module.len(),
            unpack::WHOLE
        ))
    })?;
    // Only the functions' lengths are written another way.
    match Module::read(&whole[..length])?.write()? == module {
        true => Ok(parts),
        false => Err(Problem::new(failed())),
    }
}

/// Packs the module as LZMA, of which crates/unpack knows the other half. The parameters were tried out on the page.
fn pack(module: &[u8]) -> Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    (options.lc, options.lp, options.pb) = (3, 0, 0);
    (options.nice_len, options.depth_limit) = (273, 2_000);
    options.dict_size = 1 << 22;
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(module.len() as u64))
        .explain(|| "The packer does not take its parameters".to_owned())?;
    let packed = writer.write_all(module).and_then(|()| writer.finish());
    packed.explain(|| "The module cannot be packed".to_owned())
}

/// Builds the unpacker that the page carries along.
fn unpacker(toolchain: &WasmToolchain) -> Result<PathBuf> {
    run::must(
        "Building the unpacker",
        toolchain
            .command("cargo")?
            .args([
                "build",
                "--package",
                "unpack",
                "--release",
                "--offline",
                "--target",
                TARGET,
            ])
            .envs(WasmToolchain::released_variables()),
    )?;
    let folder = paths::wasm_target().join(TARGET).join("release");
    let small = folder.join("unpack-small.wasm");
    run::must(
        "Optimising the unpacker",
        toolchain
            .command("wasm-opt")?
            .args(FACTS)
            .arg("-Oz")
            .arg(folder.join("unpack.wasm"))
            .arg("--output")
            .arg(&small),
    )?;
    Ok(small)
}

/// Gives short names to what module and glue share; the glue loses what the module no longer imports.
fn rename(text: &str, module: &mut Module) -> String {
    let names = module.imports.iter().map(|import| import.name.as_str());
    let text = glue::with_imports(text, &names.collect::<BTreeSet<_>>());
    let mut imports = BTreeMap::new();
    for (number, import) in module.imports.iter_mut().enumerate() {
        let short = glue::short_name(number);
        imports.insert(std::mem::replace(&mut import.name, short.clone()), short);
    }
    let mut exports = BTreeMap::new();
    for (number, export) in module.exports.iter_mut().enumerate() {
        if export.name != MEMORY {
            let short = glue::short_name(number);
            exports.insert(std::mem::replace(&mut export.name, short.clone()), short);
        }
    }
    glue::renamed(&text, &imports, &exports)
}

fn only(folder: &Path, extension: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).explain(|| cannot("read", folder))?;
    let mut found = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|its| its == extension));
    match (found.next(), found.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(Problem::new(format!(
            "Trunk is to make one .{extension} file, and {} has none or several",
            folder.display()
        ))),
    }
}

fn read(path: &Path) -> Result<Module> {
    Module::read(&fs::read(path).explain(|| cannot("read", path))?)
}

fn write(path: &Path, bytes: Vec<u8>) -> Result<()> {
    fs::write(path, bytes).explain(|| cannot("written", path))
}

// The sentence for a file that could not be read or written.
fn cannot(what: &str, path: &Path) -> String {
    format!("{} cannot be {what}", path.display())
}
