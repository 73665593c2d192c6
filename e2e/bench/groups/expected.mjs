// How often the expected cost of a batch comes true, beside the server's estimate: the host's backtest, row by row.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const ROW = /^(.+?)\s+(\d+)\s+([\d.]+) %\s+([\d.]+) %\s+([\d.]+) %\s+([\d.]+) %$/;

export default function expected() {
  const run = spawnSync("cargo", ["run", "--quiet", "--example", "backtest"], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`the backtest ended with ${run.status}: ${run.stderr}`);
  const rows = run.stdout
    .split("\n")
    .map((line) => ROW.exec(line))
    .filter(Boolean);
  return rows.map(([, name, batches, near, plain, inRange, width]) => ({
    name: `expected.${name.replaceAll(/[^a-z0-9]+/gi, "_")}`,
    value: Number(near),
    unit: "%",
    how: `of ${batches} batches within 5 %; the server's estimate: ${plain} %; in the range told: ${inRange} %, ${width} % wide`,
  }));
}
