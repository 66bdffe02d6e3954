// Mail scanners open links before people do; whatever they do short of pressing a button changes nothing.
import { snapshot, storedStatus } from './support/database';
import { person } from './support/site';
import { acceptAsNew, statusOf, visit } from './support/story';
import { expect, test, useSite } from './support/test';

const robots = person('Rosa Botha');
const readers = person('Rick Lesser');

const site = useSite({}, async (made, browser) => {
  await made.invite(browser, [robots.email, readers.email]);
});

test('a scanner that gets the link again and again consumes nothing', async ({ open }) => {
  const link = await site().mail.link(robots.email);
  const path = new URL(link).pathname;
  const before = await snapshot(site().server, robots.email);
  for (let round = 0; round < 5; round += 1) {
    const page = await site().server.raw(path);
    expect(page.status).toBe(200);
    expect(page.body).toContain(site().workspace);
    const head = await site().server.raw(path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.body).toBe('');
    const options = await site().server.raw(path, { method: 'OPTIONS' });
    expect(options.status).toBeLessThan(500);
    // Some scanners add what they like to an address.
    const decorated = await site().server.raw(`${path}?utm_source=mail&safelink=1`);
    expect(decorated.status).toBe(200);
  }
  expect(await snapshot(site().server, robots.email)).toBe(before);

  const page = await open(site());
  await acceptAsNew(page, link, robots);
  await expect(page).toHaveURL(site().overviewPath);
});

test('a scanner that runs a browser and follows every link consumes nothing', async ({ open }) => {
  const link = await site().mail.link(readers.email);
  const before = await snapshot(site().server, readers.email);
  for (let round = 0; round < 5; round += 1) {
    const page = await open(site());
    await page.goto(link, { waitUntil: 'load' });
    await page.mouse.move(640, 400);
    await page.mouse.wheel(0, 2_000);
    for (const field of await page.getByRole('textbox').all()) await field.focus();
    const links = await page.locator('a[href], link[href], img[src], form[action]').evaluateAll((found) =>
      found.map((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? ''),
    );
    for (const target of new Set(links.filter(Boolean).map((href) => new URL(href, link).href))) {
      if (new URL(target).origin === site().server.url) await page.request.get(target, { maxRedirects: 0 });
    }
    // The page has no script of its own, so nothing is left to happen later.
    expect(await page.locator('script').count()).toBe(0);
  }
  expect(await snapshot(site().server, readers.email)).toBe(before);
  expect(await storedStatus(site().server, readers.email)).toBe('pending');

  const admin = await open(site(), { as: site().owner });
  await visit(admin, site().invitationsPath);
  await expect(statusOf(admin, readers.email)).toContainText('Pending');
  const page = await open(site());
  await acceptAsNew(page, link, readers);
  await expect(statusOf(admin, readers.email)).toContainText('Accepted');
});
