// The module's parts: optimised, all in the same way, and packed for hosts that compress nothing.
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const run = promisify(execFile);

/** What the browsers of the last years know, and what the compiler's memory is like. */
const FACTS = [
  "--zero-filled-memory",
  "--low-memory-unused",
  "--enable-bulk-memory",
  "--enable-nontrapping-float-to-int",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-reference-types",
  "--enable-multivalue",
];
const PASSES = ["-Oz"];
/** The names of functions stay in a second copy, by which `cargo xtask bench` tells what a part is made of. */
const NAMED = ["-g", "--strip-dwarf", "--strip-producers"];
const BARE = ["--strip-debug", "--strip-producers"];

/**
 * The first part, then the later ones: their name, the splitter's file of it, its bytes, and these packed.
 *
 * `partsFolder` is what the splitter wrote; without it the module is one part. `kept` gets the copies with names.
 */
export async function optimisedParts({ wasmOpt, first, partsFolder, kept }) {
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const later = partsFolder ? readdirSync(partsFolder).filter((name) => nameOf(name)).sort() : [];
  const sources = [
    { name: "first", path: first },
    ...later.map((chunk) => ({ name: nameOf(chunk), chunk, path: join(partsFolder, chunk) })),
  ];
  return Promise.all(
    sources.map(async ({ name, chunk, path }) => {
      const named = join(kept, `${name}.wasm`);
      const bare = join(kept, `.${basename(named)}`);
      await run(wasmOpt, [...FACTS, ...PASSES, ...NAMED, path, "--output", named]);
      await run(wasmOpt, [...FACTS, ...BARE, named, "--output", bare]);
      const bytes = readFileSync(bare);
      rmSync(bare);
      return { name, chunk, bytes, packed: gzipSync(bytes, { level: 9 }) };
    }),
  );
}

/** The part that a file of the splitter holds: one of its own name, or what several of them share. */
function nameOf(file) {
  const [, kind, name] = /^(split|chunk)_(.+)\.wasm$/.exec(file) ?? [];
  return kind === "chunk" ? `shared-${name}` : name;
}
