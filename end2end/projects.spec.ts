// Projects: making, resources, replacing what one person may do there, own projects, deleting, searching.
import type { Locator, Page } from '@playwright/test';

import { call, createProject, done, memberId, override } from './support/api';
import { sql, hoursAgo, stored } from './support/database';
import { actionOf, dayFromNow, isStillTheSame, mark, press, told } from './support/matrix';
import type { Site } from './support/site';
import { dialog, openUntil, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const resource = (name: string, service = 'databases') => ({
  service,
  name,
  external_id: '',
  attributes: [],
});

function path(site: Site, project?: string, tab = ''): string {
  return `/w/${site.slug}/projects${project === undefined ? '' : `/${project}`}${tab}`;
}

async function openOverride(page: Page, name: string, item: string): Promise<Locator> {
  const shown = dialog(page, words.projects.overrideDialog);
  // News draw the rows anew, which closes a menu that is open just then.
  await expect(async () => {
    if (!(await shown.isVisible())) await (await actionOf(page, name, item)).click({ timeout: 1_000 });
    await expect(shown).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  return shown;
}

test.describe('in a cloud account', () => {
  const site = useSite();

  test('a project is made, and a resource in it', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, path(site()));
    const form = dialog(page, /^create a project$/i);
    await openUntil(page.getByRole('button', { name: words.projects.create }).first(), form);
    await form.getByLabel(words.projects.name, { exact: true }).fill('Aurora');
    await press(form.getByRole('button', { name: words.projects.create }));
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
    await expect(page.getByRole('heading', { level: 1, name: 'Aurora' })).toBeVisible();
    const adding = dialog(page, /^add a resource$/i);
    await openUntil(page.getByRole('button', { name: words.projects.addResource }).first(), adding);
    await adding.getByLabel('Service').selectOption({ label: 'Databases' });
    await adding.getByLabel('Name', { exact: true }).fill('customers');
    await adding.getByLabel(/^external id/i).fill('db-0192');
    await press(adding.getByRole('button', { name: words.projects.addResource }));
    await expect(adding).toBeHidden();
    await expect(row(page, 'customers')).toContainText('db-0192');
    await expect(row(page, 'customers')).toContainText('Databases');
  });

  test('an override takes effect at once, in this project alone, and goes at once', async ({ browser, open }) => {
    const olga = await site().member(browser, 'Olga Rask', 'Operator');
    const owner = await open(site(), { as: site().owner });
    const lowered = await createProject(owner, site(), 'Lowered');
    const other = await createProject(owner, site(), 'Untouched');
    const guest = await open(site(), { as: olga });
    await visit(guest, path(site(), lowered));
    const add = guest.getByRole('button', { name: words.projects.addResource }).first();
    await expect(add).not.toHaveAttribute('aria-disabled', 'true');
    await mark(guest);

    await visit(owner, path(site(), lowered, '/members'));
    const form = await openOverride(owner, olga.name, words.projects.override);
    await form.getByRole('button', { name: 'View only' }).click();
    await press(form.getByRole('button', { name: words.access.preview, exact: true }));
    await expect(form.getByRole('listitem').filter({ hasText: olga.email })).toContainText('Databases: manage');
    await press(form.getByRole('button', { name: words.projects.save }));
    await told(owner, `What ${olga.name} may do in this project is replaced.`);
    await expect(row(owner, olga.email)).toContainText('view only (override by Ana Ruiz');

    await test.step('refused there, by the page and by the server', async () => {
      await expect(add).toHaveAttribute('aria-disabled', 'true');
      await expect(add).toHaveAttribute('title', /you need Manage of its service in this project, such as \S+:manage/);
      await isStillTheSame(guest);
      const refused = await call<{ message: string }>(guest, site(), 'create_resource', {
        project: lowered,
        draft: resource('sneaked'),
      });
      expect(refused.status).toBe(403);
      expect(JSON.stringify(refused.body)).toContain('databases:manage');
      await done(guest, site(), 'create_resource', { project: other, draft: resource('fine') });
    });

    const removal = await openOverride(owner, olga.name, words.projects.removeOverride);
    await press(removal.getByRole('button', { name: words.projects.removeOverride }));
    await told(owner, `${olga.name} has the same here as elsewhere again.`);
    await expect(add).not.toHaveAttribute('aria-disabled', 'true');
    await isStillTheSame(guest);
    await done(guest, site(), 'create_resource', { project: lowered, draft: resource('back') });
    await expect(row(guest, 'back')).toBeVisible();
  });

  test('an override that says the same, gives more or has ended is marked', async ({ browser, open }) => {
    const same = await site().member(browser, 'Sam Same', 'Viewer');
    const wide = await site().member(browser, 'Wes Wide', 'Viewer');
    const ended = await site().member(browser, 'Ed Ended', 'Viewer');
    const owner = await open(site(), { as: site().owner });
    const project = await createProject(owner, site(), 'Marks');
    const id = await memberId(owner, site(), same.email);
    const { base } = await done<{ base: string[] }>(owner, site(), 'load_override', { project, member: id });
    await override(owner, site(), project, id, base);
    await override(owner, site(), project, await memberId(owner, site(), wide.email), [...base, 'databases:manage']);
    await override(owner, site(), project, await memberId(owner, site(), ended.email), ['projects:view']);
    await sql(
      site().server,
      'UPDATE overrides SET expires_at = ? WHERE member_id IN (SELECT m.id FROM members m JOIN users u ON u.id = m.user_id WHERE u.email_norm = ?)',
      [stored(hoursAgo(1)), ended.email],
    );
    await visit(owner, path(site(), project, '/members'));
    await expect(row(owner, same.email)).toContainText('Redundant');
    await expect(row(owner, same.email)).not.toContainText('Wider');
    await expect(row(owner, wide.email)).toContainText('Wider');
    await expect(row(owner, ended.email)).toContainText('Ended');
    await expect(row(owner, ended.email)).toContainText('changes nothing any more');
    const guest = await open(site(), { as: ended });
    const seen = await call(guest, site(), 'list_resources', { project, query: { search: '', service: null, cursor: null } });
    expect(seen.status).toBe(200);
    await owner.getByRole('link', { name: words.projects.onlyOverrides }).click();
    await expect(owner).toHaveURL(/[?&]overridden=/);
    await expect(owner.getByRole('row')).toHaveCount(4);
    await owner.reload();
    await expect(owner.getByRole('row')).toHaveCount(4);
    await owner.goBack();
    await expect(row(owner, site().owner.email)).toBeVisible();
  });

  test('an override with an end is saved with it', async ({ browser, open }) => {
    const ella = await site().member(browser, 'Ella Till', 'Operator');
    const owner = await open(site(), { as: site().owner });
    const project = await createProject(owner, site(), 'Short');
    await visit(owner, path(site(), project, '/members'));
    const form = await openOverride(owner, ella.name, words.projects.override);
    await form.getByRole('button', { name: 'No access' }).click();
    await form.getByLabel(/^ends/i).fill(dayFromNow(7));
    await press(form.getByRole('button', { name: words.access.preview, exact: true }));
    await press(form.getByRole('button', { name: words.projects.save }));
    await expect(row(owner, ella.email)).toContainText(/no access \(override by Ana Ruiz, .*, ends /);
  });

  test('a project with resources is not deleted, and says how many it holds', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    const project = await createProject(page, site(), 'Full');
    for (const name of ['one', 'two']) {
      await done(page, site(), 'create_resource', { project, draft: resource(name) });
    }
    await visit(page, path(site(), project));
    const question = dialog(page, words.projects.removeDialog);
    await openUntil(page.locator('.rc-head').getByRole('button', { name: words.projects.remove }), question);
    await expect(question).toContainText('It still holds 2 resources.');
    await expect(question.getByRole('button', { name: 'Delete Full' })).toHaveAttribute('aria-disabled', 'true');
    const page2 = await done<{ version: number }>(page, site(), 'load_project', { project });
    const refused = await call(page, site(), 'delete_project', { project, version: page2.version });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(refused.body)).toContain('2 resources');
    await question.getByRole('button', { name: words.projects.keep }).click();
    await expect(row(page, 'one')).toBeVisible();
  });

  test('search and filters are in the address', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    const project = await createProject(page, site(), 'Searchable');
    await createProject(page, site(), 'Something else');
    await done(page, site(), 'create_resource', { project, draft: resource('orders') });
    await done(page, site(), 'create_resource', { project, draft: resource('web', 'instances') });
    await visit(page, path(site()));
    await page.getByRole('searchbox').fill('SEARCHA');
    await expect(page).toHaveURL(/[?&]search=SEARCHA/);
    await expect(row(page, 'Something else')).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('searchbox')).toHaveValue('SEARCHA');
    await page.getByRole('link', { name: 'Searchable' }).click();
    await expect(row(page, 'orders')).toBeVisible();
    await page.getByRole('combobox', { name: 'Service' }).selectOption({ label: 'Instances' });
    await expect(page).toHaveURL(/[?&]service=instances/);
    await expect(row(page, 'orders')).toHaveCount(0);
    await expect(row(page, 'web')).toBeVisible();
    await page.goBack();
    await expect(row(page, 'orders')).toBeVisible();
    await page.getByRole('searchbox').fill('zzz');
    await expect(page.getByRole('heading', { name: words.projects.none })).toBeVisible();
  });
});

test('a portal user sees only the projects that they created', async ({ browser, open, start, watch }) => {
  watch.expects(/^answer 40[34] (GET \/w\/|POST \/api\/)/);
  const site = await start({ template: 'Portal' });
  const pia = await site.member(browser, 'Pia Builder', 'Portal User');
  const owner = await open(site, { as: site.owner });
  const theirs = await createProject(owner, site, 'Admin things');
  const guest = await open(site, { as: pia });
  await visit(guest, path(site));
  await expect(guest.getByRole('heading', { name: words.projects.noneYet })).toBeVisible();
  const own = await createProject(guest, site, 'Pier');
  await visit(guest, path(site));
  await expect(row(guest, 'Pier')).toContainText('Yours');
  await expect(row(guest, 'Admin things')).toHaveCount(0);
  expect((await call(guest, site, 'load_project', { project: theirs })).status).toBe(404);
  expect((await call(guest, site, 'load_project', { project: own })).status).toBe(200);
  const answer = await guest.goto(path(site, theirs));
  expect(answer?.status()).toBe(404);
});
