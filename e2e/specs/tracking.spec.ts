import { readFile } from "node:fs/promises";
import { expect, test } from "../pages/batch-runner";

test("time left is told as a range once enough was seen, with its line and figures", async ({
  app,
  backend,
}) => {
  test.setTimeout(60_000);
  await backend.speed(0.3);
  await app.openSignedIn();
  const id = await app.startBatch(50, "Watched");
  const { root } = app.tracker.card(id);
  await expect(root).toContainText("Time leftnot known yet");
  await expect(root).toContainText(/Time left(about )?\d+ (s|min)/, { timeout: 40_000 });
  await expect(root).toContainText(/Rate[\d.]+ leads per (second|minute)/);
  await root.getByText("Progress over time").click();
  await expect(root.getByRole("img", { name: "Progress of Watched over time" })).toBeVisible();
  await root.getByText("As figures").click();
  await expect(root.getByRole("cell").first()).toBeVisible();
});

test.describe("a batch with failures", () => {
  /** A batch of a hundred leads, four of which failed for one reason, and its details. */
  test.beforeEach(async ({ app, backend }) => {
    const [id = ""] = await backend.addBatches({
      count: 1,
      leads: 100,
      status: "completed",
      name: "With failures",
    });
    await app.openSignedIn(`?view=history&batch=${id}`);
  });

  test("failures are grouped by cause, and one cause can be run again", async ({
    app,
    page,
    past,
    backend,
  }) => {
    const cause = page.getByTestId("cause");
    await expect(cause).toHaveCount(1);
    await expect(cause).toContainText("4 leads: ");
    await expect(cause).toContainText("For example: openai did not answer for lead");
    await cause.getByTestId("rerun-cause").click();
    await expect(app.leads.count).toContainText("4 leads chosen");
    await app.cost.pricedFor(4);
    const comparison = page.getByTestId("rerun-comparison");
    await expect(comparison).toContainText("Runs again With failures");
    await expect(comparison).toContainText("4 of 100 leads");
    await expect(comparison).toContainText("Price per lead");
    await page.reload();
    await expect(comparison).toContainText("4 of 100 leads");
    await app.cost.pricedFor(4);
    await app.review();
    await app.launch.start.click();
    await expect(app.launch.dialog).toHaveCount(0);
    const [again] = (await backend.batches()).filter(
      (batch) => !past.has(batch.id) && batch.name !== "With failures",
    );
    const first = (await backend.batches()).find((batch) => batch.name === "With failures");
    expect(again?.lead_ids).toHaveLength(4);
    expect(first?.lead_ids).toEqual(expect.arrayContaining(again?.lead_ids ?? [""]));
    await app.tracker.card(again?.id ?? "").endsAs("completed");
    await app.tracker.card(again?.id ?? "").details.click();
    const attempts = page.getByTestId("attempts");
    await expect(attempts.getByRole("listitem")).toHaveCount(2);
    await expect(attempts).toContainText("Over all attempts:");
    await attempts.getByRole("link", { name: "Attempt 1" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("With failures");
  });

  test("outcomes can be filtered, searched and taken along", async ({ page }) => {
    const details = page.getByTestId("batch-details");
    const rows = details.locator(".history-table tbody tr");
    await expect(rows).toHaveCount(50);
    await page.getByTestId("more-results").click();
    await expect(rows).toHaveCount(100);
    await page.getByTestId("result-filter").selectOption("failed");
    await expect(rows).toHaveCount(4);
    await expect(details).toContainText("4 of 100 leads are shown; the export has all.");
    await page.getByTestId("result-search").fill("LEAD 24 ");
    await expect(rows).toHaveCount(1);
    await page.getByTestId("result-search").fill("");
    await page.getByTestId("result-filter").selectOption("");
    const download = page.waitForEvent("download");
    await page.getByTestId("outcomes-csv").click();
    const text = await readFile(await (await download).path(), "utf8");
    const lines = text.trim().split("\r\n");
    expect(lines).toHaveLength(101);
    expect(lines.filter((line) => line.includes('"failed"'))).toHaveLength(4);
    await expect(page.getByTestId("rerun-failed")).toHaveText(
      /^Run only the 4 that failed \(about \$2\.\d\d\)$/,
    );
  });
});

test("what a cancel left untouched can be run again by itself, and is in the export", async ({
  app,
  page,
  backend,
}) => {
  const [id = ""] = await backend.addBatches({ count: 1, leads: 40, status: "cancelled", name: "Stopped" });
  await app.openSignedIn(`?view=history&batch=${id}`);
  const download = page.waitForEvent("download");
  await expect(page.getByTestId("rerun-not-started")).toHaveText(/^Run only the 20 not started/);
  await page.getByTestId("outcomes-json").click();
  const outcomes = JSON.parse(await readFile(await (await download).path(), "utf8")) as unknown[];
  expect(outcomes).toHaveLength(40);
  await page.getByTestId("rerun-not-started").click();
  await expect(app.leads.count).toContainText("20 leads chosen");
});

test("receipts of this browser's launches are told and taken along", async ({ app, page, past, backend }) => {
  await backend.speed(200);
  await app.openSignedIn();
  const id = await app.startBatch(3, "Bought");
  await app.tracker.card(id).endsAs("completed");
  await app.tracker.card(id).details.click();
  const receipt = page.getByTestId("receipt");
  await expect(receipt).toContainText("Price approved");
  await expect(receipt).toContainText(/Actual cost\$\d/);
  await app.view("History");
  const download = page.waitForEvent("download");
  await page.getByTestId("receipts-csv").click();
  const lines = (await readFile(await (await download).path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(id);
  expect(past.has(id)).toBe(false);
});
