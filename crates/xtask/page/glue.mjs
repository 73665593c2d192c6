// The page's script: what wasm-bindgen wrote, with the splitter's loader of the later parts in it, as one small file.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BROWSERS } from "./files.mjs";

const LOADER = "__wasm_split.js";

/** The script's bytes. */
export async function bundledGlue({ esbuild, glue, partsFolder, parts }) {
  const loader = join(dirname(glue), LOADER);
  if (partsFolder)
    writeFileSync(loader, loaderOf(readFileSync(join(partsFolder, LOADER), "utf8"), basename(glue), parts));
  const built = await esbuild.build({
    // Only what starts the module: nothing calls the rest from outside.
    stdin: { contents: `export { default } from "./${basename(glue)}";`, resolveDir: dirname(glue) },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    target: BROWSERS,
    legalComments: "none",
    logLevel: "error",
  });
  rmSync(loader, { force: true });
  return Buffer.from(built.outputFiles[0].contents);
}

/** The splitter's loader, with parts fetched and checked as the first one is (by the script in index.html). */
export function loaderOf(text, glue, parts) {
  // Trunk named the script anew.
  text = replaced(text, /(?<=import \{ initSync \} from ")[^"]+/, `./${glue}`);
  const later = parts.filter(({ chunk }) => chunk);
  for (const { chunk, file } of later) {
    text = replaced(text, `fetch(new URL("./${chunk}", import.meta.url))`, `pageStart.part("${file}")`);
  }
  const [streamed, made] = ["instantiateStreaming(src, imports)", "instantiate(await src, imports)"];
  return later.length > 0 ? replaced(text, `WebAssembly.${streamed}`, `WebAssembly.${made}`) : text;
}

function replaced(text, what, by) {
  const changed = typeof what === "string" ? text.replaceAll(what, by) : text.replace(what, by);
  if (changed === text) throw new Error(`The splitter's loader does not say ${what}`);
  return changed;
}
