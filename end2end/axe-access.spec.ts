// The pages and dialogs of roles, groups, access and projects: WCAG 2.2 AA, and pictures of them.
import type { Locator, Page } from '@playwright/test';

import { done, memberPath } from './support/api';
import { axe, shots } from './support/console';
import { seedDemo } from './support/demo';
import { actionOf } from './support/matrix';
import type { Person } from './support/site';
import { dialog, navigation, openUntil, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

// Each state is looked at three times and drawn four times.
test.describe.configure({ timeout: 180_000 });

/** Checks what is on screen and keeps its picture. */
async function check(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    await expect(page.locator('.skeleton:visible')).toHaveCount(0);
    await axe(page, name);
    await shots(page, name);
  });
}

let owner: Person;
const site = useSite({ ready: false }, async (made) => {
  owner = await seedDemo(made, 60);
});

/** The address of a page of the workspace. */
function at(path: string): string {
  return `/w/${site().slug}/${path}`;
}

interface Row {
  id: string;
  email: string;
  name: string;
  is_owner: boolean;
  role: { name: string };
}

/** A member of the demo who is no owner. */
async function anybody(page: Page): Promise<Row> {
  const query = { search: '', role: null, group: null, status: 'active', activity: null, cursor: null };
  const { rows } = await done<{ rows: Row[] }>(page, site(), 'list_members', { query });
  const found = rows.find((row) => !row.is_owner);
  if (found === undefined) throw new Error('the demo has only owners');
  return found;
}

async function project(page: Page, name: string): Promise<string> {
  const query = { search: name, cursor: null };
  const { rows } = await done<{ rows: { id: string }[] }>(page, site(), 'list_projects', { query });
  return rows[0]?.id ?? '';
}

/** Opens a dialog and gives it. */
async function opened(page: Page, control: Locator, name: RegExp): Promise<Locator> {
  const shown = dialog(page, name);
  await openUntil(control, shown);
  return shown;
}

test('roles: the cards, the editor, comparing, deleting', async ({ open }) => {
  const page = await open(site(), { as: owner });
  await visit(page, at('roles'));
  await check(page, 'roles');
  await (await actionOf(page, 'On-call engineer', 'Delete')).click();
  await expect(dialog(page, /^delete the role/i)).toBeVisible();
  await check(page, 'role-delete');
  await visit(page, at('roles'));
  await page.getByRole('link', { name: 'Compare' }).first().click();
  await expect(page.getByRole('table').or(page.getByRole('grid')).first()).toBeVisible();
  await check(page, 'roles-compare');
  await visit(page, at('roles'));
  await page.getByRole('link', { name: 'On-call engineer' }).click();
  const grid = page.getByRole('grid', { name: words.roles.grid });
  await expect(grid).toBeVisible();
  await check(page, 'role');
  await grid.getByRole('checkbox', { name: 'Databases: Manage' }).check();
  await expect(page.getByRole('region', { name: words.roles.changes })).toBeVisible();
  await check(page, 'role-changed');
});

test('groups: the tab and one group', async ({ open }) => {
  const page = await open(site(), { as: owner });
  await visit(page, at('members/groups'));
  await check(page, 'groups');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('grid', { name: words.groups.grid })).toBeVisible();
  await check(page, 'group');
});

test('a member: what they may do, why, and changing it', async ({ open }) => {
  const page = await open(site(), { as: owner });
  await page.goto('/');
  const somebody = await anybody(page);
  await visit(page, await memberPath(page, site(), somebody.email));
  await check(page, 'member');
  const cell = page.getByRole('button', { name: /^Cannot / }).first();
  await openUntil(cell, page.getByRole('dialog', { name: words.why.popover }));
  await check(page, 'member-why');
  await page.keyboard.press('Escape');
  await opened(page, page.getByRole('button', { name: words.access.edit }), words.access.editDialog);
  await check(page, 'edit-access');
});

test('projects: the list, resources, members, and their dialogs', async ({ open }) => {
  const page = await open(site(), { as: owner });
  await visit(page, at('projects'));
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await check(page, 'projects');
  await opened(page, page.getByRole('button', { name: words.projects.create }), /^create a project$/i);
  await check(page, 'project-create');
  const id = await project(page, 'Production');
  await visit(page, at(`projects/${id}`));
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await check(page, 'project');
  await opened(page, page.getByRole('button', { name: words.projects.addResource }), /^add a resource$/i);
  await check(page, 'resource');
  await visit(page, at(`projects/${id}/members`));
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await check(page, 'project-members');
  const somebody = await anybody(page);
  await page.getByRole('searchbox').fill(somebody.email);
  await expect(page.getByRole('row')).toHaveCount(2);
  await (await actionOf(page, somebody.name, '(Override permissions|Change override)')).click();
  await expect(page.getByRole('grid', { name: words.projects.overrideGrid })).toBeVisible();
  await check(page, 'override');
});

test('one’s own access, for somebody who may not see the team', async ({ open }) => {
  const page = await open(site(), { as: owner });
  await page.goto('/');
  const query = { search: '', role: null, group: null, status: 'active', activity: null, cursor: null };
  const { rows } = await done<{ rows: Row[] }>(page, site(), 'list_members', { query });
  const viewer = rows.find((row) => row.role.name === 'Viewer' && row.email.startsWith('elif.'));
  const email = viewer?.email ?? 'elif.lindqvist@example.org';
  const seen = await open(site(), { as: { name: '', email, password: owner.password } });
  await visit(seen, `/w/${site().slug}`);
  await navigation(seen).getByRole('link', { name: words.access.yours }).click();
  await expect(seen.getByRole('heading', { level: 1, name: words.access.yours })).toBeVisible();
  await check(seen, 'your-access');
});
