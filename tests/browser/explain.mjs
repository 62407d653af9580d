// The HTML page of `zgrad explain` in a real browser: node explain.mjs CHROMIUM PAGE.html SCREENSHOT.png
// The page must be that of f(x, y) = x*y + sin(x) at (2, 3). Needs playwright-core beside it or in NODE_PATH.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import assert from "node:assert/strict";

const require = createRequire(join(process.cwd(), "here.js"));
const { chromium } = require("playwright-core");
const [executablePath, page_file, screenshot] = process.argv.slice(2);

const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) wrong.push(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(page_file).href);

  const text = (selector) => page.locator(selector).textContent();
  const count = async () => (await text("#count")).split(" of ").map(Number);
  const [first, last] = await count();
  assert.equal(first, 1);
  // Three steps, the seed, and five contributions: two, one, and two.
  assert.equal(last, 9);
  assert.equal(await page.locator("g.node").count(), 5);
  assert.ok(await page.locator("#back").isDisabled());
  assert.match(await text("#formula"), /^v1 = x\*y .*= 6 .*B1\(d\)/);

  // Step, drawing and formula belong together.
  const together = async (name) => {
    const row = await page.locator("tr.on td").first().textContent();
    const node = await page.locator("g.node.on text").first().textContent();
    assert.ok(row.startsWith(name) && node.startsWith(name), `${row} beside ${node}`);
    assert.ok((await text("#formula")).startsWith(name));
  };
  await together("v1");
  await page.locator("#next").click();
  await together("v2");
  await page.keyboard.press("ArrowRight");
  await together("v3");
  await page.keyboard.press("ArrowLeft");
  await together("v2");
  await page.locator("#back").click();
  await together("v1");

  // Through the seed to the contribution of sin(x).
  for (let k = 0; k < 6; k++) await page.keyboard.press("ArrowRight");
  assert.match(await text("#formula"), /^B2\(1\) +x_bar \+= 1\*\(-0.4161468365471424\)/);
  assert.equal(await page.locator("g.target text").first().textContent(), "x");
  assert.equal(await page.locator("g.target .adjoint").textContent(), "x_bar = -0.4161468365471424");
  assert.equal(await page.locator(".edge.on").count(), 1);
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("g.target .adjoint").textContent(), "x_bar = 2.5838531634528574");
  if (screenshot) await page.screenshot({ path: screenshot });
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("g.target .adjoint").textContent(), "y_bar = 2");
  assert.ok(await page.locator("#next").isDisabled());
  await page.keyboard.press("ArrowRight");
  assert.equal((await count())[0], last);

  assert.deepEqual(wrong, []);
  console.log("the page steps through the sweep, forwards and back, without a network");
} finally {
  await browser.close();
}
