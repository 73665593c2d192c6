import { defineConfig } from "@playwright/test";
import { chromiumArguments, chromiumPath } from "./fixtures/chromium.mjs";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try has found something: it is mended, not repeated.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: chromiumPath(), args: chromiumArguments },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
