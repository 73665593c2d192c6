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
  await expect(history.partial).toHaveText(`${cancelled} found among 40 batches.`);
  await expect(history.rows).toHaveCount(cancelled);
  expect(new Set(await history.statuses())).toEqual(new Set(["cancelled"]));
  await page.reload();
  await expect(history.status).toHaveValue("cancelled");
  await expect(history.rows).toHaveCount(cancelled);
  await history.status.selectOption("failed");
  await expect(history.partial).toHaveText("0 found among 40 batches.");
  await expect(history.section).toContainText("No batches here.");
});

test("a filter by status that cannot look at everything says so", async ({ app, backend }) => {
  await backend.addBatches({ count: 250, leads: 2 });
  await app.openSignedIn("?view=history&hstatus=cancelled");
  await expect(app.history.partial).toHaveText(
    /^\d+ found among the newest 200 of 290 batches; older ones are not searched\.$/,
  );
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
  await page.goBack();
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
