// The weight of what is fetched until the first lead rows stand, and of each part of the module by what it is made of.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstLoad } from "../lib/first-load.mjs";
import { moduleSizes } from "../lib/module-sizes.mjs";
import { OPTIMISED } from "../../../crates/xtask/page/parts.mjs";

const KINDS = ["gzip", "brotli", "raw"];
/** So many modules of a part are named. */
const SHOWN = 6;

export default async function bundle({ dist, parts: kept, wasmOpt }) {
  const { files, answers, parts } = await firstLoad(dist);
  const sum = (list, kind) => list.reduce((total, one) => total + one[kind], 0);
  const figure = (name, value, how) => ({ name, value, unit: "bytes", how });
  return [
    ...KINDS.map((kind) =>
      figure(
        `bundle.${kind}_bytes`,
        sum(files, kind),
        `${files.length} files of the page until the first row stood`,
      ),
    ),
    ...KINDS.map((kind) =>
      figure(
        `bundle.answers.${kind}_bytes`,
        sum(answers, kind),
        `${answers.length} answers of the API by then`,
      ),
    ),
    ...parts.flatMap((part) => [
      figure(`bundle.part.${part.part}.gzip_bytes`, part.gzip, part.name),
      figure(
        `bundle.part.${part.part}.raw_bytes`,
        part.raw,
        madeOf(join(kept, `${part.part}.wasm`), wasmOpt),
      ),
    ]),
  ];
}

/** The part once more as it is released, but with the names of its functions. */
function madeOf(part, wasmOpt) {
  if (!existsSync(part)) return "what it is made of is not known: build the page anew";
  const folder = mkdtempSync(join(tmpdir(), "batch-runner-part-"));
  try {
    const named = join(folder, "named.wasm");
    // What it does not know in the names it says; that is nothing to show.
    execFileSync(wasmOpt, [...OPTIMISED, "-g", part, "--output", named], { stdio: "pipe" });
    const homes = moduleSizes(readFileSync(named));
    const words = homes.slice(0, SHOWN).map(([home, size]) => `${home} ${size}`);
    const rest = homes.slice(SHOWN).reduce((total, [, size]) => total + size, 0);
    return `functions of ${words.join(", ")}, the rest ${rest}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
