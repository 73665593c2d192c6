import { expect, test } from "../pages/batch-runner";

/** Files of later parts; what several of them share is `shared`. */
const LATER = /batch-runner-(live|history|extras|shared)[^/]*\.wasm/;
const MISSING = /Failed to fetch|ERR_FAILED|is not there|404|split/i;

test("a part that cannot be fetched is told, and what was asked for happens when it comes", async ({
  app,
  page,
  consoleErrors,
}) => {
  consoleErrors.allow(MISSING);
  await page.route(LATER, (route) => route.abort());
  await app.openSignedIn();
  const { leads, cost } = app;
  await leads.settled();
  const missing = page.getByTestId("missing-part");
  await expect(missing).toContainText("This part of the page could not be loaded.");
  await expect(missing.getByRole("button", { name: "Reload the page" })).toBeVisible();
  await leads.checkboxes.nth(0).check();
  await leads.checkboxes.nth(1).check();
  await expect(leads.count).toContainText("2 leads chosen");

  await page.unroute(LATER);
  await missing.getByRole("button", { name: "Try again" }).click();
  await cost.pricedFor(2);
  await expect(missing).toHaveCount(0);
});

test("a tab from before a deploy says what is gone and loads the newer page", async ({
  app,
  page,
  consoleErrors,
}) => {
  consoleErrors.allow(MISSING);
  const gone = /batch-runner-history[^/]*\.wasm/;
  await page.route(gone, (route) => route.fulfill({ status: 404, body: "gone" }));
  await app.openSignedIn();
  await app.leads.settled();
  await app.leads.checkboxes.nth(0).check();
  await app.cost.pricedFor(1);
  await page.getByRole("link", { name: "History" }).click();
  const missing = page.getByTestId("missing-part");
  await expect(missing).toContainText("a newer version was installed");

  await page.unroute(gone);
  await missing.getByRole("button", { name: "Reload the page" }).click();
  await expect(page.getByTestId("batch-history")).toBeVisible();
  await page.getByRole("link", { name: "New batch" }).click();
  await expect(app.leads.count, "nothing was lost").toContainText("1 lead chosen");
});

test("somebody at the sign-in form is sent no part that is not needed yet", async ({ app, page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (LATER.test(request.url())) fetched.push(request.url());
  });
  await app.open();
  await expect(app.signInForm.form).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(fetched).toEqual([]);
});
