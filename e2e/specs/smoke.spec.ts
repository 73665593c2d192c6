import { expect, test } from "../fixtures/app";

test("the built page is served and starts", async ({ page, backend }) => {
  const response = await page.goto(backend.pageURL);
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/Batch Runner/);
  // The words of the waiting page give way to the app's own.
  await expect(page.locator("#loading")).toHaveCount(0);
});
