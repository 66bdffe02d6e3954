// The audit trail: what happened in words, filters in the address, one member's history, taking it out.
import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';

import { call, createProject, done, memberId, memberPath } from './support/api';
import { axe, shots } from './support/console';
import type { Person } from './support/site';
import { choose, navigation, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

interface Entry {
  seq: number;
  action: string;
  hash: string;
  prev_hash: string | null;
}

/** An entry of the page by what it says. */
function entry(page: Page, words: string | RegExp): Locator {
  return page.getByRole('row').filter({ hasText: words }).first();
}

/** Opens the trail through the navigation. */
async function openTrail(page: Page, slug: string): Promise<void> {
  await visit(page, `/w/${slug}`);
  await navigation(page).getByRole('link', { name: words.audit.title }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.audit.title })).toBeVisible();
  await expect(page.getByRole('row').nth(1)).toBeVisible();
}

async function text(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

let ben: Person;
let vic: Person;
const site = useSite({}, async (made, browser) => {
  ben = await made.member(browser, 'Ben Okafor', 'Admin');
  vic = await made.member(browser, 'Vic Ewer', 'Viewer');
});

test('a change is told with who, what, before and after, and filters are in the address', async ({ open, watch }) => {
  watch.expects(/^answer 422 GET \/w\/[^/]+\/audit$/);
  const page = await open(site(), { as: site().owner });
  await createProject(page, site(), 'Storefront');
  const other = await open(site(), { as: ben });
  await createProject(other, site(), 'Warehouse');

  await openTrail(page, site().slug);
  const made = entry(page, 'Warehouse');
  await expect(made).toContainText(words.audit.projectCreated);
  await expect(made).toContainText('Ben Okafor');
  await expect(made.getByRole('link', { name: 'Warehouse', exact: true })).toHaveAttribute('href', /\/projects\/[0-9a-f-]+$/);

  await test.step('by person', async () => {
    await page.getByLabel(words.audit.actor).selectOption({ label: `Ben Okafor <${ben.email}>` });
    await expect(page).toHaveURL(/[?&]actor=[0-9a-f-]+/);
    await expect(entry(page, 'Warehouse')).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'Storefront' })).toHaveCount(0);
  });
  await test.step('and by kind of action; nothing left says so', async () => {
    await page.getByLabel(words.audit.family).selectOption({ label: 'Roles' });
    await expect(page).toHaveURL(/family=role/);
    await expect(page.getByRole('heading', { name: words.audit.none })).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: words.audit.clear }).last().click();
    await expect(page).toHaveURL(/\/audit$/);
    await expect(entry(page, 'Storefront')).toBeVisible();
  });
  await test.step('by days', async () => {
    await page.getByLabel(words.audit.from, { exact: true }).fill('2000-01-01');
    await page.getByLabel(words.audit.to, { exact: true }).fill('2000-01-02');
    await expect(page.getByRole('heading', { name: words.audit.none })).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(/from=2000-01-01$/);
  });
  await test.step('an address with a day that is none says what is wrong', async () => {
    await visit(page, `/w/${site().slug}/audit?from=yesterday`);
    await expect(page.getByRole('main')).toContainText('This is no day.');
  });
});

test('details are there on demand, without script too', async ({ open }) => {
  for (const js of [true, false]) {
    const page = await open(site(), { as: site().owner, js });
    const path = `/w/${site().slug}/audit`;
    await (js ? visit(page, path) : page.goto(path));
    const joined = entry(page, 'Joined the workspace');
    await expect(joined.getByText('member.joined')).toBeHidden();
    await joined.getByText('Details').click();
    await expect(joined.getByText('member.joined')).toBeVisible();
    await expect(joined.getByText(/^01[0-9a-f]{64}$/)).toBeVisible();
    await expect(joined).toContainText('127.0.0.1');
  }
});

test('the history of one member: what happened to them and what they did', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, site().membersPath);
  await choose(page, ben.email, new RegExp(words.audit.history));
  await expect(page).toHaveURL(/\/audit\?target=[0-9a-f-]+$/);
  const sides = page.getByRole('navigation', { name: 'Access history of Ben Okafor' });
  await expect(sides.getByRole('link', { name: 'What happened to Ben Okafor' })).toHaveAttribute('aria-current', 'page');
  await expect(entry(page, 'Joined the workspace')).toBeVisible();
  await sides.getByRole('link', { name: 'What Ben Okafor did' }).click();
  await expect(page).toHaveURL(/\/audit\?actor=/);
  await expect(page.getByRole('cell', { name: /Ben Okafor/ }).first()).toBeVisible();

  await visit(page, await memberPath(page, site(), ben.email));
  await page.getByRole('link', { name: words.audit.history }).click();
  await expect(page).toHaveURL(/\/audit\?target=/);
});

test('what comes meanwhile is counted and shown when somebody asks', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await openTrail(page, site().slug);
  const other = await open(site(), { as: ben });
  await createProject(other, site(), 'Harbour');
  await createProject(other, site(), 'Mill');
  const news = page.getByRole('status').filter({ hasText: /new entr/ });
  await expect(news).toContainText(/\d+ new entries/);
  await expect(page.getByRole('row').filter({ hasText: 'Mill' })).toHaveCount(0);
  await news.getByRole('button', { name: 'Show' }).click();
  await expect(entry(page, 'Mill')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show' })).toBeHidden();
});

test('an export downloads, parses, and is told in the trail', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await done(page, site(), 'create_group', {
    draft: { name: '=HYPERLINK("https://evil.example")', description: '', permissions: [] },
  });
  await openTrail(page, site().slug);
  const json = page.waitForEvent('download');
  await page.getByRole('button', { name: words.audit.exportJson }).click();
  const entries = JSON.parse(await text(await json)) as Entry[];
  expect(entries.length).toBeGreaterThan(5);
  for (const [index, one] of entries.entries()) {
    expect(one.seq).toBe(index + 1);
    expect(one.prev_hash).toBe(entries[index - 1]?.hash ?? null);
  }
  await expect(page.getByRole('status').filter({ hasText: words.audit.exported })).toBeVisible();

  const csv = page.waitForEvent('download');
  await page.getByRole('button', { name: words.audit.exportCsv }).click();
  const download = await csv;
  expect(download.suggestedFilename()).toMatch(/^audit-.*\.csv$/);
  const lines = (await text(download)).trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^seq,time,/);
  expect(lines.join('\n')).toContain('"\'=HYPERLINK(""https://evil.example"")"');
  expect(lines.join('\n')).not.toContain(',"=HYPERLINK');

  await visit(page, `/w/${site().slug}/audit`);
  await expect(entry(page, words.audit.exportedEntry)).toBeVisible();
});

test('without script the export is a form', async ({ open }) => {
  const page = await open(site(), { as: site().owner, js: false });
  await page.goto(`/w/${site().slug}/audit?family=invitation`);
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: words.audit.exportJson }).click();
  const entries = JSON.parse(await text(await file)) as Entry[];
  expect(entries.length).toBeGreaterThan(1);
  expect(entries.every(({ action }) => action.startsWith('invitation.'))).toBe(true);
});

test('who may not see it is refused, and that is told to those who may', async ({ open, watch }) => {
  watch.expects(/^answer 403 (GET \/w\/[^/]+\/audit|POST \/api\/(list_audit|audit_filters))/);
  const page = await open(site(), { as: vic });
  await visit(page, `/w/${site().slug}`);
  await expect(navigation(page).getByRole('link', { name: words.audit.title })).toHaveCount(0);
  await visit(page, `/w/${site().slug}/audit`);
  await expect(page.getByRole('heading', { name: words.frame.notAllowed })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('audit:view');
  const query = { actor: null, target: null, family: null, project: null, from: null, to: null, cursor: null };
  expect((await call(page, site(), 'list_audit', { query })).status).toBe(403);
  const csrf = await page.locator('input[name="csrf"]').first().inputValue();
  const refused = await page.request.post(`/w/${site().slug}/audit/export`, {
    form: { format: 'csv', csrf },
    headers: { origin: site().server.url, 'sec-fetch-site': 'same-origin' },
  });
  expect(refused.status()).toBe(403);

  const owner = await open(site(), { as: site().owner });
  await visit(owner, `/w/${site().slug}/audit?family=access`);
  await expect(entry(owner, 'Vic Ewer')).toContainText(words.audit.refused);
});

test('the row menu of the members leads there for somebody who was asked for by id', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  const id = await memberId(page, site(), vic.email);
  await visit(page, site().membersPath);
  await expect(row(page, vic.email).locator(`a[href$="/audit?target=${id}"]`)).toHaveCount(1);
});

test('on a phone every entry keeps who, what and when', async ({ open }) => {
  const page = await open(site(), { as: site().owner, phone: true });
  await visit(page, `/w/${site().slug}/audit`);
  const joined = entry(page, 'Joined the workspace');
  await expect(joined.getByRole('rowheader')).toBeVisible();
  await expect(joined.locator('time')).toBeVisible();
  await expect(joined.locator('.rc-audit-who')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('axe finds nothing on the trail, its details, a history and an empty one', async ({ open }) => {
  test.setTimeout(180_000);
  const page = await open(site(), { as: site().owner });
  await openTrail(page, site().slug);
  await page.getByText('Details').first().click();
  await axe(page, 'audit');
  await shots(page, 'audit');
  await visit(page, `/w/${site().slug}/audit?target=${await memberId(page, site(), ben.email)}`);
  await axe(page, 'audit-history');
  await visit(page, `/w/${site().slug}/audit?to=2000-01-01`);
  await expect(page.getByRole('heading', { name: words.audit.none })).toBeVisible();
  await axe(page, 'audit-empty');
});
