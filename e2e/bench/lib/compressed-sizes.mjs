// Prints one line per file named on the command line: bytes raw, with gzip -9 and with brotli 11, then the name.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The sizes of one file's bytes. */
export function compressedSizes(bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const name of process.argv.slice(2)) {
    const { raw, gzip, brotli } = compressedSizes(readFileSync(name));
    console.log(`${raw} ${gzip} ${brotli} ${name}`);
  }
}
