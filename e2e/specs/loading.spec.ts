import type { Page } from "@playwright/test";
import { expect, test as withApp } from "../fixtures/app";
import { Host, type Manners } from "../fixtures/host";

interface HostFixtures {
  manners: Manners;
  host: Host;
}

const test = withApp.extend<HostFixtures>({
  manners: [{}, { option: true }],
  host: async ({ backend, manners }, use) => {
    const host = new Host(backend.baseURL, manners);
    await host.start();
    await use(host);
    await host.stop();
  },
});

const WHOLE_PAGE = /\.(html|js|wasm)$/;
const ANY_PART = /\.wasm(\.gz)?$/;
const FIRST_PART = /-first-.*\.wasm(\.gz)?$/;
const PACKED_PART = /\.wasm\.gz$/;

/** How the page asks for the first part of its module from now on: `plain` or `packed`, each time. */
function firstPartAskedFor(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (FIRST_PART.test(pathname)) asked.push(PACKED_PART.test(pathname) ? "packed" : "plain");
  });
  return asked;
}

/** The page is there: the words of the waiting page gave way to the app's own. */
async function expectStarted(page: Page): Promise<void> {
  await expect(page.locator("#loading")).toHaveCount(0);
  await expect(page.getByRole("heading").first()).toBeVisible();
}

async function expectToldThatItFailed(page: Page): Promise<void> {
  await expect(page.getByRole("alert")).toContainText("The page could not be loaded completely.");
  await expect(page.getByRole("link", { name: "Load the page again" })).toBeVisible();
}

/** Browsers that lack something, or pages from an origin that is not safe. */
async function without(page: Page, what: "DecompressionStream" | "subtle"): Promise<void> {
  await page.addInitScript((name) => {
    if (name === "subtle") Object.defineProperty(crypto, name, { value: undefined });
    else Reflect.deleteProperty(window, name);
  }, what);
}

test("from a host that compresses nothing the module comes packed", async ({ page, host }) => {
  const asked = firstPartAskedFor(page);
  await page.goto(host.pageURL);
  await expectStarted(page);
  expect(asked).toEqual(["packed"]);
});

test("a browser that unpacks nothing gets the module as it is", async ({ page, host }) => {
  const asked = firstPartAskedFor(page);
  await without(page, "DecompressionStream");
  await page.goto(host.pageURL);
  await expectStarted(page);
  expect(asked).toEqual(["plain"]);
});

test("where the browser may not compute checksums, it checks them itself", async ({ page, host }) => {
  await without(page, "subtle");
  await page.goto(host.pageURL);
  await expectStarted(page);
});

test.describe("a host that compresses", () => {
  test.use({ manners: { compresses: WHOLE_PAGE } });

  test("is not asked for what is packed already", async ({ page, host }) => {
    const asked = firstPartAskedFor(page);
    await page.goto(host.pageURL);
    await expectStarted(page);
    expect(asked).toEqual(["plain"]);
  });
});

test.describe("a host that compresses pages and no modules", () => {
  test.use({ manners: { compresses: /\.html$/ } });

  test("is served as well", async ({ page, host }) => {
    await page.goto(host.pageURL);
    await expectStarted(page);
  });
});

test.describe("a host that calls the packing an encoding", () => {
  test.use({ manners: { callsPackingAnEncoding: true } });

  for (const what of ["DecompressionStream", "subtle"] as const) {
    test(`has the browser unpack the module, also without ${what}`, async ({ page, host }) => {
      await without(page, what);
      await page.goto(host.pageURL);
      await expectStarted(page);
    });
  }

  test("has the browser unpack the module", async ({ page, host }) => {
    const asked = firstPartAskedFor(page);
    await page.goto(host.pageURL);
    await expectStarted(page);
    expect(asked).toEqual(["packed"]);
  });
});

test.describe("a host to which the packed parts were not copied", () => {
  test.use({ manners: { lacks: PACKED_PART } });

  test("has the plain ones", async ({ page, host, consoleErrors }) => {
    consoleErrors.allow(/404/);
    const asked = firstPartAskedFor(page);
    await page.goto(host.pageURL);
    await expectStarted(page);
    expect(asked).toEqual(["packed", "plain"]);
  });
});

for (const [title, manners] of [
  ["the module is gone", { lacks: ANY_PART }],
  ["the script is gone", { lacks: /\.js(\.gz)?$/ }],
  ["the module was changed on its way", { changes: ANY_PART }],
] as [string, Manners][]) {
  test.describe(title, () => {
    test.use({ manners });

    for (const isSafe of [true, false]) {
      test(`it is said, ${isSafe ? "checked by the page" : "checked by the browser"}`, async ({
        page,
        host,
        consoleErrors,
      }) => {
        consoleErrors.allow(/404|integrity|is not there|is not what it was|Failed to fetch|import/i);
        if (!isSafe) await without(page, "subtle");
        await page.goto(host.pageURL);
        await expectToldThatItFailed(page);
      });
    }
  });
}
