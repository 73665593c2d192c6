import { expect, test } from "../pages/batch-runner";

test("Ctrl+click and the middle button open a view and a batch in another tab", async ({
  app,
  page,
  context,
}) => {
  await app.openSignedIn("?view=history");
  const { history } = app;
  await history.settled();
  const opened = async (act: () => Promise<void>) => {
    const [other] = await Promise.all([context.waitForEvent("page"), act()]);
    return other;
  };
  const running = page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Running" });
  const view = await opened(() => running.click({ modifiers: ["ControlOrMeta"] }));
  await expect(view.getByRole("heading", { level: 1, name: "Running batches" })).toBeVisible();
  const name = history.rows.first().locator(".cell-batch").getByRole("link");
  const batch = await opened(() => name.click({ button: "middle" }));
  await expect(batch.getByRole("heading", { level: 1 })).toHaveText((await name.textContent()) ?? "");
  await expect(history.section, "this tab stays").toBeVisible();
});

test("Back returns to the row that was opened, a batch begins at its top", async ({ app, page }) => {
  await page.setViewportSize({ width: 1000, height: 500 });
  await app.openSignedIn("?view=history");
  const { history, details } = app;
  await history.settled();
  const top = () => page.evaluate(() => Math.round(scrollY));
  const row = history.rows.nth(20);
  await row.scrollIntoViewIfNeeded();
  await expect.poll(top).toBeGreaterThan(200);
  const before = await top();
  await row.locator(".cell-batch").getByRole("link").click();
  await expect(details.results).toBeVisible();
  await expect(details.heading).toBeFocused();
  await expect.poll(top).toBeLessThan(100);
  await page.goBack();
  await expect(history.rows.first()).toBeVisible();
  await expect.poll(top).toBe(before);
  await expect(page.getByRole("heading", { level: 1, name: "Past batches" })).toBeFocused();
  expect(await top(), "the heading does not take the page along").toBe(before);
  await page.goForward();
  await expect(details.heading).toBeFocused();
});

test("the way to the content takes the focus there", async ({ app, page }) => {
  await app.openSignedIn();
  await app.leads.settled();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "New batch" })).toBeFocused();
  await app.view("History");
  await expect(page).toHaveURL(/\?view=history$/);
});
