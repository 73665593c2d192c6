// Makes what Trunk built the page that is released: optimises the module's parts, joins the loader of the later ones to
// the script, names every file after its content, packs all, and renews index.html:
// node finish.mjs ESBUILD WASM_OPT FOLDER KEPT [PARTS]
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { checksum, nameOf, only } from "./files.mjs";
import { bundledGlue } from "./glue.mjs";
import { renewed } from "./index.mjs";
import { optimisedParts } from "./parts.mjs";

const [esbuildModule, wasmOpt, folder, kept, partsFolder] = process.argv.slice(2);
const esbuild = (await import(pathToFileURL(esbuildModule).href)).default;

const trunks = { glue: only(folder, ".js"), module: only(folder, ".wasm") };
const parts = await optimisedParts({ wasmOpt, first: join(folder, trunks.module), partsFolder, kept });
const partFiles = parts.map((part) => {
  part.file = nameOf(part.name, ".wasm", part.bytes);
  return { name: part.file, bytes: part.bytes };
});
const code = await bundledGlue({ esbuild, glue: join(folder, trunks.glue), partsFolder, parts });
for (const name of Object.values(trunks)) rmSync(join(folder, name));

const [first, ...later] = partFiles;
const files = [first, { name: nameOf("", ".js", code), bytes: code }, ...later];
const sums = Object.fromEntries(
  files.map(({ name, bytes }) => {
    // Packed for hosts that compress nothing: the page unpacks them.
    const packed = gzipSync(bytes, { level: 9 });
    writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, `${name}.gz`), packed);
    return [name, `${checksum(bytes)} ${checksum(packed)}`];
  }),
);
const index = join(folder, "index.html");
writeFileSync(index, renewed({ esbuild, page: readFileSync(index, "utf8"), sums }));
