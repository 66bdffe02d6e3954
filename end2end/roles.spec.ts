// Roles: the editor and its matrix, who gains and who loses, two editors at once, deleting.
import {
  type Cell,
  Matrix,
  actionOf,
  affected,
  createRole,
  createdRole,
  isStillTheSame,
  mark,
  press,
  told,
} from './support/matrix';
import { person } from './support/site';
import { dialog, navigation, openUntil, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const INSTANCES: Cell = ['Instances', 'View'];
const TEAM: Cell = ['Team Management', 'View'];

test.describe('in a workspace with roles of its own', () => {
  const site = useSite();
  const roles = (): string => `/w/${site().slug}/roles`;

  test('a role made with the keyboard is given, and menus follow it without reload', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    await visit(owner, roles());
    await owner.getByRole('link', { name: words.roles.create }).click();
    await owner.getByLabel(words.roles.name, { exact: true }).fill('Release crew');
    const matrix = new Matrix(owner, words.roles.grid);
    await test.step('arrows move, Space switches, and View comes along with Manage', async () => {
      await owner.getByRole('searchbox').focus();
      await owner.keyboard.press('Tab');
      await expect(matrix.cell(INSTANCES)).toBeFocused();
      await owner.keyboard.press('ArrowRight');
      await expect(matrix.cell(['Instances', 'Manage'])).toBeFocused();
      await owner.keyboard.press('Space');
      await matrix.holds(INSTANCES, ['Instances', 'Manage']);
      await expect(matrix.sentence).toContainText('Create, power control');
      await owner.keyboard.press('ArrowLeft');
      await expect(matrix.sentence).toContainText('Needed by Manage');
      await owner.keyboard.press('Space');
      await matrix.holds();
      await owner.keyboard.press('ArrowRight');
      await owner.keyboard.press('Space');
      await owner.keyboard.press('ArrowDown');
      await expect(matrix.cell(['VPCs', 'Manage'])).toBeFocused();
      await owner.keyboard.press('Home');
      await expect(matrix.grid.getByRole('button', { name: 'VPCs' })).toBeFocused();
      await owner.keyboard.press('Space');
      await matrix.holds(INSTANCES, ['Instances', 'Manage'], ['VPCs', 'View']);
      await owner.keyboard.press('Control+End');
      await expect(matrix.cell(['Settings', 'Manage'])).toBeFocused();
      await owner.keyboard.press('Tab');
      await expect(matrix.grid.locator(':focus')).toHaveCount(0);
      await expect(owner.getByRole('complementary', { name: 'What it allows' })).toContainText(
        'Can view 2 services, manage 1 service, delete nothing',
      );
    });
    await owner.getByRole('button', { name: words.roles.create }).click();
    await createdRole(owner, 'Release crew');
    await matrix.holds(INSTANCES, ['Instances', 'Manage'], ['VPCs', 'View']);

    const rafa = await site().member(browser, 'Rafa Soto', 'Release crew');
    const guest = await open(site(), { as: rafa });
    await visit(guest, `/w/${site().slug}`);
    const menu = navigation(guest);
    await menu.getByRole('link', { name: words.access.yours }).click();
    await expect(guest.getByRole('heading', { level: 1, name: words.access.yours })).toBeVisible();
    await expect(guest.getByRole('button', { name: 'Can manage instances because of the role Release crew.' })).toBeVisible();
    await expect(menu.getByRole('link', { name: /^(Members|Roles)$/ })).toHaveCount(0);
    await mark(guest);
    await test.step('the role gains team:view', async () => {
      await matrix.cell(TEAM).check();
      await expect(owner.getByRole('region', { name: words.roles.changes })).toContainText('1 cell changed · 1 person affected');
      await press(owner.getByRole('button', { name: words.roles.save, exact: true }));
      await told(owner, words.roles.saved('Release crew'));
      await expect(menu.getByRole('link', { name: /^(Members|Roles)$/ })).toHaveCount(2);
      await expect(menu.getByRole('link', { name: words.access.yours })).toHaveCount(0);
      await expect(guest.getByRole('button', { name: 'Can view team management because of the role Release crew.' })).toBeVisible();
    });
    await test.step('the role loses it', async () => {
      await matrix.cell(TEAM).uncheck();
      await press(owner.getByRole('button', { name: words.roles.save, exact: true }));
      await told(owner, words.roles.saved('Release crew'));
      await expect(menu.getByRole('link', { name: /^(Members|Roles)$/ })).toHaveCount(0);
      await expect(menu.getByRole('link', { name: words.access.yours })).toBeVisible();
    });
    await isStillTheSame(guest);
  });

  test('a role is given on the member’s page, after a look at what that changes', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    await createRole(owner, site().slug, 'Team watch', [INSTANCES, TEAM]);
    const ines = await site().member(browser, 'Ines Duarte', 'Viewer');
    const guest = await open(site(), { as: ines });
    await visit(guest, `/w/${site().slug}`);
    await mark(guest);
    await owner.goto(site().membersPath);
    await row(owner, ines.email).getByRole('link', { name: ines.name }).click();
    const edit = dialog(owner, words.access.editDialog);
    await openUntil(owner.getByRole('button', { name: words.access.edit }), edit);
    await edit.getByRole('radio', { name: /^Team watch\b/ }).check();
    await press(edit.getByRole('button', { name: words.access.preview, exact: true }));
    await expect(affected(edit, ines.email)).toContainText('Gains Team Management: view');
    await expect(affected(edit, ines.email)).toContainText(/Loses .*VPCs: view/);
    await press(edit.getByRole('button', { name: words.access.save, exact: true }));
    await told(owner, `The access of ${ines.name} is saved.`);
    await expect(navigation(guest).getByRole('link', { name: 'Members', exact: true })).toBeVisible();
    await isStillTheSame(guest);
  });

  test('two people edit one role at once, and nothing is overwritten', async ({ browser, open }) => {
    const ana = await open(site(), { as: site().owner });
    const path = await createRole(ana, site().slug, 'Night shift', [INSTANCES]);
    const adele = await open(site(), { as: await site().member(browser, 'Adele Kim', 'Admin') });
    await visit(adele, path);
    const [hers, mine] = [new Matrix(ana, words.roles.grid), new Matrix(adele, words.roles.grid)];
    const description = words.roles.description;
    await mine.cell(['VPCs', 'View']).check();
    await adele.getByLabel(description).fill('Adele’s words');

    await hers.cell(['Databases', 'View']).check();
    await hers.cell(['Load Balancers', 'View']).check();
    await ana.getByLabel(description).fill('Ana’s words');
    await press(ana.getByRole('button', { name: words.roles.save, exact: true }));
    await told(ana, words.roles.saved('Night shift'));

    await test.step('the other is told, and keeps what is typed', async () => {
      await expect(adele.getByRole('alert')).toContainText(words.roles.changedBySomebody);
      await mine.holds(INSTANCES, ['VPCs', 'View']);
      await expect(adele.getByLabel(description)).toHaveValue('Adele’s words');
      await expect(adele.getByRole('button', { name: /^Save\b/ })).toHaveAttribute('aria-disabled', 'true');
    });

    const merge = dialog(adele, new RegExp(words.roles.mergeDialog));
    await test.step('both versions stand beside each other, cell by cell', async () => {
      await adele.getByRole('button', { name: words.roles.compareBoth, exact: true }).click();
      await expect(merge.getByRole('group')).toHaveCount(4);
      const said = { Description: ['“Adele’s words”', '“Ana’s words”'], 'VPCs: View': ['On', 'Off'] };
      for (const [part, [kept = '', taken = '']] of Object.entries(said)) {
        const choice = merge.getByRole('group', { name: part });
        await expect(choice.getByRole('radio', { name: words.roles.mine })).toBeChecked();
        await expect(choice).toContainText(`Keep mine${kept}`);
        await expect(choice).toContainText(`Take theirs${taken}`);
      }
      for (const part of ['Databases: View', 'Load Balancers: View']) {
        const choice = merge.getByRole('group', { name: part });
        await expect(choice.getByRole('radio', { name: words.roles.theirs })).toBeChecked();
      }
    });

    await test.step('the choice is saved, and both see it', async () => {
      await merge.getByRole('group', { name: 'Description' }).getByRole('radio', { name: words.roles.theirs }).check();
      await merge.getByRole('group', { name: 'Load Balancers: View' }).getByRole('radio', { name: words.roles.mine }).check();
      await merge.getByRole('button', { name: words.roles.saveChoice }).click();
      await told(adele, words.roles.saved('Night shift'));
      await expect(adele.getByRole('alert')).toHaveCount(0);
      for (const page of [adele, ana]) {
        await new Matrix(page, words.roles.grid).holds(INSTANCES, ['VPCs', 'View'], ['Databases', 'View']);
        await expect(page.getByLabel(description)).toHaveValue('Ana’s words');
      }
      await adele.reload();
      await mine.holds(INSTANCES, ['VPCs', 'View'], ['Databases', 'View']);
    });
  });

  test('saving over a change that no news told of is refused, and both are compared', async ({ browser, open, watch }) => {
    watch.expects(/^answer 409 POST \/api\/update_role/);
    const ana = await open(site(), { as: site().owner });
    const path = await createRole(ana, site().slug, 'Day shift', [INSTANCES]);
    const bao = await open(site(), { as: await site().member(browser, 'Bao Nguyen', 'Admin') });
    // The stream of news stays without an answer.
    await bao.route('**/events', () => undefined);
    await visit(bao, path);
    const [hers, mine] = [new Matrix(ana, words.roles.grid), new Matrix(bao, words.roles.grid)];
    await mine.cell(['VPCs', 'View']).check();
    await hers.cell(['Databases', 'View']).check();
    await press(ana.getByRole('button', { name: words.roles.save, exact: true }));
    await told(ana, words.roles.saved('Day shift'));

    await press(bao.getByRole('button', { name: words.roles.save, exact: true }));
    const merge = dialog(bao, new RegExp(words.roles.mergeDialog));
    await expect(merge.getByRole('group')).toHaveCount(2);
    await hers.holds(INSTANCES, ['Databases', 'View']);
    await merge.getByRole('button', { name: words.roles.saveChoice }).click();
    await told(bao, words.roles.saved('Day shift'));
    for (const grid of [mine, hers]) await grid.holds(INSTANCES, ['VPCs', 'View'], ['Databases', 'View']);
  });

  test('a role in use goes only when its people and invitations get another', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    await createRole(owner, site().slug, 'Contractor', [INSTANCES, TEAM]);
    const cleo = await site().member(browser, 'Cleo Marin', 'Contractor');
    const dario = person('Dario Conti');
    await site().invite(browser, [dario.email], 'Contractor');
    const guest = await open(site(), { as: cleo });
    await visit(guest, site().membersPath);
    await navigation(guest).getByRole('link', { name: 'Roles' }).click();
    await expect(guest.getByRole('heading', { level: 1, name: words.roles.title })).toBeVisible();

    await visit(owner, roles());
    await (await actionOf(owner, 'Contractor', 'Delete')).click();
    const ask = dialog(owner, /^Delete the role Contractor/);
    await expect(ask).toContainText('1 person has it, 1 waiting invitation would give it. They get another role instead.');
    const remove = ask.getByRole('button', { name: /^Delete Contractor/ });
    await ask.getByRole('textbox').fill('Contractor');
    await expect(remove).toHaveAttribute('aria-disabled', 'true');
    await expect(remove).toHaveAccessibleName(/Choose the role that comes instead/);
    await ask.getByLabel(words.roles.instead).selectOption({ label: 'Operator' });
    await expect(affected(ask, cleo.email)).toContainText(/Gains .*Instances: manage/);
    await expect(ask).toContainText('1 waiting invitation gives something else then');
    await ask.getByRole('textbox').fill('Contract');
    await expect(remove).toHaveAttribute('aria-disabled', 'true');
    await ask.getByRole('textbox').fill('Contractor');
    await press(remove);
    await told(owner, words.roles.deleted('Contractor'));
    await expect(owner.getByRole('heading', { name: 'Contractor' })).toHaveCount(0);
    await expect(guest.getByRole('heading', { name: 'Contractor' })).toHaveCount(0);

    await owner.goto(site().membersPath);
    await expect(row(owner, cleo.email)).toContainText('Operator');
    await owner.goto(site().invitationsPath);
    await expect(row(owner, dario.email)).toContainText('Operator');
    await site().join(browser, dario);
    await owner.goto(site().membersPath);
    await expect(row(owner, dario.email)).toContainText('Operator');
  });

  test('a role that nobody has is deleted from its own page', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    await createRole(owner, site().slug, 'Short lived', [INSTANCES]);
    const ask = dialog(owner, /^Delete the role Short lived/);
    await owner.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(ask).toContainText('Nobody has it and no invitation would give it.');
    await ask.getByRole('textbox').fill('Short lived');
    await press(ask.getByRole('button', { name: /^Delete Short lived/ }));
    await told(owner, words.roles.deleted('Short lived'));
    await expect(owner).toHaveURL(roles());
    await expect(owner.getByRole('heading', { name: 'Short lived' })).toHaveCount(0);
  });

  test('built-in roles can only be looked at, and cloned', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    await visit(owner, roles());
    await owner.getByRole('link', { name: 'Viewer', exact: true }).click();
    await expect(owner.getByText(words.roles.onlyLook)).toBeVisible();
    await expect(owner.getByRole('main')).toContainText('Clone it and change the copy.');
    const matrix = new Matrix(owner, words.roles.grid);
    await expect(matrix.grid).toHaveAttribute('aria-readonly', 'true');
    await expect(matrix.cell(INSTANCES)).toBeChecked();
    await matrix.cell(INSTANCES).click({ force: true });
    await expect(matrix.cell(INSTANCES)).toBeChecked();
    await matrix.cell(['Instances', 'Delete']).focus();
    await owner.keyboard.press('Space');
    await expect(matrix.cell(['Instances', 'Delete'])).not.toBeChecked();
    await expect(owner.getByLabel(words.roles.name, { exact: true })).not.toBeEditable();
    await expect(owner.getByRole('button', { name: /^(Save|Delete)/ })).toHaveCount(0);

    await owner.getByRole('link', { name: words.roles.clone, exact: true }).click();
    await expect(owner.getByLabel(words.roles.name, { exact: true })).toHaveValue('Copy of Viewer');
    await expect(matrix.cell(INSTANCES)).toBeChecked();
    await matrix.cell(['Instances', 'Manage']).check();
    await owner.getByLabel(words.roles.name, { exact: true }).fill('Viewer with hands');
    await owner.getByRole('button', { name: words.roles.create }).click();
    await createdRole(owner, 'Viewer with hands');
    await expect(matrix.cell(['Instances', 'Manage'])).toBeChecked();
    await expect(matrix.cell(['Billing', 'View'])).toBeChecked();
  });

  test('who gains and who loses is named before a role is saved', async ({ browser, open }) => {
    const owner = await open(site(), { as: site().owner });
    await createRole(owner, site().slug, 'Auditor', [INSTANCES, ['Billing', 'View']]);
    const eva = await site().member(browser, 'Eva Lind', 'Auditor');
    const matrix = new Matrix(owner, words.roles.grid);
    await matrix.cell(['Billing', 'View']).uncheck();
    await matrix.cell(['Audit Trail', 'View']).check();
    await press(owner.getByRole('button', { name: words.access.preview, exact: true }));
    const preview = dialog(owner, new RegExp(words.roles.previewDialog));
    await expect(preview).toContainText('1 person affected: 1 person gains, 1 person loses.');
    await expect(affected(preview, eva.email)).toContainText(eva.name);
    await expect(affected(preview, eva.email)).toContainText('Gains Audit Trail: view');
    await expect(affected(preview, eva.email)).toContainText('Loses Billing: view');
    await expect(preview.getByRole('row', { name: /Audit Trail: view/ })).toContainText('+1');
    await press(preview.getByRole('button', { name: words.roles.saveFromPreview }));
    await told(owner, words.roles.saved('Auditor'));
    await expect(preview).toBeHidden();
    await owner.reload();
    await matrix.holds(INSTANCES, ['Audit Trail', 'View']);
  });

  test('a page with unsaved changes asks before it is left', async ({ open }) => {
    const owner = await open(site(), { as: site().owner });
    const path = await createRole(owner, site().slug, 'Half done', [INSTANCES]);
    await visit(owner, roles());
    await owner.getByRole('link', { name: 'Half done', exact: true }).click();
    await expect(owner).toHaveURL(path);
    const matrix = new Matrix(owner, words.roles.grid);
    const question = dialog(owner, new RegExp(words.access.leave.replace('?', '\\?')));
    await matrix.cell(['VPCs', 'View']).check();

    await navigation(owner).getByRole('link', { name: 'Members', exact: true }).click();
    await expect(question).toBeVisible();
    await question.getByRole('button', { name: words.access.stay }).click();
    await expect(question).toBeHidden();
    await expect(owner).toHaveURL(path);
    await expect(matrix.cell(['VPCs', 'View'])).toBeChecked();

    await owner.evaluate(() => history.back());
    await expect(question).toBeVisible();
    await expect(owner).toHaveURL(path);
    await question.getByRole('button', { name: words.access.leaveNow, exact: true }).click();
    await expect(owner).toHaveURL(roles());

    await owner.getByRole('link', { name: 'Half done', exact: true }).click();
    await matrix.holds(INSTANCES);
    await matrix.cell(['VPCs', 'View']).check();
    await matrix.cell(['VPCs', 'View']).uncheck();
    await navigation(owner).getByRole('link', { name: 'Members', exact: true }).click();
    await expect(owner).toHaveURL(site().membersPath);
    await expect(question).toBeHidden();
  });

  test('a name that looks like another one is refused beside the field', async ({ open, watch }) => {
    watch.expects(/^answer 422 POST \/api\/create_role/);
    const owner = await open(site(), { as: site().owner });
    await visit(owner, `${roles()}/new`);
    const name = owner.getByLabel(words.roles.name, { exact: true });
    await new Matrix(owner, words.roles.grid).cell(INSTANCES).check();
    const create = owner.getByRole('button', { name: words.roles.create });
    await create.click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toBeFocused();
    // The first letter is Cyrillic.
    for (const [typed, taken] of [['Аdmin', 'Admin'], ['0perator', 'Operator'], ['viewer', 'Viewer']] as const) {
      await name.fill(typed);
      await create.click();
      await expect(name).toHaveAccessibleDescription(new RegExp(`This name could be taken for “${taken}”`));
      await expect(name).toHaveAttribute('aria-invalid', 'true');
      await expect(name).toHaveValue(typed);
    }
    await name.fill('Administrators of nothing');
    await create.click();
    await createdRole(owner, 'Administrators of nothing');
  });
});

test('a workspace with fixed roles says why none can be made', async ({ open, start }) => {
  const site = await start({ template: 'Engineering workspace' });
  const owner = await open(site, { as: site.owner });
  const roles = `/w/${site.slug}/roles`;
  const why = /roles of a workspace of the kind Engineering workspace are fixed/;
  await visit(owner, roles);
  await expect(owner.getByText(words.roles.fixed)).toBeVisible();
  await expect(owner.getByRole('main')).toContainText(why);
  const create = owner.getByRole('button', { name: words.roles.create });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await expect(create).toHaveAccessibleName(why);
  const clone = await actionOf(owner, 'Maintainer', words.roles.clone);
  await expect(clone).toHaveAttribute('aria-disabled', 'true');
  await expect(clone).toHaveAccessibleName(why);
  await owner.keyboard.press('Escape');

  await owner.getByRole('link', { name: 'Maintainer', exact: true }).click();
  await expect(owner.getByText(words.roles.onlyLook)).toBeVisible();
  await expect(owner.getByRole('link', { name: words.roles.clone, exact: true })).toHaveCount(0);
  const cloneHere = owner.getByRole('button', { name: words.roles.clone });
  await expect(cloneHere).toHaveAttribute('aria-disabled', 'true');
  await expect(cloneHere).toHaveAccessibleName(/has its built-in roles only/);
  await owner.goto(`${roles}/new`);
  await expect(owner.getByText(words.roles.onlyLook)).toBeVisible();
  await expect(owner.getByRole('main')).toContainText('has its built-in roles only');
  await expect(owner.getByRole('button', { name: words.roles.create })).toHaveCount(0);
});
