import { expect, test } from "../pages/batch-runner";

test("a view is saved, shown, renamed, made the default and deleted", async ({ app, page }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await leads.statusFilter.selectOption("completed");
  await leads.sortBy("E-mail");
  await leads.settled();
  await page.getByTestId("views").click();
  const dialog = page.getByRole("dialog", { name: "Views and columns" });
  await dialog.getByTestId("view-name").fill("Ready ones");
  await dialog.getByTestId("view-save").click();
  await expect(dialog.getByTestId("saved-view")).toHaveCount(1);
  await dialog.getByRole("textbox", { name: "Name of the view Ready ones" }).fill("Enriched");
  await dialog.getByRole("textbox", { name: "Name of the view Ready ones" }).press("Tab");
  await dialog.getByRole("button", { name: "Default view: Enriched" }).click();
  await dialog.getByRole("button", { name: "Done", exact: true }).click();

  await page.getByRole("button", { name: "Remove the filter Enriched" }).click();
  await expect(leads.statusFilter).toHaveValue("");
  await page.getByRole("button", { name: "Show the view Enriched" }).click();
  await expect(leads.statusFilter).toHaveValue("completed");
  await expect(page).toHaveURL(/enrichment=completed&sort=email/);

  await app.open();
  await leads.settled();
  await expect(leads.statusFilter, "the default is shown where the address names nothing").toHaveValue(
    "completed",
  );
  await app.open("?enrichment=failed");
  await expect(leads.statusFilter, "the address goes before the default").toHaveValue("failed");
  await page.getByTestId("views").click();
  await dialog.getByRole("button", { name: "Delete the view Enriched" }).click();
  await expect(dialog.getByTestId("saved-view")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Done", exact: true }).click();
  await app.open();
  await leads.settled();
  await expect(leads.statusFilter).toHaveValue("");
});

test("columns are hidden, moved and kept, and rows can be low", async ({ app, page }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  const headings = async () =>
    (await leads.table.getByRole("columnheader").allInnerTexts()).map((text) => text.replace(/[▲▼\s]/g, ""));
  const before = await leads.rows.first().boundingBox();
  await page.getByTestId("views").click();
  const list = page.getByTestId("column-list");
  await expect(list.getByRole("checkbox", { name: "Company" })).toBeDisabled();
  await list.getByRole("checkbox", { name: "Source" }).uncheck();
  await list.getByRole("button", { name: "Move E-mail towards the beginning" }).click();
  await list.getByRole("button", { name: "Move E-mail towards the beginning" }).click();
  await page.getByTestId("dense-rows").check();
  await page.getByRole("button", { name: "Done", exact: true }).click();
  await expect
    .poll(headings)
    .toEqual(["Selectthispage", "E-mail", "Company", "Contact", "Enrichment", "Added"]);
  const after = await leads.rows.first().boundingBox();
  expect(after?.height ?? 0).toBeLessThan(before?.height ?? 0);
  await page.reload();
  await leads.settled();
  expect(await headings()).toEqual(["Selectthispage", "E-mail", "Company", "Contact", "Enrichment", "Added"]);
});

test("what was reported already, or is running, is left out where many are chosen", async ({
  app,
  backend,
  page,
}) => {
  await app.openSignedIn();
  const { leads } = app;
  await backend.speed(0.1);
  const id = await app.startBatch(3);
  const running = (await app.stored(id)).lead_ids;
  await app.view("New batch");
  await leads.settled();
  await page.getByTestId("leave-out-running").check();
  for (const lead of running) await expect(leads.row(lead)).toContainText("In a running batch");
  await leads.pageCheckbox.check();
  await expect(leads.count).toHaveText("47 leads chosen");
  await expect(leads.pageCheckbox).toBeChecked();
  await leads.clearButton.click();
  await page.getByTestId("leave-out-running").uncheck();
  await page.getByTestId("leave-out-reported").check();
  for (const lead of running) await expect(leads.row(lead)).toContainText("Reported already");
  await leads.allMatching.click();
  await expect(leads.count).toHaveText("197 leads chosen");
  await expect(leads.origin).toHaveText("197 from all leads, 3 taken out");
  await app.cost.template.selectOption("simple");
  await expect(leads.row(running[0] ?? "")).not.toContainText("Reported already");
});
