// Editors and what stands around them: two roles side by side, where a role comes from, new services,
// projects and resources changed and deleted, and what happens when somebody else is faster.
import type { Page } from '@playwright/test';

import { createProject, done, memberPath } from './support/api';
import { axe } from './support/console';
import { sql } from './support/database';
import { type Cell, Matrix, actionOf, createRole, createdRole, press, told } from './support/matrix';
import { dialog, openUntil, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const INSTANCES: Cell = ['Instances', 'View'];
const VPCS: Cell = ['VPCs', 'View'];

test.describe('in a workspace with roles of its own', () => {
  const site = useSite();
  const roles = (): string => `/w/${site().slug}/roles`;
  const projects = (): string => `/w/${site().slug}/projects`;

  /** Switches a cell and says whether another one followed before the next frame was drawn. */
  async function followsWithinAFrame(page: Page, pressed: Cell, follows: Cell): Promise<boolean> {
    const matrix = new Matrix(page, words.roles.grid);
    const [press, watched] = [await matrix.cell(pressed).elementHandle(), await matrix.cell(follows).elementHandle()];
    if (press === null || watched === null) throw new Error('a cell is missing');
    return page.evaluate(
      async ([press, watched]) => {
        (press as HTMLElement).click();
        await new Promise((frame) => requestAnimationFrame(frame));
        return watched.getAttribute('aria-checked') === 'true' || (watched as HTMLInputElement).checked === true;
      },
      [press, watched] as const,
    );
  }

  test('two roles stand side by side, are chosen, swapped and narrowed to what differs', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    await visit(owner, roles());
    await (await actionOf(owner, 'Viewer', 'Compare')).click();
    await expect(owner.getByRole('heading', { level: 1, name: words.roles.compare })).toBeVisible();
    const [left, right] = [owner.getByLabel(words.roles.left), owner.getByLabel(words.roles.right)];
    await left.selectOption({ label: 'Operator' });
    await right.selectOption({ label: 'Viewer' });
    const lead = owner.getByRole('status').filter({ hasText: /differ|allow the same/ });
    const heads = owner.getByRole('columnheader').filter({ has: owner.getByRole('link') });
    await expect(heads).toHaveText([/^Operator/, /^Viewer/]);
    await expect(lead).toHaveText(/^They differ in \d+ services\.$/);
    const instances = owner.getByRole('row', { name: /^Instances ?, differs/ });
    await expect(instances.getByRole('cell')).toHaveText(['Yes', 'Yes', /No$/, 'Yes', /No$/, /No$/]);
    const all = await owner.getByRole('row').count();

    await test.step('only what differs', async () => {
      const only = owner.getByRole('button', { name: words.roles.onlyDifferences });
      await only.click();
      await expect(only).toHaveAttribute('aria-pressed', 'true');
      await expect(instances).toBeVisible();
      await expect.poll(() => owner.getByRole('row').count()).toBeLessThan(all);
      await only.click();
      await expect(owner.getByRole('row')).toHaveCount(all);
    });

    await test.step('swapped, and the address keeps it', async () => {
      await owner.getByRole('link', { name: words.roles.swap }).click();
      await expect(heads).toHaveText([/^Viewer/, /^Operator/]);
      await expect(instances.getByRole('cell')).toHaveText(['Yes', /No$/, /No$/, 'Yes', 'Yes', /No$/]);
      await owner.reload();
      await expect(heads).toHaveText([/^Viewer/, /^Operator/]);
    });

    await right.selectOption({ label: 'Viewer' });
    await expect(lead).toHaveText('Both allow the same.');
  });

  test('a clone is compared with its origin, and goes back to it by an ordinary save', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    await visit(owner, roles());
    await (await actionOf(owner, 'Viewer', words.roles.clone)).click();
    await expect(owner.getByLabel(words.roles.name, { exact: true })).toHaveValue('Copy of Viewer');
    await press(owner.getByRole('button', { name: words.roles.create }));
    await createdRole(owner, 'Copy of Viewer');
    const back = owner.getByRole('button', { name: 'Reset to Viewer' });
    await expect(back).toHaveAttribute('aria-disabled', 'true');
    await expect(back).toHaveAccessibleName(/allows the same as Viewer already/);

    await axe(owner, 'a role that was cloned');
    const matrix = new Matrix(owner, words.roles.grid);
    await matrix.cell(['Instances', 'Delete']).check();
    await matrix.cell(VPCS).uncheck();
    await press(owner.getByRole('button', { name: words.roles.save, exact: true }));
    await told(owner, words.roles.saved('Copy of Viewer'));
    const path = new URL(owner.url()).pathname;
    await owner.getByRole('link', { name: 'Compare with Viewer' }).click();
    await expect(owner.getByRole('status').filter({ hasText: 'They differ in 2 services.' })).toBeVisible();
    await owner.goBack();
    await expect(owner).toHaveURL(path);

    await press(owner.getByRole('button', { name: 'Reset to Viewer' }));
    await expect(matrix.cell(VPCS)).toBeChecked();
    await expect(matrix.cell(['Instances', 'Delete'])).not.toBeChecked();
    await expect(owner.getByRole('region', { name: words.roles.changes })).toContainText('2 cells changed');
    await owner.reload();
    await expect(matrix.cell(VPCS)).not.toBeChecked();
    await press(owner.getByRole('button', { name: 'Reset to Viewer' }));
    await press(owner.getByRole('button', { name: words.roles.save, exact: true }));
    await told(owner, words.roles.saved('Copy of Viewer'));
    await owner.reload();
    await expect(matrix.cell(VPCS)).toBeChecked();
  });

  test('new services are told until somebody says that they looked', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    await createRole(owner, site().slug, 'Reviewed', [INSTANCES]);
    // As after an upgrade that brought databases.
    await sql(
      site().server,
      "UPDATE workspaces SET reviewed_rows = replace(reviewed_rows, 'databases ', '') WHERE slug = ?",
      [site().slug],
    );
    const oper = await site().member(browser, 'Otto Oper', 'Operator');
    const guest = await open(site(), { as: oper });
    await visit(guest, roles());
    const banner = (page: Page) => page.getByRole('region', { name: words.roles.review });
    const mark = (page: Page) => banner(page).getByRole('button', { name: words.roles.markReviewed });
    await expect(mark(guest)).toHaveAttribute('aria-disabled', 'true');
    await expect(mark(guest)).toHaveAccessibleName(/team:manage/);

    await visit(owner, roles());
    await expect(banner(owner)).toContainText(/^1 new service to review in \d+ roles?/);
    await expect(banner(owner)).toContainText('Databases is off there until somebody allows it.');
    await axe(owner, 'roles with new services');
    await banner(owner).getByRole('link', { name: 'Reviewed' }).click();
    await expect(new Matrix(owner, words.roles.grid).cell(['Databases', 'View'])).not.toBeChecked();
    await owner.goBack();
    await press(mark(owner));
    await told(owner, 'The new services are marked as reviewed.');
    for (const page of [owner, guest]) await expect(banner(page)).toHaveCount(0);
    await owner.reload();
    await expect(owner.getByRole('heading', { level: 1, name: words.roles.title })).toBeVisible();
    await expect(banner(owner)).toHaveCount(0);
  });

  test('the matrix is searched, and a column switches what is shown and nothing else', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    await visit(owner, `${roles()}/new`);
    const matrix = new Matrix(owner, words.roles.grid);
    const search = owner.getByRole('searchbox', { name: words.roles.search });
    await search.fill('DATABASE');
    await expect(matrix.cell(['Databases', 'View'])).toBeVisible();
    await expect(matrix.cell(INSTANCES)).toBeHidden();
    const views = matrix.grid.getByRole('button', { name: 'View for all rows that are shown' });
    await views.click();
    await search.fill('');
    await expect(matrix.cell(INSTANCES)).toBeVisible();
    await expect(matrix.cell(['Databases', 'View'])).toBeChecked();
    await expect(matrix.cell(INSTANCES)).not.toBeChecked();
    await views.click();
    await expect(matrix.cell(INSTANCES)).toBeChecked();
    await expect(matrix.cell(VPCS)).toBeChecked();
    await views.click();
    await matrix.holds();
    await search.fill('no such service');
    await expect(owner.getByText('No service matches “no such service”.')).toBeVisible();
    await owner.getByRole('button', { name: 'Clear the search' }).click();
    await expect(matrix.cell(INSTANCES)).toBeVisible();
  });

  test('a switch shows by the next frame while no answer comes from the server', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    await createRole(owner, site().slug, 'Instant', [VPCS]);
    await owner.route('**/api/**', () => undefined);
    expect(await followsWithinAFrame(owner, ['Instances', 'Manage'], INSTANCES)).toBe(true);
    // View takes Manage with it.
    expect(await followsWithinAFrame(owner, INSTANCES, ['Instances', 'Manage'])).toBe(false);
    await new Matrix(owner, words.roles.grid).holds(VPCS);
    await owner.unroute('**/api/**');
  });

  test('a role that is deleted while somebody edits it is told as gone, and nothing typed is lost', async ({
    browser,
    open,
    watch,
  }) => {
    watch.expects(/^answer 404 POST \/api\/load_role_editor/);
    const owner = await open(site(), { as: site().owner });
    const path = await createRole(owner, site().slug, 'Short life', [INSTANCES]);
    const adele = await open(site(), { as: await site().member(browser, 'Adele Gone', 'Admin') });
    await visit(adele, path);
    await adele.getByLabel(words.roles.description).fill('Half a sentence');
    const ask = dialog(owner, /^Delete the role Short life/);
    await openUntil(owner.getByRole('button', { name: 'Delete', exact: true }), ask);
    await ask.getByRole('textbox').fill('Short life');
    await press(ask.getByRole('button', { name: /^Delete Short life/ }));
    await told(owner, words.roles.deleted('Short life'));
    await expect(adele.getByRole('alert')).toContainText('There is no such role here.');
    await expect(adele.getByLabel(words.roles.description)).toHaveValue('Half a sentence');
  });

  test('two people change one group at once, and the second one chooses', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    const draft = { name: 'Shared group', description: '', permissions: ['instances:view'] };
    const group = await done<string>(owner, site(), 'create_group', { draft });
    const bea = await open(site(), { as: await site().member(browser, 'Bea Grouper', 'Admin') });
    const path = `/w/${site().slug}/groups/${group}`;
    for (const page of [owner, bea]) await visit(page, path);
    const [hers, mine] = [new Matrix(owner, words.groups.grid), new Matrix(bea, words.groups.grid)];
    await mine.cell(VPCS).check();
    await hers.cell(['Databases', 'View']).check();
    await press(owner.getByRole('button', { name: words.groups.save, exact: true }));
    await told(owner, words.groups.saved('Shared group'));

    const panel = bea.getByRole('alert').filter({ hasText: words.groups.changedBySomebody });
    await expect(panel).toContainText('Databases: view: on as saved, off here');
    await expect(panel).toContainText('VPCs: view: off as saved, on here');
    const save = bea.getByRole('button', { name: words.groups.save });
    await expect(save).toHaveAttribute('aria-disabled', 'true');
    await expect(save).toHaveAccessibleName(/Choose above how to go on/);
    await panel.getByRole('button', { name: words.groups.takeTheirs }).click();
    await expect(panel).toHaveCount(0);
    await mine.holds(INSTANCES, ['Databases', 'View']);

    await mine.cell(VPCS).check();
    await hers.cell(['Databases', 'View']).uncheck();
    await press(owner.getByRole('button', { name: words.groups.save, exact: true }));
    await expect(panel).toBeVisible();
    await panel.getByRole('button', { name: words.groups.keepMine }).click();
    await press(bea.getByRole('button', { name: words.groups.save, exact: true }));
    await told(bea, words.groups.saved('Shared group'));
    await hers.holds(INSTANCES, VPCS, ['Databases', 'View']);
  });

  test('a project is renamed, and deleted by typing its name', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    const project = await createProject(owner, site(), 'Old name');
    await visit(owner, `${projects()}/${project}`);
    const form = dialog(owner, /^edit the project$/i);
    await openUntil(owner.locator('.rc-head').getByRole('button', { name: 'Edit' }), form);
    await form.getByLabel(words.projects.name, { exact: true }).fill('New name');
    await form.getByLabel(/^description/i).fill('What it is for');
    await press(form.getByRole('button', { name: 'Save project' }));
    await told(owner, 'The project New name is saved.');
    await expect(owner.getByRole('heading', { level: 1, name: 'New name' })).toBeVisible();
    await expect(owner.getByRole('main')).toContainText('What it is for');

    const question = dialog(owner, /^delete new name$/i);
    await openUntil(owner.locator('.rc-head').getByRole('button', { name: words.projects.remove }), question);
    const remove = question.getByRole('button', { name: /^Delete New name/ });
    await expect(remove).toHaveAttribute('aria-disabled', 'true');
    await question.getByRole('textbox').fill('Old name');
    await expect(remove).toHaveAttribute('aria-disabled', 'true');
    await question.getByRole('textbox').fill('New name');
    await press(remove);
    await told(owner, 'The project New name is deleted.');
    await expect(owner).toHaveURL(projects());
    await expect(row(owner, 'New name')).toHaveCount(0);
  });

  test('a resource is changed and deleted', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    const project = await createProject(owner, site(), 'Registry');
    const draft = { service: 'databases', name: 'customers', external_id: 'db-1', attributes: [['size', 'small']] };
    await done(owner, site(), 'create_resource', { project, draft });
    await visit(owner, `${projects()}/${project}`);
    const form = dialog(owner, /^edit customers$/i);
    await (await actionOf(owner, 'customers', 'Edit')).click();
    await expect(form.getByLabel('Service')).not.toBeEditable();
    const save = form.getByRole('button', { name: 'Save resource' });
    await expect(save).toHaveAttribute('aria-disabled', 'true');
    await form.getByLabel('Name', { exact: true }).fill('clients');
    await form.getByLabel(/^external id/i).fill('db-2');
    await press(save);
    await told(owner, 'clients is saved.');
    await expect(row(owner, 'clients')).toContainText('db-2');
    await expect(row(owner, 'clients')).toContainText('size: small');

    await (await actionOf(owner, 'clients', 'Delete')).click();
    const question = dialog(owner, /^delete clients$/i);
    await expect(question).toContainText('known elsewhere as db-2');
    await question.getByRole('button', { name: words.projects.keep }).click();
    await expect(row(owner, 'clients')).toBeVisible();
    await (await actionOf(owner, 'clients', 'Delete')).click();
    await press(question.getByRole('button', { name: /^Delete clients/ }));
    await told(owner, 'clients is deleted.');
    await expect(row(owner, 'clients')).toHaveCount(0);
  });
});

test('taking the team from the last but one says who would be left to manage it', async ({ browser, open, start }) => {
  const site = await start({});
  const dora = await site.member(browser, 'Dora Second', 'Admin');
  const vera = await site.member(browser, 'Vera Third', 'Viewer');
  const owner = await open(site, { as: site.owner });
  const preview = async (email: string, role: RegExp) => {
    await visit(owner, await memberPath(owner, site, email));
    const edit = dialog(owner, words.access.editDialog);
    await openUntil(owner.getByRole('button', { name: words.access.edit }), edit);
    await edit.getByRole('radio', { name: role }).check();
    await press(edit.getByRole('button', { name: words.access.preview, exact: true }));
    await expect(edit.getByRole('listitem').filter({ hasText: email })).toBeVisible();
    return edit;
  };
  const seen = await preview(dora.email, /^Viewer\b/);
  await expect(seen).toContainText('Ana Ruiz would be the last one who can manage the team');
  await press(seen.getByRole('button', { name: words.access.save, exact: true }));
  await told(owner, `The access of ${dora.name} is saved.`);
  // Ana is the only one now, and no change of somebody else makes her that.
  const other = await preview(vera.email, /^Operator\b/);
  await expect(other).not.toContainText('the last one who can manage the team');
});
