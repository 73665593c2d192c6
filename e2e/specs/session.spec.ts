import { colleague, expect, failedRequest, operator, outsider, test } from "../pages/batch-runner";

test("a wrong password is told in words, and what was typed stays", async ({ app, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  await app.open();
  const form = app.signInForm;
  await expect(form.email).toBeFocused();
  await form.enter({ ...operator, password: "not-the-password" });
  await expect(form.form.getByRole("alert")).toHaveText(
    "This e-mail address and password do not belong together. Check both and try again.",
  );
  await expect(form.email).toHaveValue(operator.email);
  await form.enter(operator);
  await app.leads.settled();
});

test("the token that another page of the product left is used", async ({ app, page, backend }) => {
  await app.openSignedIn();
  await app.leads.settled();
  await expect(app.signInForm.form).toHaveCount(0);
  await expect(page.locator(".account-name")).toHaveText("Olive Perator");
  // The fixture signed in over the API; the page itself did not.
  expect(await backend.requests({ path: "/api/v1/accounts/login" })).toHaveLength(1);
});

test("an expired token is renewed without a word, and the interrupted read is repeated", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.choose(3);
  const before = await page.evaluate(() => localStorage.getItem("authToken"));
  await backend.expireTokens();
  await app.leads.originFilter.selectOption("0");
  await expect
    .poll(async () => (await backend.requests({ path: "/api/v1/accounts/refresh" })).length)
    .toBe(1);
  await expect(app.leads.rows.first()).toContainText(/\S/);
  await app.leads.settled();
  await expect(app.signInForm.form).toHaveCount(0);
  await expect(app.leads.count).toContainText("3 leads chosen");
  const answered = (await backend.requests({ path: "/api/v1/leads" })).filter((read) =>
    read.query?.includes("is_manual=false"),
  );
  expect(answered.map((read) => read.status)).toEqual([401, 200]);
  expect(await page.evaluate(() => localStorage.getItem("authToken"))).not.toBe(before);
});

test("where nothing can be renewed the person is asked in place, and nothing is lost", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.choose(3);
  await app.cost.name.fill("Half typed");
  await backend.expireTokens({ refresh: true });
  await app.leads.originFilter.selectOption("0");
  const asked = page.getByRole("dialog", { name: "Sign in again" });
  await expect(asked).toContainText("Nothing is lost");
  await expect(app.leads.count).toHaveText(/3 leads chosen/);
  await app.signInForm.enter(operator);
  await expect(asked).toHaveCount(0);
  await app.leads.settled();
  await expect(app.leads.originFilter).toHaveValue("0");
  await expect(app.leads.count).toContainText("3 leads chosen");
  await expect(app.cost.name).toHaveValue("Half typed");
  await expect
    .poll(async () => {
      const reads = await backend.requests({ path: "/api/v1/leads" });
      return reads.filter((read) => read.query?.includes("is_manual=false")).map((read) => read.status);
    })
    .toEqual([401, 200]);
});

test("a wrong password in the middle keeps the form in front", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.choose(1);
  await backend.expireTokens({ refresh: true });
  await app.leads.originFilter.selectOption("0");
  const asked = page.getByRole("dialog", { name: "Sign in again" });
  await expect(asked).toBeVisible();
  await app.signInForm.enter({ ...operator, password: "no" });
  await expect(asked.getByRole("alert")).toContainText("do not belong together");
  await app.signInForm.enter(operator);
  await expect(asked).toHaveCount(0);
  await expect(app.leads.count).toContainText("1 lead chosen");
});

test("signing out takes the tokens away, and the next person starts afresh", async ({ app, page }) => {
  await app.openSignedIn();
  await app.leads.choose(2);
  await app.signOut.click();
  await expect(app.signInForm.form).toBeVisible();
  expect(
    await page.evaluate(() => [localStorage.getItem("authToken"), localStorage.getItem("refreshToken")]),
  ).toEqual([null, null]);
  await page.reload();
  await expect(app.signInForm.form).toBeVisible();
  await app.signInForm.enter(colleague);
  await app.leads.settled();
  await expect(app.leads.count).toHaveText("No leads chosen");
});

test("a person without an organisation is told so, in the panel that it concerns", async ({
  app,
  page,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn("", outsider);
  const fault = page.locator(".lead-selector").getByRole("alert");
  await expect(fault).toContainText("your account has no access to this");
  await expect(fault).toContainText("Ask an administrator");
  await expect(app.signInForm.form).toHaveCount(0);
  await expect(app.leads.frame).toHaveAttribute("aria-busy", "false");
  // The rest works.
  await app.view("History");
  await app.history.settled();
});
