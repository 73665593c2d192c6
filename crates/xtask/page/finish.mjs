// Makes what Trunk built the page that is released: optimises the module's parts, joins the loader of the later ones to
// the script, names every file after its content, packs the parts, and renews index.html:
// node finish.mjs ESBUILD WASM_OPT FOLDER KEPT [PARTS]
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checksum, only, settle } from "./files.mjs";
import { bundledGlue } from "./glue.mjs";
import { renewed } from "./index.mjs";
import { optimisedParts } from "./parts.mjs";

const [esbuildModule, wasmOpt, folder, kept, partsFolder] = process.argv.slice(2);
const esbuild = (await import(pathToFileURL(esbuildModule).href)).default;

const trunks = { glue: only(folder, ".js"), module: only(folder, ".wasm") };
const parts = await optimisedParts({ wasmOpt, first: join(folder, trunks.module), partsFolder, kept });
for (const part of parts) {
  part.file = settle(folder, part.name, ".wasm", part.bytes);
  writeFileSync(join(folder, `${part.file}.gz`), part.packed);
}
const code = await bundledGlue({ esbuild, glue: join(folder, trunks.glue), partsFolder, parts });
const glue = settle(folder, "", ".js", code);
for (const name of Object.values(trunks)) rmSync(join(folder, name));

const sums = Object.fromEntries(
  parts.map(({ file, bytes, packed }) => [file, `${checksum(bytes)} ${checksum(packed)}`]),
);
const page = readFileSync(join(folder, "index.html"), "utf8");
writeFileSync(
  join(folder, "index.html"),
  renewed({ esbuild, page, trunks, glue: { name: glue, sum: checksum(code) }, sums }),
);
