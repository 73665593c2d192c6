// Measures the built page and writes the figures: node e2e/bench/run.mjs [GROUP…]
//
// A group is a file in groups/ whose default export answers figures: [{ name, value, unit, how }]. A value of null
// means that it could not be had; `how` says why, or how it was measured.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const groupsFolder = new URL("./groups/", import.meta.url);
const results = process.env.RESULTS ?? join(root, "target/bench/results.json");

/** What a group gets to know. */
const context = {
  dist: process.env.DIST ?? join(root, "dist"),
  // The module's parts before they were optimised, and what optimises them.
  parts: process.env.PARTS ?? join(root, "target/parts"),
  wasmOpt: process.env.WASM_OPT ?? "wasm-opt",
  coverageSummary: process.env.COVERAGE_SUMMARY ?? join(root, "target/coverage/summary.json"),
};

const wanted = process.argv.slice(2);
const known = readdirSync(groupsFolder)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.replace(".mjs", ""))
  .sort();
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(", ")}; the groups are ${known.join(", ")}.`);
  process.exit(1);
}

const figures = [];
let failed = false;
for (const name of known.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`— ${name}`);
  try {
    const { default: measure } = await import(new URL(`${name}.mjs`, groupsFolder).href);
    for (const figure of await measure(context)) {
      figures.push(figure);
      const value = figure.value === null ? "absent" : `${figure.value} ${figure.unit}`;
      console.log(`  ${figure.name.padEnd(34)} ${value.padStart(16)}  ${figure.how}`);
    }
  } catch (error) {
    failed = true;
    console.error(`  ${name} could not be measured: ${error.message}`);
  }
}
mkdirSync(dirname(results), { recursive: true });
writeFileSync(results, `${JSON.stringify(figures, null, 2)}\n`);
console.log(`\nWritten to ${results}`);
process.exit(failed ? 1 : 0);
