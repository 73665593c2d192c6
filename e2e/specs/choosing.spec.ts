import { expectNoAxeViolations } from "../fixtures/app";
import { expect, test } from "../pages/batch-runner";

const LEADS = 100_000;
/** More rows than these are never in the document, however many there are. */
const MOST_ROWS = 80;

test.use({ rows: "all", backendOptions: { leads: LEADS } });

test("everything can be scrolled through, and the scrollbar tells the truth", async ({ app, backend }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await expect(leads.table).toHaveAttribute("aria-rowcount", String(LEADS + 1));
  const height = await leads.rows.first().evaluate((row) => row.getBoundingClientRect().height);
  const whole = await leads.table.locator("tbody").evaluate((body) => body.getBoundingClientRect().height);
  expect(whole).toBeCloseTo(height * LEADS, -1);
  await expect(leads.range).toHaveText(/^1–\d+ of 100,000$/);

  const seen = new Map<string, string>();
  for (const share of [0, 0.25, 0.5, 0.75, 1, 0.5]) {
    await leads.scrollTo(share);
    const rows = await leads.rows.evaluateAll((rows) =>
      rows.map((row) => ({
        id: (row as HTMLElement).dataset["leadId"] ?? "",
        place: (row as HTMLElement).dataset["row"] ?? "",
        index: row.getAttribute("aria-rowindex"),
        height: row.getBoundingClientRect().height,
      })),
    );
    expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
    for (const row of rows) {
      expect(row.index).toBe(String(Number(row.place) + 2));
      expect(row.height, "every row is as high as the scrollbar takes it for").toBe(height);
      expect(seen.get(row.id) ?? row.place, "a lead has one place").toBe(row.place);
      seen.set(row.id, row.place);
    }
  }
  await leads.scrollTo(1);
  await expect(leads.rowAt(LEADS - 1)).toBeVisible();
  await expect(leads.range).toHaveText(/–100,000 of 100,000$/);
  const limits = (await backend.requests({ path: "/api/v1/leads" })).map((it) =>
    Number(/limit=(\d+)/.exec(it.query ?? "")?.[1]),
  );
  expect(Math.max(...limits)).toBeLessThanOrEqual(1_000);
  expect(limits.length, "only what was looked at is read").toBeLessThan(40);

  await leads.sortBy("Company");
  await expect(leads.rowAt(0)).toBeVisible();
  await expect(leads.range).toHaveText(/^1–/);
});

test("pages instead of one list, kept for the next visit, as a plain table", async ({ app, page }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await leads.pageSize.selectOption("25");
  await expect(leads.rows).toHaveCount(25);
  await expect(leads.table).not.toHaveAttribute("aria-rowcount");
  await expect(leads.rows.first()).not.toHaveAttribute("aria-rowindex");
  await leads.next.click();
  await expect(leads.range).toHaveText("26–50 of 100,000");
  await page.reload();
  await expect(leads.range).toHaveText("26–50 of 100,000");
  await app.open();
  await expect(leads.range).toHaveText("1–25 of 100,000");
  await leads.pageSize.selectOption({ label: "All, to scroll through" });
  await expect(leads.table).toHaveAttribute("aria-rowcount", String(LEADS + 1));
});

test("all that match are chosen at once, less some, and are there after a reload", async ({ app, page }) => {
  test.setTimeout(90_000);
  await app.openSignedIn();
  const { leads } = app;
  await leads.statusFilter.selectOption("failed");
  await expect(leads.allMatching).toHaveText(/^Select all [\d,]+ matching leads$/);
  const all = /([\d,]+)/.exec(await leads.allMatching.innerText())?.[1] ?? "";
  const total = Number(all.replace(",", ""));
  expect(total).toBeGreaterThan(2_000);
  await leads.allMatching.click();
  await expect(leads.count).toHaveText(`${all} leads chosen`);
  for (const box of await leads.checkboxes.all()) await expect(box).toBeChecked();
  await expect(app.toast(`All ${all} matching leads are chosen`)).toBeVisible({ timeout: 20_000 });
  await expect(leads.pageCheckbox).toBeChecked();
  await leads.rowAt(1).getByTestId("lead-checkbox").uncheck();
  const less = (total - 1).toLocaleString("en");
  await expect(leads.count).toHaveText(`${less} leads chosen`);
  await expect(leads.origin).toHaveText(`${less} by filter Enrichment failed, 1 taken out`);
  const out = (await leads.rowAt(1).getAttribute("data-lead-id")) ?? "";
  await leads.statusFilter.selectOption("");
  await leads.settled();
  await leads.rows.first().waitFor();
  await expect(leads.count).toHaveText(`${less} leads chosen`);
  await page.reload();
  await expect(leads.count).toHaveText(`${less} leads chosen`, { timeout: 20_000 });
  await expect(leads.origin).toHaveText(`${less} by filter Enrichment failed, 1 taken out`);
  await app.open("?enrichment=failed");
  await expect(leads.row(out)).toBeVisible();
  await expect(leads.checkbox(out)).not.toBeChecked();
});

test("reading all that match can be stopped, and nothing is chosen then", async ({ app, backend }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await backend.fault({ path: "/api/v1/leads", times: 0, delay_ms: 400 });
  await leads.allMatching.click();
  await expect(leads.count).toHaveText("100,000 leads chosen");
  await expect(app.page.getByText(/Reading which leads these are: [\d,]+ of 100,000\./)).toBeVisible();
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("Wait until all the chosen leads have been read.");
  await app.page.getByTestId("stop-gathering").click();
  await expect(leads.count).toHaveText("No leads chosen");
  await expect(leads.checkboxes.first()).not.toBeChecked();
});

test("more than a batch takes is said before the price, with ways out", async ({ app }) => {
  test.setTimeout(90_000);
  await app.openSignedIn();
  const { leads } = app;
  await leads.search.fill("bakery");
  await expect(leads.allMatching).toHaveText(/^Select all [\d,]+ matching leads$/);
  await leads.allMatching.click();
  await expect(leads.tooMany).toContainText("a batch takes at most 1,000", { timeout: 20_000 });
  await leads.tooMany.getByTestId("keep-random").click();
  await expect(leads.count).toHaveText("1,000 leads chosen");
  await app.cost.pricedFor(1_000);
  await leads.undo.click();
  await expect(leads.tooMany).toBeVisible();
  await leads.tooMany.getByTestId("keep-first").click();
  await expect(leads.count).toHaveText("1,000 leads chosen");
  await expect(leads.checkboxes.first(), "the first of the table is among the first").toBeChecked();
  await leads.undo.click();
  await leads.redo.click();
  await expect(leads.count).toHaveText("1,000 leads chosen");
});

test("more than a batch takes is split into batches under one approval, or left whole again", async ({
  app,
}) => {
  await app.openSignedIn();
  const { leads, cost } = app;
  await leads.search.fill("bakery");
  await expect(leads.allMatching).toHaveText(/^Select all [\d,]+ matching leads$/);
  await leads.allMatching.click();
  await expect(leads.tooMany).toBeVisible({ timeout: 20_000 });
  const before = await leads.chosenCount();
  await leads.tooMany.getByTestId("split").click();
  await expect(leads.tooMany).toContainText("priced together, approved once and started one after the other");
  const batches = Math.min(20, Math.ceil(before / 1_000));
  await expect(cost.price).toContainText(`in ${batches} batches`, { timeout: 20_000 });
  await leads.tooMany.getByTestId("split-off").click();
  await expect(leads.tooMany).toContainText("a batch takes at most 1,000");
  expect(await leads.chosenCount()).toBe(before);
});

test("what a filter hides is counted, and the chosen ones can be seen alone", async ({ app, page }) => {
  await app.openSignedIn();
  const { leads } = app;
  const chosen = await leads.choose(3);
  await leads.search.fill("zzz-nothing-like-this");
  await expect(leads.count).toHaveText("3 leads chosen, 3 hidden by this filter");
  await leads.onlyChosen.click();
  await expect(leads.rows).toHaveCount(3);
  await expect(page).toHaveURL(/chosen=1/);
  await leads.checkbox(chosen[1] ?? "").uncheck();
  await expect(leads.count).toHaveText("2 leads chosen");
  await expect(leads.row(chosen[1] ?? ""), "a row does not vanish under the finger").toBeVisible();
  await page.reload();
  await expect(leads.rows).toHaveCount(2);
  await leads.onlyChosen.click();
  await page.getByRole("button", { name: "Remove the filter “zzz-nothing-like-this”" }).click();
  await leads.settled();
  await expect(leads.checkbox(chosen[0] ?? "")).toBeChecked();
});

test("without a mouse: through the rows, ranges, all, none and back", async ({ app, page }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  const { keyboard } = page;
  const focusedRow = () =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? null);
  await keyboard.press("/");
  await expect(leads.search).toBeFocused();
  await leads.frame.focus();
  await keyboard.press("ArrowDown");
  await expect.poll(focusedRow).toBe("0");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await expect.poll(focusedRow).toBe("2");
  await keyboard.press("Space");
  await expect(leads.count).toHaveText("1 lead chosen");
  await keyboard.press("PageDown");
  await expect.poll(async () => Number(await focusedRow())).toBeGreaterThan(6);
  const below = Number(await focusedRow());
  await keyboard.press("Shift+Space");
  await expect(leads.count).toHaveText(`${below - 1} leads chosen`);
  await keyboard.press("End");
  await expect.poll(focusedRow, { timeout: 15_000 }).toBe(String(LEADS - 1));
  await keyboard.press("Home");
  await expect.poll(focusedRow).toBe("0");
  await keyboard.press("Escape");
  await expect(leads.count).toHaveText("No leads chosen");
  await keyboard.press("Control+z");
  await expect(leads.count).toHaveText(`${below - 1} leads chosen`);
  await keyboard.press("Control+z");
  await expect(leads.count).toHaveText("1 lead chosen");
  await keyboard.press("Control+Shift+z");
  await expect(leads.count).toHaveText(`${below - 1} leads chosen`);
  await expect(app.liveRegion).toHaveText(new RegExp(`^${below - 1} leads chosen, \\$[\\d.]+\\.$`));
  await keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Take the last step back");
  await keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
});

test("Ctrl+A takes the page, then everything that matches", async ({ app, page }) => {
  await app.openSignedIn("?size=25&q=bakery");
  const { leads } = app;
  await leads.settled();
  await leads.frame.focus();
  await page.keyboard.press("Control+a");
  await expect(leads.count).toHaveText("25 leads chosen");
  await page.keyboard.press("Control+a");
  await expect(leads.origin).toHaveText(/by filter “bakery”/, { timeout: 20_000 });
});

test("a range by Shift and click, also over rows that were never read", async ({ app }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await leads.rowAt(3).getByTestId("lead-checkbox").click();
  await leads.scrollTo(0.02);
  const last = Number(await leads.rows.nth(10).getAttribute("data-row"));
  await leads
    .rowAt(last)
    .getByTestId("lead-checkbox")
    .click({ modifiers: ["Shift"] });
  await expect(leads.count).toHaveText(`${(last - 2).toLocaleString("en")} leads chosen`, {
    timeout: 15_000,
  });
  await leads.undo.click();
  await expect(leads.count).toHaveText("1 lead chosen");
});

for (const rows of ["all", "pages"] as const) {
  test(`a screen reader finds names, states and counts: ${rows}`, async ({ app, page }) => {
    await app.openSignedIn(rows === "all" ? "" : "?size=25");
    const { leads } = app;
    await leads.choose(1);
    await expect(leads.count).toHaveText("1 lead chosen");
    const client = await page.context().newCDPSession(page);
    const { nodes } = await client.send("Accessibility.getFullAXTree");
    const told = nodes
      .filter((node) => !node.ignored)
      .map((node) => ({
        role: node.role?.value as string,
        name: (node.name?.value ?? "") as string,
        properties: Object.fromEntries(
          (node.properties ?? []).map(({ name, value }) => [name, value.value as unknown]),
        ),
      }));
    const table = told.find((node) => node.role === "table" && node.name.startsWith("Leads."));
    expect(table).toBeDefined();
    const boxes = told.filter((node) => node.role === "checkbox");
    const header = boxes.find(
      (box) => box.name === (rows === "all" ? "Select all that match" : "Select this page"),
    );
    expect(header?.properties["checked"]).toBe("mixed");
    const ofLeads = boxes.filter((box) => box.name.startsWith("Choose "));
    expect(ofLeads.length).toBe(await leads.rows.count());
    expect(ofLeads.filter((box) => box.properties["checked"] === "true")).toHaveLength(1);
    expect(ofLeads.every((box) => box.name.length > "Choose ".length)).toBe(true);
    expect(told.filter((node) => node.role === "columnheader").map((node) => node.name.trim())).toContain(
      "Company",
    );
    expect(told.some((node) => node.role === "region" && node.name === "Leads")).toBe(true);
    await expectNoAxeViolations(page);
  });
}

test.describe("a phone", () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

  test("each lead is a card, and the choice stays within reach of a thumb", async ({ app, page }) => {
    await app.openSignedIn();
    const { leads } = app;
    await leads.settled();
    await leads.frame.scrollIntoViewIfNeeded();
    await leads.rowAt(1).getByTestId("lead-checkbox").tap();
    await expect(leads.count).toHaveText("1 lead chosen");
    await leads.scrollTo(0.5);
    await expect(leads.clearButton).toBeInViewport();
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBeLessThanOrEqual(0);
    const card = await leads.rows.nth(9).boundingBox();
    expect(card?.width ?? 0).toBeLessThanOrEqual(320);
    const label = await leads.rows.nth(9).locator("label").boundingBox();
    expect(Math.min(label?.width ?? 0, label?.height ?? 0)).toBeGreaterThanOrEqual(43.5);
  });
});

test.describe("a small choice", () => {
  test.use({ backendOptions: { leads: 200 } });

  test("travels in a link", async ({ app, page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await app.openSignedIn();
    const chosen = await app.leads.choose(2);
    await page.getByTestId("copy-link").click();
    await expect(app.toast("The link to this choice is copied.")).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await app.leads.clearButton.click();
    await page.goto(link);
    await page.getByTestId("bring-add").click();
    await expect(app.leads.count).toHaveText("2 leads chosen");
    for (const id of chosen) await expect(app.leads.checkbox(id)).toBeChecked();
    await expect(page).not.toHaveURL(/leads=/);
  });
});
