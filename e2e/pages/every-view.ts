import { expect, operator, type BatchRunner } from "./batch-runner";

/** A name for what is shown, said to whoever looks at it. */
export type Look = (view: string) => Promise<void>;

/**
 * Leads through everything that the app can show, from the sign-in on, and has each looked at while nothing moves.
 * Needs a backend of its own; starts one batch and lets it wait.
 */
export async function showEveryView(app: BatchRunner, look: Look): Promise<void> {
  const { backend, page } = app;
  await app.open();
  await expect(app.signInForm.form).toBeVisible();
  await look("sign-in");
  await app.signInForm.enter({ ...operator, password: "wrong" });
  await expect(app.signInForm.form.getByRole("alert")).toBeVisible();
  await look("sign-in-refused");
  await app.signInForm.enter(operator);

  await app.leads.settled();
  await expect(app.cost.template).toHaveValue("2.0.0");
  const rows = await app.leads.rows.count();
  await look("new-empty");
  await app.leads.unfold();
  await look("new-unfolded");
  await app.cost.review.click();
  await expect(app.cost.complaints).toBeVisible();
  await look("new-complaints");
  await app.chooseAndPrice(3);
  await page.getByText("How this price comes about").click();
  await look("new-priced");
  await app.leads.search.fill("zzz-nothing-like-this");
  await expect(app.leads.frame).toContainText("No leads match");
  await look("new-no-match");
  await backend.fault({
    path: "/api/v1/leads",
    status: 500,
    body: { error: "INTERNAL_ERROR", message: "It broke" },
  });
  await app.leads.search.fill("");
  const fault = page.locator(".lead-selector").getByRole("alert");
  await expect(fault).toBeVisible();
  await look("new-failed");
  await fault.getByRole("button", { name: "Try again" }).click();
  await expect(app.leads.rows).toHaveCount(rows);

  await app.review();
  await look("review");
  await app.launch.start.click();
  await expect(page).toHaveURL(/view=running/);
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.tracker.cards).toHaveCount(1);
  await look("running");
  await app.tracker.cards.getByTestId("cancel-batch").click();
  await expect(app.tracker.cancelDialog).toBeVisible();
  await look("cancel-dialog");
  await page.keyboard.press("Escape");
  await expect(app.tracker.cancelDialog).toHaveCount(0);

  await app.view("History");
  await app.history.settled();
  await look("history");
  await app.history.unfold();
  await app.history.groupBy.selectOption("status");
  await app.history.settled();
  await app.history.tick(0);
  await app.history.tick(1);
  await app.history.columns.locator("summary").click();
  await app.history.trend.getByRole("button", { name: "30 days" }).click();
  await expect(app.history.trend.getByRole("img")).toBeVisible();
  await app.history.trend.locator("summary").click();
  await look("history-arranged");
  await app.history.compare.click();
  await expect(app.history.comparison.getByRole("table")).toBeVisible();
  await look("comparison");
  await page.goBack();
  await app.history.unfold();
  await app.history.groupBy.selectOption("");
  await app.history.settled();
  await app.history.status.selectOption("failed");
  await expect(app.history.section).toContainText("No batches here.");
  await look("history-empty");
  await app.history.status.selectOption("");
  await app.history.settled();
  const broken = await backend.fault({
    method: "GET",
    path: "/api/batch",
    // The list is read by itself as well.
    times: 0,
    status: 500,
    body: { error: "INTERNAL_ERROR", message: "It broke" },
  });
  await app.history.template.selectOption("v1");
  await expect(app.history.section.getByRole("alert")).toBeVisible();
  await look("history-failed");
  await backend.clearFaults(broken);
  await app.history.section.getByRole("button", { name: "Try again" }).click();
  await app.history.settled();
  const past = (await backend.batches()).find((batch) => batch.template_version === "v1");
  await app.history.open(past?.id ?? "");
  await expect(app.details.results).toBeVisible();
  await look("details");

  await backend.expireTokens({ refresh: true });
  await app.view("New batch");
  await app.leads.sortBy("Company");
  await expect(app.signInForm.form).toBeVisible();
  await look("signed-out-in-the-middle");
}
