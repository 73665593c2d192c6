// The module's parts, optimised, all in the same way.
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

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
/**
 * Tried out by what is left after gzip. Computing the same once and keeping it (`local-cse`) takes more room than
 * computing it again, since gzip sees the repetition; so does a large function that is put into its only caller.
 */
const PASSES = [
  "--flatten",
  "--simplify-locals-notee-nostructure",
  "--flatten",
  "--rereloop",
  "-Oz",
  "-Oz",
  "--skip-pass=local-cse",
  "--one-caller-inline-max-function-size=20",
];
/** How every part is optimised. */
export const OPTIMISED = [...FACTS, ...PASSES, "--strip-producers"];

/**
 * The first part, then the later ones: their name, the splitter's file of it, and its bytes.
 *
 * `partsFolder` is what the splitter wrote; without it the module is one part. `kept` gets the parts as they were
 * before, with the names of their functions, by which `cargo xtask bench` tells what a part is made of.
 */
export async function optimisedParts({ wasmOpt, first, partsFolder, kept }) {
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const later = partsFolder ? readdirSync(partsFolder).filter(nameOf).sort() : [];
  const sources = [
    { name: "first", path: first },
    ...later.map((chunk) => ({ name: nameOf(chunk), chunk, path: join(partsFolder, chunk) })),
  ];
  return Promise.all(
    sources.map(async ({ name, chunk, path }) => {
      const before = join(kept, `${name}.wasm`);
      const after = join(kept, `${name}.optimised`);
      copyFileSync(path, before);
      await run(wasmOpt, [...OPTIMISED, "--strip-debug", before, "--output", after]);
      const bytes = readFileSync(after);
      rmSync(after);
      return { name, chunk, bytes };
    }),
  );
}

/** The part that a file of the splitter holds: one of its own name, or what several of them share. */
function nameOf(file) {
  const [, kind, name] = /^(split|chunk)_(.+)\.wasm$/.exec(file) ?? [];
  return kind === "chunk" ? `shared-${name}` : name;
}
