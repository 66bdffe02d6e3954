// Groups, in a workspace where access comes from them: the first one, who is in it, until when, deleting.
import type { Browser, Page } from '@playwright/test';

import {
  Matrix,
  actionOf,
  affected,
  can,
  dayFromNow,
  inviteToGroups,
  isStillTheSame,
  mark,
  press,
  told,
} from './support/matrix';
import { type Person, type Site, person } from './support/site';
import { InviteDialog, acceptAsNew, dialog, navigation, row, visit } from './support/story';
import { expect, newPage, test, useSite } from './support/test';
import { Watch } from './support/console';
import { words } from './support/words';

const TEMPLATE = 'ACL groups';
const OPERATOR = [
  'manage data',
  'manage projects',
  'manage reports',
  'view data',
  'view projects',
  'view reports',
];

function groups(site: Site): string {
  return `/w/${site.slug}/members/groups`;
}

/** Makes one of the groups that the template offers. */
async function createStarter(page: Page, name: string): Promise<void> {
  await press(page.getByRole('button', { name: `Create ${name}`, exact: true }));
  await told(page, words.groups.created(name));
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
}

/** Opens a group from the tab. */
async function openGroup(page: Page, site: Site, name: string): Promise<Matrix> {
  await visit(page, groups(site));
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return new Matrix(page, words.groups.grid);
}

/** Goes to one's own access page. */
async function ownAccess(page: Page, site: Site): Promise<void> {
  await visit(page, `/w/${site.slug}`);
  await navigation(page).getByRole('link', { name: words.access.yours }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.access.yours })).toBeVisible();
}

test('the first group is one click, and without one nobody can be invited', async ({ browser, open, start }) => {
  const site = await start({ template: TEMPLATE });
  const owner = await open(site, { as: site.owner });
  await visit(owner, site.membersPath);
  await test.step('the invite dialog says that a group is needed and leads to the groups', async () => {
    const invite = await InviteDialog.open(owner);
    await expect(invite.root).toContainText(words.groups.needed);
    await invite.type(['nobody@example.org']);
    await expect(invite.send).toHaveAttribute('aria-disabled', 'true');
    await expect(invite.send).toHaveAccessibleName(words.groups.chooseFirst);
    await invite.root.getByRole('link', { name: words.groups.createFirst }).click();
    await expect(invite.root).toBeHidden();
    await expect(owner).toHaveURL(groups(site));
    await expect(owner.getByRole('heading', { name: words.groups.none })).toBeVisible();
    await expect(owner.getByRole('main')).toContainText('an invitation needs one');
  });

  await createStarter(owner, 'Operator');
  await expect(owner.getByRole('heading', { name: words.groups.none })).toHaveCount(0);
  await expect(owner.getByRole('button', { name: 'Create Operator' })).toHaveCount(0);
  await expect(owner.getByRole('button', { name: 'Create View-Only' })).toBeVisible();

  const olga = person('Olga Perez');
  await test.step('now inviting works, once a group is chosen', async () => {
    const invite = await InviteDialog.open(owner);
    await expect(invite.root.getByRole('group', { name: 'Groups' })).toBeVisible();
    for (const kept of await invite.root.getByRole('button', { name: /nobody@example\.org/ }).all()) await kept.click();
    await invite.type([olga.email]);
    await expect(invite.send).toHaveAccessibleName(words.groups.chooseFirst);
    await invite.root.getByRole('checkbox', { name: /^Operator\b/ }).check();
    await press(invite.send);
    await expect(invite.verdict(olga.email)).toContainText(words.invite.sent);
    await invite.close();
    await expect(owner.getByRole('row').filter({ hasText: 'Operator' })).toContainText('1 invitation');
  });

  const [mail] = await site.mail.waitFor(olga.email);
  expect(mail?.text).toContain('Operator');
  await site.join(browser, olga);
  await expect(owner.getByRole('row').filter({ hasText: 'Operator' })).toContainText('1 person');
  const guest = await open(site, { as: olga });
  await ownAccess(guest, site);
  await expect.poll(() => can(guest)).toEqual(OPERATOR);
  await expect(guest.getByRole('button', { name: 'Can manage data because of the group Operator.' })).toBeVisible();
  await expect(guest.getByRole('button', { name: /^Cannot delete data\./ })).toBeVisible();
  await expect(guest.getByRole('main')).toContainText('Member');
  await expect(navigation(guest).getByRole('link', { name: /^(Members|Roles)$/ })).toHaveCount(0);
  await expect(navigation(guest).getByRole('link', { name: 'Projects' })).toBeVisible();
});

test.describe('with groups', () => {
  /** Somebody who joined by an invitation to a group. */
  async function joined(browser: Browser, site: Site, name: string, group: string): Promise<Person> {
    const who = person(name);
    const watch = new Watch();
    watch.expects(/^answer 403 (GET \/w\/|POST \/api\/)/);
    const owner = await newPage(browser, site, { as: site.owner }, watch);
    await visit(owner, site.invitationsPath);
    await inviteToGroups(owner, who.email, [group]);
    await owner.context().close();
    const guest = await newPage(browser, site, {}, watch);
    await acceptAsNew(guest, await site.mail.link(who.email), who);
    await guest.context().close();
    watch.check();
    return who;
  }

  const site = useSite({ template: TEMPLATE }, async (made, browser) => {
    const watch = new Watch();
    const owner = await newPage(browser, made, { as: made.owner }, watch);
    await visit(owner, groups(made));
    for (const name of ['Operator', 'View-Only']) await createStarter(owner, name);
    await owner.context().close();
    watch.check();
  });

  /** A group of one test alone. */
  async function createGroup(page: Page, name: string, cells: Parameters<Matrix['cell']>[0][]): Promise<string> {
    await visit(page, groups(site()));
    await page.getByRole('link', { name: 'Create group', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    const matrix = new Matrix(page, words.groups.grid);
    for (const cell of cells) await matrix.cell(cell).check();
    await press(page.getByRole('button', { name: 'Create group', exact: true }));
    await told(page, words.groups.created(name));
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await page.waitForURL(/\/groups\/(?!new)[^/?]+$/);
    return new URL(page.url()).pathname;
  }

  test('changing a group changes the menus of its people without reload', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    await createGroup(owner, 'Support', [['Reports', 'Manage']]);
    const vera = await joined(browser, site(), 'Vera Novak', 'Support');
    const guest = await open(site(), { as: vera });
    await ownAccess(guest, site());
    await mark(guest);
    expect(await can(guest)).toEqual(['manage reports', 'view reports']);
    const menu = navigation(guest);
    await expect(menu.getByRole('link', { name: /^(Members|Roles|Projects)$/ })).toHaveCount(0);

    const matrix = await openGroup(owner, site(), 'Support');
    await matrix.holds(['Reports', 'View'], ['Reports', 'Manage']);
    await matrix.cell(['Members Management', 'View']).check();
    await matrix.cell(['Projects', 'View']).check();
    await matrix.cell(['Reports', 'Manage']).uncheck();
    await press(owner.getByRole('button', { name: words.access.preview, exact: true }));
    const preview = dialog(owner, new RegExp(words.groups.previewDialog));
    await expect(affected(preview, vera.email)).toContainText('Gains Projects: view, Members Management: view');
    await expect(affected(preview, vera.email)).toContainText('Loses Reports: manage');
    await press(preview.getByRole('button', { name: words.groups.save, exact: true }));
    await told(owner, words.groups.saved('Support'));
    await expect(menu.getByRole('link', { name: /^(Members|Roles|Projects)$/ })).toHaveCount(3);
    await expect.poll(() => can(guest)).toEqual(['view members management', 'view projects', 'view reports']);

    await matrix.cell(['Members Management', 'View']).uncheck();
    await press(owner.getByRole('button', { name: words.groups.save, exact: true }));
    await told(owner, words.groups.saved('Support'));
    await expect(menu.getByRole('link', { name: /^(Members|Roles)$/ })).toHaveCount(0);
    await expect(menu.getByRole('link', { name: 'Projects' })).toBeVisible();
    await isStillTheSame(guest);
  });

  test('people are added until a day and removed, and have what it gives just that long', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    const path = await createGroup(owner, 'Guests of the month', [['Billing', 'View']]);
    const max = await joined(browser, site(), 'Max Weber', 'View-Only');
    const guest = await open(site(), { as: max });
    await ownAccess(guest, site());
    await mark(guest);
    const only = ['view data', 'view projects', 'view reports'];
    expect(await can(guest)).toEqual(only);

    await visit(owner, path);
    await expect(owner.getByText('Nobody is in this group yet')).toBeVisible();
    await test.step('added until a day', async () => {
      await owner.getByRole('button', { name: words.groups.addPeople }).click();
      const add = dialog(owner, /^Add people to Guests of the month/);
      await add.getByRole('searchbox').fill('weber');
      const found = add.getByRole('group', { name: words.groups.found });
      await expect(found.getByRole('checkbox')).toHaveCount(1);
      await found.getByRole('checkbox', { name: new RegExp(max.name) }).check();
      await add.getByLabel(words.groups.ends).fill('2020-01-31');
      await expect(add.getByRole('alert')).toContainText('This day is over');
      await expect(add.getByRole('button', { name: words.access.preview })).toHaveAttribute('aria-disabled', 'true');
      await add.getByLabel(words.groups.ends).fill(dayFromNow(5));
      await press(add.getByRole('button', { name: words.access.preview, exact: true }));
      await expect(affected(add, max.email)).toContainText('Gains Billing: view');
      await press(add.getByRole('button', { name: 'Add 1 person', exact: true }));
      await told(owner, '1 person is in the group now.');
      await expect(row(owner, max.email)).toContainText(/Ends in [56] days/);
      await expect.poll(() => can(guest)).toEqual(['view billing', ...only]);
      await expect(guest.getByRole('button', { name: /^Can view billing because of the group Guests of the month \(until / })).toBeVisible();
    });

    await test.step('the end is taken away', async () => {
      await (await actionOf(owner, max.name, words.groups.changeEnd)).click();
      const end = dialog(owner, words.groups.endDialog);
      await expect(end.getByLabel(words.groups.ends)).toHaveValue(dayFromNow(5));
      await end.getByLabel(words.groups.ends).fill('');
      await press(end.getByRole('button', { name: words.groups.saveEnd, exact: true }));
      await told(owner, `${max.name} is in this group without an end.`);
      await expect(row(owner, max.email)).toContainText('No end');
      await expect(guest.getByRole('button', { name: 'Can view billing because of the group Guests of the month.' })).toBeVisible();
    });

    await test.step('removed', async () => {
      await (await actionOf(owner, max.name, words.groups.remove)).click();
      const remove = dialog(owner, /^Remove Max Weber from Guests of the month/);
      await remove.getByRole('button', { name: `Remove ${max.name}`, exact: true }).click();
      await told(owner, `${max.name} is not in this group any more.`);
      await expect(row(owner, max.email)).toHaveCount(0);
      await expect(owner.getByText('Nobody is in this group yet')).toBeVisible();
      await expect.poll(() => can(guest)).toEqual(only);
    });
    await isStillTheSame(guest);
  });

  test('deleting a group says first who loses what', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    const path = await createGroup(owner, 'Pilot', [['Data', 'Manage']]);
    const pia = await joined(browser, site(), 'Pia Costa', 'Pilot');
    const waiting = person('Wim Bakker');
    await visit(owner, site().invitationsPath);
    await inviteToGroups(owner, waiting.email, ['Pilot', 'View-Only']);
    const guest = await open(site(), { as: pia });
    await ownAccess(guest, site());
    await mark(guest);

    await visit(owner, path);
    await owner.getByRole('button', { name: 'Delete', exact: true }).click();
    const ask = dialog(owner, /^Delete the group Pilot/);
    await expect(ask).toContainText('1 person affected: 1 person loses.');
    await expect(ask).toContainText('1 invitation that waits names it and loses it too.');
    await expect(affected(ask, pia.email)).toContainText(pia.name);
    await expect(affected(ask, pia.email)).toContainText('Loses Data: view, Data: manage');
    await ask.getByRole('button', { name: 'Keep it' }).click();
    await expect(ask).toBeHidden();
    expect(await can(guest)).toEqual(['manage data', 'view data']);

    await owner.getByRole('button', { name: 'Delete', exact: true }).click();
    await press(ask.getByRole('button', { name: 'Delete Pilot', exact: true }));
    await told(owner, words.groups.deleted('Pilot'));
    await expect(owner).toHaveURL(groups(site()));
    await expect(owner.getByRole('link', { name: 'Pilot', exact: true })).toHaveCount(0);
    await expect.poll(() => can(guest)).toEqual([]);
    await isStillTheSame(guest);
    await owner.goto(site().invitationsPath);
    await expect(row(owner, waiting.email)).toContainText('View-Only');
    await expect(row(owner, waiting.email)).not.toContainText('Pilot');
  });
});
