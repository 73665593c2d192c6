import { expect, failedRequest, operator, test } from "../pages/batch-runner";

test("past batches come in pages, newest first", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  const all = (await backend.batches()).map((batch) => batch.id);
  expect(all).toHaveLength(40);
  const shown = () =>
    history.rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["batchId"]));
  expect(await shown()).toEqual(all.slice(0, 25));
  await expect(history.pager).toContainText("40 batches");
  await expect(history.pager).toContainText("Page 1 of 2");
  await history.next.click();
  await expect(history.rows).toHaveCount(15);
  expect(await shown()).toEqual(all.slice(25));
  await page.reload();
  await expect(history.rows).toHaveCount(15);
  await page.goBack();
  await expect(history.rows).toHaveCount(25);
});

test("a filter by status says among how many it has looked", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  await history.status.selectOption("cancelled");
  const cancelled = (await backend.batches()).filter((batch) => batch.status === "cancelled").length;
  await expect(history.told).toHaveText(`${cancelled} found among 40 batches.`);
  await expect(history.rows).toHaveCount(cancelled);
  expect(new Set(await history.statuses())).toEqual(new Set(["cancelled"]));
  await page.reload();
  await expect(history.status).toHaveValue("cancelled");
  await expect(history.rows).toHaveCount(cancelled);
  await history.status.selectOption("failed");
  await expect(history.told).toHaveText("0 found among 40 batches.");
  await expect(history.section).toContainText("No batches here.");
});

test("thousands of batches are searched to the last one", async ({ app, page, backend }) => {
  await backend.addBatches({ count: 1_200, leads: 1 });
  await backend.addBatches({ count: 3, leads: 2, name: "Autumn fair" });
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  await history.search.fill("inserted 7");
  // 7, 70 to 79, and 700 to 799.
  await expect(history.told).toHaveText("111 found among 1,243 batches.");
  await expect(history.rows).toHaveCount(25);
  await expect(history.pager).toContainText("Page 1 of 5");
  const read = await backend.requests({ path: "/api/batch" });
  await history.search.fill("autumn");
  await expect(history.rows).toHaveCount(3);
  await history.sortBy("Leads");
  await expect(page).toHaveURL(/hq=autumn.*hsort=leads/);
  expect(await backend.requests({ path: "/api/batch" }), "nothing is read again").toHaveLength(read.length);
  await page.reload();
  await expect(history.rows).toHaveCount(3);
  await expect(history.search).toHaveValue("autumn");
});

test("headings sort, groups have sums, and a link restores it all", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  await history.sortBy("Actual");
  await history.settled();
  const heading = history.section.getByRole("columnheader", { name: "Actual" });
  await expect(heading).toHaveAttribute("aria-sort", "descending");
  const dollars = (text: string) => Number(text.replace(/^\$([\d,.]+).*/s, "$1").replace(",", ""));
  const spent = (await history.cells("Actual")).map(dollars);
  expect(spent).toEqual([...spent].sort((one, other) => other - one));
  await history.groupBy.selectOption("template");
  await history.settled();
  await expect(history.groups.first()).toHaveText(/^0\.9\.0 · \d+ batch(es)?, \$[\d.,]+ spent$/);
  const url = page.url();
  expect(url).toMatch(/hsort=actual&hgroup=template/);
  const rows = await history.rows.allInnerTexts();
  const other = await page.context().newPage();
  await other.goto(url);
  await expect(other.getByTestId("history-row")).toHaveCount(25);
  expect(await other.getByTestId("history-row").allInnerTexts()).toEqual(rows);
  const all = await backend.batches();
  expect(all.length).toBe(40);
});

test("a range of days is the person's own", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  const day = await page.evaluate(() => {
    const date = new Date(Date.now() - 5 * 86_400_000);
    const two = (n: number) => String(n).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  });
  await page.getByLabel("From").fill(day);
  await page.getByLabel("To", { exact: true }).fill(day);
  // The rows may be those of the first day still.
  const asked = async () =>
    decodeURIComponent((await backend.requests({ path: "/api/batch" })).at(-1)?.query ?? "");
  await expect.poll(asked).toMatch(/created_after=[-\dT:]+&created_before=[-\dT:]+&?$/);
  await history.settled();
  const words = await page.evaluate(
    (day) =>
      new Date(`${day}T12:00:00`).toLocaleDateString("en-GB", {
        day: "numeric",
        month: "short",
        year: "numeric",
      }),
    day,
  );
  for (const created of await history.cells("Created")) expect(created).toContain(words);
});

test("pins and notes stay in this browser", async ({ app, page }) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  const id = (await history.rows.nth(2).getAttribute("data-batch-id")) ?? "";
  await history.row(id).getByTestId("pin-batch").click();
  await expect(history.row(id).getByTestId("pin-batch")).toHaveAttribute("aria-pressed", "true");
  await history.open(id);
  await page.getByLabel("Note").fill("Ask Sam about it");
  await app.details.back.click();
  await expect(history.row(id)).toContainText("Note: Ask Sam about it");
  await page.reload();
  await page.getByLabel("Only pinned").check();
  await expect(history.rows).toHaveCount(1);
  await expect(history.row(id)).toContainText("Note: Ask Sam about it");
});

test("two batches stand side by side, also by their address", async ({ app, page, backend }) => {
  await backend.addBatches({ count: 2, leads: 50 });
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  await history.tick(0);
  await history.tick(1);
  await history.compare.click();
  const table = history.comparison.getByRole("table");
  await expect(table.getByRole("row", { name: /^Success rate/ })).toContainText("96 %");
  // The second batch begins 37 leads further on.
  await expect(history.comparison).toContainText("They have 13 leads in common.");
  await page.reload();
  await expect(history.comparison).toContainText("They have 13 leads in common.");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Two batches side by side");
  await page.goBack();
  await history.settled();
});

test("cost over time tells whose figures it shows", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  const { trend } = app.history;
  await trend.getByRole("button", { name: "30 days" }).click();
  await expect(trend).toContainText("The server’s own books say for the last 30 days: 40 batches");
  await expect(trend).toContainText("Worked out here from the 40 batches of these days that were read");
  await expect(trend.getByRole("img")).toBeVisible();
  await trend.locator("summary").click();
  await expect(trend.getByRole("row").nth(1)).toBeVisible();
  await expect(page).toHaveURL(/trend=30/);
  expect(await backend.requests({ path: "/api/batch/analytics" })).toHaveLength(1);
});

test("a page that fails in the middle keeps what was read", async ({ app, backend, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  await backend.addBatches({ count: 500, leads: 1 });
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  // The first request goes through: only what comes after it fails.
  await backend.fault({ method: "GET", path: "/api/batch", delay_ms: 1 });
  await backend.fault({
    method: "GET",
    path: "/api/batch",
    status: 500,
    body: { error: "INTERNAL_ERROR", message: "An error" },
  });
  await history.status.selectOption("completed");
  await history.section.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(history.told).toContainText("found among 540 batches.");
});

test("only one template, only mine", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  await history.template.selectOption("simple");
  await expect(page).toHaveURL(/htemplate=simple/);
  await history.settled();
  const stored = await backend.batches();
  await expect(history.rows).toHaveCount(
    stored.filter((batch) => batch.template_version === "simple").length,
  );
  expect(new Set(await history.cells("Template"))).toEqual(new Set(["simple"]));
  await history.template.selectOption("");
  await expect(history.rows).toHaveCount(25);
  expect(new Set(await history.cells("By")).size).toBe(2);
  await history.onlyMine.check();
  await expect(page).toHaveURL(/mine=1/);
  await expect(history.pager).not.toContainText("40 batches");
  await history.settled();
  expect(new Set(await history.cells("By"))).toEqual(new Set([operator.email]));
  await page.reload();
  await expect(history.onlyMine).toBeChecked();
  await history.settled();
  expect(new Set(await history.cells("By"))).toEqual(new Set([operator.email]));
});

test("the estimate stands beside what was paid", async ({ app, backend }) => {
  await app.openSignedIn("?view=history");
  await app.history.settled();
  const batch = (await backend.batches()).find((it) => it.status === "completed" && it.actual_cost_usd);
  const [estimate = 0, actual = 0] = [batch?.estimated_cost_usd, batch?.actual_cost_usd].map((it) => it ?? 0);
  const percent = Math.round((actual / estimate - 1) * 100);
  const row = app.history.row(batch?.id ?? "");
  await expect(row.locator('[data-label="Estimate"]')).toHaveText(`$${estimate.toFixed(2)}`);
  await expect(row.locator('[data-label="Actual"]')).toHaveText(
    `$${actual.toFixed(2)} (${percent < 0 ? "−" : "+"}${Math.abs(percent)} %)`,
  );
  await app.history.open(batch?.id ?? "");
  await expect(app.details.fact("Actual cost")).toContainText(`$${actual.toFixed(2)}`);
});

test("the details tell what became of each lead", async ({ app, page, backend }) => {
  await app.openSignedIn("?view=history");
  await app.history.settled();
  const batch = (await backend.batches()).find((it) => it.failed_leads > 0 && it.status === "completed");
  const id = batch?.id ?? "";
  await app.history.open(id);
  await expect(page).toHaveURL(new RegExp(`batch=${id}`));
  await expect(app.details.heading).toBeFocused();
  await expect(app.details.fact("Status")).toHaveText("Completed");
  await expect(app.details.fact("Leads")).toHaveText(
    `${batch?.processed_leads} of ${batch?.total_leads} processed`,
  );
  const rows = app.details.results.locator("tbody").getByRole("row");
  await expect(rows).toHaveCount(batch?.total_leads ?? 0);
  const failed = rows.filter({ has: page.locator('[data-status="failed"]') });
  await expect(failed).toHaveCount(batch?.failed_leads ?? 0);
  await expect(failed.first().locator('[data-label="What went wrong"]')).not.toHaveText("–");
  await app.details.back.click();
  await app.history.settled();
  await expect(page.getByRole("heading", { level: 1, name: "Past batches" })).toBeFocused();
  await page.goBack();
  await expect(app.details.heading).toBeFocused();
  await expect(app.details.fact("Status")).toBeVisible();
});

test("an address leads straight to a batch", async ({ app, backend }) => {
  const batch = (await backend.batches()).find((it) => it.name);
  await app.openSignedIn(`?view=history&batch=${batch?.id}`);
  await expect(app.details.heading).toHaveText(batch?.name ?? "");
  await expect(app.details.fact("Identifier")).toHaveText(batch?.id ?? "");
  await expect(app.details.results).toBeVisible();
  await app.details.back.click();
  await app.history.settled();
});

test("an address of a batch that does not exist says so", async ({ app, page, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn("?view=history&batch=00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert").first()).toContainText("the server does not have it");
  await expect(page.getByText("Loading the batch…")).toHaveCount(0);
  await expect(page.getByText("Loading the leads…")).toHaveCount(0);
  await app.details.back.click();
  await app.history.settled();
});

test("a batch of this browser is filled in again without asking the server", async ({ app, backend }) => {
  await backend.speed(40);
  await app.openSignedIn();
  await app.cost.template.selectOption("simple");
  const id = await app.startBatch(4, "Again");
  await app.tracker.card(id).endsAs("completed");
  await app.view("History");
  await app.history.settled();
  await app.history.rerun(id);
  await expect(app.leads.count).toContainText("4 leads chosen");
  await expect(app.cost.template).toHaveValue("simple");
  await expect(app.toast("The 4 leads of that batch are chosen now.")).toBeVisible();
  await app.cost.pricedFor(4);
  expect(await backend.requests({ path: `/api/batch/${id}/leads` })).toHaveLength(0);
  const stored = await app.stored(id);
  for (const lead of stored.lead_ids) await expect(app.leads.checkbox(lead)).toBeChecked();
  expect(await app.starts(), "filling in starts nothing").toHaveLength(1);
});

test("a batch of another browser is filled in from the server", async ({ app, backend }) => {
  await app.openSignedIn("?view=history");
  await app.history.settled();
  const batch = (await backend.batches()).find((it) => it.template_version === "comprehensive");
  await app.history.rerun(batch?.id ?? "");
  await expect(app.leads.count).toContainText(`${batch?.total_leads} leads chosen`);
  await expect(app.cost.template).toHaveValue("comprehensive");
  await app.cost.pricedFor(batch?.total_leads ?? 0);
  await app.review();
  expect(await app.starts()).toHaveLength(0);
});

test("a rerun whose template is gone says so and takes the newest", async ({ app, backend }) => {
  await app.openSignedIn("?view=history");
  await app.history.settled();
  const batch = (await backend.batches()).find((it) => it.template_version === "0.9.0");
  await app.history.rerun(batch?.id ?? "");
  await expect(app.cost.templateNotes).toContainText("Template version 0.9.0 is not offered any more");
  await expect(app.cost.template).toHaveValue("2.0.0");
});

test("a rerun that replaces a choice can be undone", async ({ app, backend }) => {
  await app.openSignedIn();
  const chosen = await app.leads.choose(2);
  await app.view("History");
  await app.history.settled();
  const batch = (await backend.batches())[0];
  await app.history.open(batch?.id ?? "");
  await app.details.rerun.click();
  const toast = app.toast("They replace 2 leads chosen before.");
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(app.leads.count).toContainText("2 leads chosen");
  for (const id of chosen) await expect(app.leads.checkbox(id)).toBeChecked();
});

test("a failed read of the history can be repeated, and leaves the rest alone", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.settled();
  await backend.fault({
    method: "GET",
    path: "/api/batch",
    status: 500,
    body: { error: "INTERNAL_ERROR", message: "An error" },
  });
  await app.view("History");
  const fault = app.history.section.getByRole("alert");
  await expect(fault).toContainText("Could not load the batches: the server failed (500, An error)");
  await fault.getByRole("button", { name: "Try again" }).click();
  await app.history.settled();
  await expect(fault).toHaveCount(0);
});

test("a batch that ends while the history is open is told as ended", async ({ app, backend }) => {
  await backend.speed(2);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  await app.view("History");
  await app.history.settled();
  await expect(app.history.row(id)).toHaveAttribute("data-status", "running");
  await backend.speed(60);
  await expect(app.history.row(id)).toHaveAttribute("data-status", "completed");
  await expect(app.history.row(id).locator('[data-label="Actual"]')).toContainText("$");
});
