// The weight of everything that opening the page loads.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compressedSizes } from "../lib/compressed-sizes.mjs";

const TEXT = /\.(html|css|m?js|json)$/;

export default async function bundle({ dist }) {
  const sizes = loadedFiles(dist).map((path) => compressedSizes(readFileSync(path)));
  const sum = (name) => sizes.reduce((total, size) => total + size[name], 0);
  const how = `${sizes.length} files named from index.html on, each compressed on its own`;
  return [
    { name: "bundle.gzip_bytes", value: sum("gzip"), unit: "bytes", how: `${how}, gzip -9` },
    { name: "bundle.brotli_bytes", value: sum("brotli"), unit: "bytes", how: `${how}, brotli 11` },
    {
      name: "bundle.raw_bytes",
      value: sum("raw"),
      unit: "bytes",
      how: `${how.split(",")[0]}, not compressed`,
    },
  ];
}

/** A file counts as loaded when a loaded text file names it. */
function loadedFiles(dist) {
  let waiting = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const loaded = [];
  let texts = ["index.html"];
  while (texts.length > 0) {
    const named = waiting.filter((path) => texts.some((text) => text.includes(basename(path))));
    waiting = waiting.filter((path) => !named.includes(path));
    loaded.push(...named);
    texts = named.filter((path) => TEXT.test(path)).map((path) => readFileSync(path, "utf8"));
  }
  return loaded;
}
