// How often the time left that the page tells comes true, beside the naive figure and the server's: the host's bench.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const ROW = /^(.+?)\s+([\d.]+) %\s+([\d.]+) %\s+([\d.]+) %\s+([\d.]+) %\s+([\d.]+) %\s+([\d.]+) %$/;

export default function eta() {
  const run = spawnSync("cargo", ["run", "--quiet", "--example", "eta_bench"], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`the bench ended with ${run.status}: ${run.stderr}`);
  const rows = run.stdout
    .split("\n")
    .map((line) => ROW.exec(line))
    .filter(Boolean);
  return rows.map(([, name, told, inside, width, error, naive, servers]) => ({
    name: `eta.${name.replaceAll(/[^a-z0-9]+/gi, "_")}`,
    value: Number(inside),
    unit: "%",
    how: `of the seconds with a range (${told} % of all) inside it, ${width} % wide; error of its middle ${error} %, of the naive figure ${naive} %, of the server's ${servers} %`,
  }));
}
