import { readFile } from "node:fs/promises";
import { expect, test } from "../pages/batch-runner";

interface Known {
  id: string;
  email: string;
  domain: string;
}

test.describe("a list", () => {
  test.use({ rows: "all", backendOptions: { leads: 3_000 } });

  test("is looked up line by line, told, exported and added", async ({ app, page, backend }) => {
    await app.openSignedIn();
    await app.leads.settled();
    const known: Known = { id: "", email: "only-one@brought.example", domain: "brought.example" };
    known.id = await backend.addLead({
      email: known.email,
      domain: known.domain,
      company_name: "Brought Ltd",
    });
    await backend.addLead({ email: "twin@twins.example", domain: "twins.example", company_name: "Twin One" });
    await backend.addLead({
      email: "other@twins.example",
      domain: "twins.example",
      company_name: "Twin Two",
    });

    await page.getByTestId("bring-list").click();
    const dialog = page.getByRole("dialog", { name: "Bring a list" });
    await dialog
      .getByTestId("bring-text")
      .fill(
        [
          "company,contact",
          `Brought,${known.email.toUpperCase()}`,
          "Twins,https://www.twins.example/about",
          "Nobody,no-such@nowhere.example",
          `Again,${known.email}`,
          "Odd,not a lead",
        ].join("\n"),
      );
    await expect(dialog.getByTestId("bring-column")).toHaveValue("1");
    await dialog.getByTestId("bring-look-up").click();
    const report = dialog.getByTestId("bring-report");
    for (const words of [
      "Found1",
      "Several leads have it1",
      "Not found1",
      "Repeats an earlier line1",
      "No identifier, e-mail address or domain1",
    ]) {
      await expect(report).toContainText(words);
    }
    const download = page.waitForEvent("download");
    await dialog.getByTestId("bring-export").click();
    const csv = await readFile(await (await download).path(), "utf8");
    expect(csv).toContain(`"${known.email.toUpperCase()}","Found","${known.id}","Brought Ltd"`);
    expect(csv).toContain('"no-such@nowhere.example","Not found","",""');

    await dialog.getByTestId("bring-also").check();
    await dialog.getByTestId("bring-add").click();
    await expect(dialog).toHaveCount(0);
    await expect(app.leads.count).toHaveText("3 leads chosen");
    await expect(app.leads.origin).toHaveText("3 from a list");
    await app.leads.undo.click();
    await expect(app.leads.count).toHaveText("No leads chosen");
  });

  test("of a thousand lines from a file is resolved within the server's limits", async ({
    app,
    page,
    backend,
  }) => {
    await app.openSignedIn();
    await app.leads.settled();
    const token = await page.evaluate(() => localStorage.getItem("authToken"));
    const answer = await fetch(`${backend.baseURL}/api/v1/leads?limit=1000&sort_by=id&sort_order=asc`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const { leads } = (await answer.json()) as { leads: { id: string }[] };
    await page.getByTestId("bring-list").click();
    await page.getByTestId("bring-file").setInputFiles({
      name: "leads.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`id\n${leads.map((lead) => lead.id).join("\n")}\n`),
    });
    await expect(page.getByTestId("bring-text")).toHaveValue(/^id\n/);
    await page.getByTestId("bring-look-up").click();
    await expect(page.getByTestId("bring-report")).toContainText("Found1,000");
    await page.getByTestId("bring-add").click();
    await expect(app.leads.count).toHaveText("1,000 leads chosen");
    const limits = (await backend.requests({ path: "/api/v1/leads" })).map((it) =>
      Number(/limit=(\d+)/.exec(it.query ?? "")?.[1]),
    );
    expect(Math.max(...limits)).toBeLessThanOrEqual(1_000);
  });

  test("that takes long can be stopped, and what was pasted stays", async ({ app, page, backend }) => {
    await app.openSignedIn();
    await app.leads.settled();
    await backend.fault({ path: "/api/v1/leads", times: 0, delay_ms: 600 });
    await page.getByTestId("bring-list").click();
    const lines = Array.from({ length: 40 }, (_, n) => `nobody${n}@nowhere.example`).join("\n");
    await page.getByTestId("bring-text").fill(lines);
    await page.getByTestId("bring-look-up").click();
    await expect(page.getByText(/Looking them up: [\d,]+ of 3,000\./)).toBeVisible();
    await page.getByTestId("bring-stop").click();
    await expect(page.getByTestId("bring-text")).toHaveValue(lines);
  });
});
