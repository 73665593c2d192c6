// The share of the app's lines that the tests ran, from the last test run.
import { existsSync, readFileSync, statSync } from "node:fs";

export default async function coverage({ coverageSummary }) {
  const name = "coverage.lines_percent";
  if (!existsSync(coverageSummary)) {
    return [{ name, value: null, unit: "%", how: "absent: run `cargo xtask test coverage` first" }];
  }
  const { lines_percent, lines_total } = JSON.parse(readFileSync(coverageSummary, "utf8"));
  const when = statSync(coverageSummary).mtime.toISOString();
  return [
    { name, value: lines_percent, unit: "%", how: `of ${lines_total} lines in src/, tests of ${when}` },
  ];
}
