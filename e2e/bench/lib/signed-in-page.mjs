// A fresh browser with an empty cache, signed in, on the page that the backend serves.
import { chromium } from "@playwright/test";
import { operator } from "../../fixtures/backend-process.mjs";
import { chromiumArguments, chromiumPath } from "../../fixtures/chromium.mjs";

/** Signs in over the API; answers what the page keeps in its storage. */
export async function signIn(backend) {
  const response = await fetch(`${backend.origin}/api/v1/accounts/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(operator),
  });
  if (!response.ok) throw new Error(`signing in answered ${response.status}`);
  const { access_token, refresh_token } = await response.json();
  return { authToken: access_token, refreshToken: refresh_token };
}

/** Runs `use` with a page that has not been opened yet, then closes the browser. */
export async function withFreshPage(tokens, use) {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript((stored) => {
      for (const [name, value] of Object.entries(stored)) localStorage.setItem(name, value);
    }, tokens);
    return await use(page);
  } finally {
    await browser.close();
  }
}

/** A mid-range phone on a slow mobile network, as Lighthouse imitates it. */
export async function throttle(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1000 * 1000) / 8,
    uploadThroughput: (750 * 1000) / 8,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}
