// A member's page: what they may do and why, the smallest change, giving access, two editors at once.
import type { Locator, Page } from '@playwright/test';

import { call, createProject, done, memberId, memberPath, override } from './support/api';
import { dayFromNow, press, told } from './support/matrix';
import type { Person } from './support/site';
import { dialog, navigation, openUntil, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

/** The cell that starts with this sentence. */
function cell(page: Page, sentence: string): Locator {
  return page.getByRole('grid').getByRole('button', { name: sentence });
}

function why(page: Page): Locator {
  return page.getByRole('dialog', { name: words.why.popover });
}

async function ask(page: Page, sentence: string): Promise<Locator> {
  await openUntil(cell(page, sentence), why(page));
  return why(page);
}

async function edit(page: Page): Promise<Locator> {
  const shown = dialog(page, words.access.editDialog);
  await openUntil(page.getByRole('button', { name: words.access.edit }), shown);
  return shown;
}

test.describe('a member’s page', () => {
  let opa: Person;
  let vic: Person;
  const site = useSite({}, async (made, browser) => {
    opa = await made.member(browser, 'Opa Rator', 'Operator');
    vic = await made.member(browser, 'Vic Ewer', 'Viewer');
  });

  /** A group that everybody can be in, made anew. */
  async function group(page: Page, name: string, permissions: string[]): Promise<string> {
    return done<string>(page, site(), 'create_group', { draft: { name, description: '', permissions } });
  }

  test('every cell is a button that says where it comes from or what would give it', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, await memberPath(page, site(), opa.email));
    const grid = page.getByRole('grid', { name: words.why.grid });
    const cells = grid.locator('td:not(:empty)');
    const buttons = grid.getByRole('button', { name: /^(Can|Cannot) [a-z]/ });
    await expect(buttons).toHaveCount(await cells.count());
    expect(await cells.count()).toBeGreaterThan(40);

    const held = await ask(page, 'Can manage databases');
    await expect(held).toContainText('Can manage databases because of the role Operator.');
    await expect(held.getByRole('link', { name: 'Operator' })).toHaveAttribute('href', /\/roles\/[0-9a-f-]+$/);
    await expect(held.getByRole('link', { name: 'Open the role' })).toBeVisible();
    await page.keyboard.press('Escape');

    const lacked = await ask(page, 'Cannot delete databases');
    await expect(lacked).toContainText('The role Operator does not include it.');
    await expect(lacked).toContainText('To allow it: ');
    await lacked.getByRole('button', { name: 'Give it directly' }).click();
    await expect(why(page)).toBeHidden();
    const change = dialog(page, words.access.editDialog);
    await expect(change.getByRole('checkbox', { name: 'Databases: Delete' })).toBeChecked();
    await expect(change.getByRole('checkbox', { name: 'Databases: View' })).toBeChecked();
    await expect(change.getByRole('checkbox', { name: 'Instances: Delete' })).not.toBeChecked();
  });

  test('arrows move, Enter opens, Escape closes and gives the focus back', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, await memberPath(page, site(), opa.email));
    const start = cell(page, 'Can view instances');
    await openUntil(start, why(page));
    await page.keyboard.press('Escape');
    await expect(why(page)).toBeHidden();
    await expect(start).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(cell(page, 'Can manage instances')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    const lacked = cell(page, 'Cannot delete instances');
    await expect(lacked).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(why(page)).toContainText('Cannot delete instances.');
    await page.keyboard.press('Escape');
    await expect(why(page)).toBeHidden();
    await expect(lacked).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(cell(page, 'Cannot delete VPCs')).toBeFocused();
    await expect(page.getByRole('grid').locator('button[tabindex="0"]')).toHaveCount(1);
  });

  test('in a project with an override the answer is about the override', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    const project = await createProject(page, site(), 'Orchard');
    const member = await memberId(page, site(), vic.email);
    await override(page, site(), project, member, ['projects:view', 'databases:view', 'databases:manage']);
    await visit(page, `/w/${site().slug}/people/${member}`);
    await expect(cell(page, 'Can view instances because of the role Viewer')).toBeVisible();
    await page.getByRole('combobox', { name: words.why.where }).selectOption({ label: 'Orchard (override)' });
    await expect(page).toHaveURL(/[?&]project=/);
    const held = await ask(page, 'Can manage databases');
    await expect(held).toContainText('because of the override in Orchard, set by Ana Ruiz on ');
    await expect(held.getByRole('link', { name: 'Open the override' })).toBeVisible();
    await page.keyboard.press('Escape');
    const lacked = await ask(page, 'Cannot view instances');
    await expect(lacked).toContainText('The override in Orchard leaves it out; without it they could.');
    await lacked.getByRole('link', { name: 'Open the override' }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${project}/members\\?search=`));
    await expect(page.getByRole('row').filter({ hasText: vic.email })).toBeVisible();
  });

  test('the page of an owner says that owners have everything', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, await memberPath(page, site(), site().owner.email));
    await expect(page.getByText(words.why.owner)).toBeVisible();
    await expect(page.getByRole('grid').getByRole('button', { name: /^Cannot / })).toHaveCount(0);
    const held = await ask(page, 'Can delete databases');
    await expect(held).toContainText('Can delete databases: owners have every permission.');
  });

  test('a role, a group with an end and a direct permission are given after a look', async ({ browser, open }) => {
    const ida = await site().member(browser, 'Ida Vance', 'Viewer');
    const page = await open(site(), { as: site().owner });
    await group(page, 'Night shift', ['monitoring:view', 'monitoring:manage']);
    await visit(page, await memberPath(page, site(), ida.email));
    const form = await edit(page);
    await form.getByRole('radio', { name: /^Operator\b/ }).check();
    await form.getByRole('checkbox', { name: /^Night shift\b/ }).check();
    await form.getByLabel('End of Night shift').fill(dayFromNow(30));
    await form.getByRole('checkbox', { name: 'Databases: Delete' }).check();
    await press(form.getByRole('button', { name: words.access.preview, exact: true }));
    await expect(form).toContainText('1 person affected');
    await expect(form.getByRole('listitem').filter({ hasText: ida.email })).toContainText('Databases: delete');
    await press(form.getByRole('button', { name: words.access.save, exact: true }));
    await told(page, `The access of ${ida.name} is saved.`);
    await expect(form).toBeHidden();
    const main = page.getByRole('main');
    await expect(main).toContainText('Databases: view, Databases: delete');
    await expect(main.getByRole('link', { name: 'Night shift' })).toBeVisible();
    await expect(cell(page, 'Can manage databases because of the role Operator')).toBeVisible();
    await expect(cell(page, 'Can delete databases because of a permission given directly.')).toBeVisible();
    await expect(cell(page, 'Can manage monitoring & alerts because of the role Operator and the group Night shift (until')).toBeVisible();
  });

  test('a stale save is told, and what was chosen is kept', async ({ browser, open, watch }) => {
    watch.expects(/^answer 409 POST \/api\/update_access$/);
    const uma = await site().member(browser, 'Uma Lind', 'Viewer');
    const page = await open(site(), { as: site().owner });
    const member = await memberId(page, site(), uma.email);
    await visit(page, `/w/${site().slug}/people/${member}`);
    const form = await edit(page);
    await form.getByRole('checkbox', { name: 'Databases: Manage' }).check();
    interface Held {
      version: number;
      access: { role: string; groups: unknown[]; direct: unknown };
      roles: { id: string; name: string }[];
    }
    const other = await open(site(), { as: site().owner });
    const held = await done<Held>(other, site(), 'load_member', { member });
    const role = held.roles.find(({ name }) => name === 'Operator')?.id;
    const order = { member, version: held.version, access: { ...held.access, role } };
    await done(other, site(), 'update_access', order);
    expect((await call(other, site(), 'update_access', order)).status).toBe(409);
    await expect(form.getByRole('checkbox', { name: 'Databases: Manage' })).toBeChecked();
    await press(form.getByRole('button', { name: words.access.preview, exact: true }));
    await press(form.getByRole('button', { name: words.access.save, exact: true }));
    await expect(form.getByRole('alert')).toContainText(words.why.meanwhile);
    await expect(form.getByRole('alert')).toContainText('role Operator, no groups, 0 direct permissions');
    await expect(form.getByRole('checkbox', { name: 'Databases: Manage' })).toBeChecked();
    await form.getByRole('radio', { name: /^Operator\b/ }).check();
    await press(form.getByRole('button', { name: words.access.preview, exact: true }));
    await press(form.getByRole('button', { name: words.access.save, exact: true }));
    await told(page, `The access of ${uma.name} is saved.`);
    await expect(page.getByRole('main')).toContainText('Databases: view, Databases: manage');
  });

  test('who may not see the team sees their own access and can change nothing', async ({ open }) => {
    const page = await open(site(), { as: vic });
    await visit(page, `/w/${site().slug}`);
    await navigation(page).getByRole('link', { name: words.access.yours }).click();
    await expect(page.getByRole('heading', { level: 1, name: words.access.yours })).toBeVisible();
    await expect(page.getByRole('button', { name: words.access.edit })).toHaveCount(0);
    const held = await ask(page, 'Can view databases');
    await expect(held).toContainText('because of the role Viewer.');
    await expect(held.getByRole('link')).toHaveCount(0);
    await page.keyboard.press('Escape');
    const lacked = await ask(page, 'Cannot delete databases');
    await expect(lacked).toContainText('To allow it: ');
    await expect(lacked.getByRole('button')).toHaveCount(0);
    await expect(lacked.getByRole('link')).toHaveCount(0);
  });
});
