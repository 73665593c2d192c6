// Files of the released page: their names and checksums.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";

/** Browsers that were new three years ago understand the result. */
export const BROWSERS = ["chrome119", "firefox119", "safari17"];

/** The name of the one file that ends so. */
export function only(folder, suffix) {
  const found = readdirSync(folder).filter((name) => name.endsWith(suffix));
  if (found.length !== 1) throw new Error(`Trunk is to make one ${suffix} file, and made ${found.length}`);
  return found[0];
}

/** What browsers call integrity. */
export function checksum(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

/** A name that tells the content. */
export function nameOf(part, suffix, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return ["batch-runner", part, hash].filter(Boolean).join("-") + suffix;
}
