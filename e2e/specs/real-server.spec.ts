import type { Page } from "@playwright/test";
import type { BatchRunner } from "../pages/batch-runner";
import { expect, failedRequest, failedSocket, operator, test } from "../pages/batch-runner";
import { OtherClient } from "../pages/other-client";

const refusedSocket = /Unexpected response code: 403/;

/** No view waits for something that never comes. */
async function expectNothingSpins(app: BatchRunner): Promise<void> {
  await expect(app.scope.locator('[aria-busy="true"]')).toHaveCount(0);
  await expect(app.scope.getByText(/^(Loading|Looking for|Asking for)\b.*…$/)).toHaveCount(0);
}

/** The addresses of all sockets that the page dials. */
function dialled(page: Page): string[] {
  const urls: string[] = [];
  page.on("websocket", (socket) => urls.push(new URL(socket.url()).pathname));
  return urls;
}

test.describe("the server as it stands", () => {
  test.use({ backendOptions: { leads: 200, speed: 1, mode: "as-is" } });

  test.beforeEach(({ consoleErrors }) => consoleErrors.allow(failedRequest, failedSocket, refusedSocket));

  test("a price that it refuses: the reason is readable, the choice stays, nothing can be started", async ({
    app,
  }) => {
    await app.open();
    await app.signInForm.enter(operator);
    await app.leads.choose(3);
    await expect(app.cost.fault).toContainText("Could not price this choice: the server refused it.");
    await expect(app.cost.fault).toContainText(/valid integer|cannot read what it has worked out/);
    await expect(app.cost.fault).toContainText("Without a price a batch cannot be started.");
    await expect(app.cost.total).toHaveCount(0);
    await app.cost.review.click();
    await expect(app.cost.complaints).toContainText("Without a price a batch cannot be started.");
    await expect(app.launch.dialog).toHaveCount(0);
    await expect(app.leads.count).toHaveText("3 leads chosen");
    await app.leads.search.fill("bakery");
    await expect(app.leads.rows.first()).toContainText(/bakery/i);
    await expect(app.leads.count).toContainText("3 leads chosen");
    expect(await app.starts()).toHaveLength(0);
    await expectNothingSpins(app);
  });

  test("a batch that ends failed with every lead successful is told as the contradiction that it is", async ({
    app,
    page,
    backend,
  }) => {
    const sockets = dialled(page);
    await app.openSignedIn("?view=running");
    await expect(app.scope.getByText("Nothing is running.")).toBeVisible();
    const id = await (await OtherClient.signIn(backend)).start(100, "From elsewhere");
    await page.reload();
    const card = app.tracker.card(id);
    await card.passes(0);
    await app.tracker.linkIs("live");
    await card.endsAs("failed");
    await expect(card.troubles.first()).toHaveText(
      "All 100 leads succeeded, yet the server reports this batch as failed.",
    );
    await expect(card.counts).toHaveText("100 of 100 leads · 100 succeeded");
    await app.view("History");
    await expect(app.history.row(id)).toContainText(
      "All 100 leads succeeded, yet the server reports this batch as failed.",
    );
    await expect(app.history.row(id).locator('[data-label="Actual"]')).toHaveText("not told");
    await app.history.open(id);
    await expect(app.details.fact("The server says")).toContainText("has no setter");
    // The bodies name an address that refuses sockets; only the right one is dialled.
    expect(sockets).toContain(`/api/batch/${id}/progress`);
    expect(sockets.filter((path) => path.startsWith("/api/v1/"))).toEqual([]);
    expect(await backend.requests({ path: "/api/batch/analytics" })).toHaveLength(0);
    await expectNothingSpins(app);
  });

  test("a status that fails once a lead has failed: the list tells the counts", async ({ app, backend }) => {
    await backend.speed(0.3);
    const other = await OtherClient.signIn(backend);
    const ids = await other.leadIds(60);
    const id = await other.start(ids);
    await backend.deleteLeads(ids.slice(5, 40));
    await app.openSignedIn("?view=running");
    const card = app.tracker.card(id);
    await card.endsAs("failed", 20_000);
    await expect(card.counts).toContainText("60 of 60 leads");
    await expect(card.counts).toContainText(/\d+ failed/);
    await app.view("History");
    await app.history.open(id);
    await expect(app.details.fact("Leads")).toHaveText("60 of 60 processed");
    await expectNothingSpins(app);
    expect((await backend.requests({ path: `/api/batch/${id}/status` })).map((it) => it.status)).toContain(
      500,
    );
  });

  test("a cancel that stops nothing is told with the end that the server gives it", async ({
    app,
    backend,
  }) => {
    const other = await OtherClient.signIn(backend);
    const id = await other.start(150);
    await app.openSignedIn("?view=running");
    const card = app.tracker.card(id);
    await card.passes(0);
    await card.cancel.click();
    await app.tracker.confirmCancel.click();
    await card.endsAs("cancelled");
    await card.endsAs("failed", 20_000);
    await expect(card.counts).toContainText("150 of 150 leads");
  });

  test("results of single leads, which it does not tell, are said to be missing", async ({
    app,
    backend,
  }) => {
    const batch = (await backend.batches())[0];
    await app.openSignedIn(`?view=history&batch=${batch?.id}`);
    await expect(
      app.scope.getByText("This server does not tell what became of each lead of a batch"),
    ).toBeVisible();
    await expectNothingSpins(app);
    await app.details.rerun.click();
    await expect(app.toast("This batch cannot be filled in again")).toBeVisible();
    await expect(app.details.heading).toBeVisible();
  });

  test("every view comes to rest", async ({ app }) => {
    await app.openSignedIn();
    await app.leads.settled();
    await expectNothingSpins(app);
    await app.tracker.linkIs("polling", 20_000);
    await app.view("Running");
    await expect(app.scope.getByText("Nothing is running.")).toBeVisible();
    await expectNothingSpins(app);
    await app.view("History");
    await app.history.settled();
    await expectNothingSpins(app);
    expect(new Set(await app.history.statuses())).toEqual(new Set(["failed"]));
  });

  test("pages of an unstable sort show no lead twice within one", async ({ app }) => {
    await app.openSignedIn("?sort=enrichment_status&size=100");
    await app.leads.settled();
    const ids = await app.leads.shownIds();
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test.describe("the server with its three repairs", () => {
  test.use({ backendOptions: { leads: 200, speed: 1, mode: "repaired" } });

  test.beforeEach(({ consoleErrors }) => consoleErrors.allow(failedRequest, failedSocket, refusedSocket));

  test("the whole journey", async ({ app, page, backend, past }) => {
    test.setTimeout(60_000);
    const sockets = dialled(page);
    await backend.speed(0.2);
    await app.open();
    await app.signInForm.enter(operator);
    await app.leads.settled();
    const id = await app.startBatch(100, "Repaired");
    const card = app.tracker.card(id);
    await card.passes(0);
    await app.tracker.linkIs("live");
    await page.reload();
    await expect(card.root).toBeVisible();
    await app.tracker.linkIs("live", 20_000);
    await backend.speed(5);
    await card.endsAs("completed", 20_000);
    await expect(card.bar).toHaveAttribute("aria-valuenow", "100");
    await app.view("History");
    await expect(app.history.row(id)).toHaveAttribute("data-status", "completed");
    await app.history.rerun(id);
    await expect(app.leads.count).toContainText(`${(await app.stored(id)).total_leads} leads chosen`);
    expect(await app.starts()).toHaveLength(1);
    expect((await backend.batches()).filter((batch) => !past.has(batch.id))).toHaveLength(1);
    expect(sockets).toContain(`/api/batch/${id}/progress`);
    expect(sockets.filter((path) => path.startsWith("/api/v1/"))).toEqual([]);
    await expectNothingSpins(app);
  });

  test("a cancelled batch that is carried out all the same is told with its bill", async ({
    app,
    backend,
  }) => {
    await backend.speed(0.3);
    await app.openSignedIn();
    const id = await app.startBatch(100);
    const card = app.tracker.card(id);
    await card.passes(0);
    await card.cancel.click();
    await app.tracker.confirmCancel.click();
    await card.endsAs("cancelled");
    await backend.speed(20);
    await card.endsAs("completed", 20_000);
    const { total_leads: total } = await app.stored(id);
    await expect(card.troubles.first()).toHaveText(
      `${total} of ${total} leads were processed and are charged: the batch was cancelled, but the server did not stop and reports it as completed.`,
    );
  });

  test("a second tab takes the only socket over, and both come to the end", async ({
    app,
    page,
    context,
    backend,
  }) => {
    test.setTimeout(90_000);
    // Slow until both tabs follow it: a batch that has ended is not among the running ones of a new tab.
    await backend.speed(0.2);
    await app.openSignedIn();
    const id = await app.startBatch(100);
    await app.tracker.card(id).passes(0);
    const second = await context.newPage();
    await second.goto(`${backend.pageURL}?view=running`);
    const there = second.locator(`[data-testid="active-batch"][data-batch-id="${id}"]`);
    await expect(there).toBeVisible();
    await page.bringToFront();
    await backend.speed(5);
    await app.tracker.card(id).endsAs("completed", 45_000);
    await expect(there.locator(".state")).toHaveAttribute("data-status", "completed", { timeout: 45_000 });
  });

  test("the first request after a start is not left hanging", async ({ app }) => {
    await app.openSignedIn();
    const id = await app.startBatch(100);
    const card = app.tracker.card(id);
    // On the connection of the start the server answers only when the batch has ended.
    await card.passes(0);
    await expect(card.state).toHaveText("Running");
    await app.view("History");
    await app.history.settled();
    await expect(app.history.row(id)).toBeVisible();
  });
});
