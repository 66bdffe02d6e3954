// Settings: name, invitations, the first role, two editors at once, and the end of a workspace.
import type { Locator, Page } from '@playwright/test';

import { axe, shots } from './support/console';
import { InviteDialog, dialog, navigation, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import type { Person } from './support/site';
import { words } from './support/words';

/** A part of the page by its heading. */
function part(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

test.describe('a workspace that stays', () => {
  let viewer: Person;
  const site = useSite({ mail: true }, async (made, browser) => {
    viewer = await made.member(browser, 'Vic Ewer', 'Viewer');
  });
  const settings = (): string => `/w/${site().slug}/settings`;

  test('a new name shows everywhere at once, and the address stays', async ({ open, watch }) => {
    watch.expects(/^answer 422 POST \/api\/rename_workspace$/);
    const page = await open(site(), { as: site().owner });
    const other = await open(site(), { as: site().owner });
    await visit(other, site().membersPath);
    await visit(page, site().membersPath);
    await navigation(page).getByRole('link', { name: words.settings.title, exact: true }).click();
    await expect(page).toHaveURL(settings());
    const general = part(page, words.settings.general);
    const save = general.getByRole('button', { name: words.settings.saveName });
    await expect(save).toHaveAttribute('aria-disabled', 'true');
    await general.getByLabel(words.settings.name).fill('');
    await save.click();
    await expect(general.getByLabel(words.settings.name)).toHaveAttribute('aria-invalid', 'true');
    await general.getByLabel(words.settings.name).fill('Acme Deep Sea');
    await save.click();
    await expect(page.getByText(words.settings.nameSaved).first()).toBeVisible();
    await expect(page).toHaveTitle(/Acme Deep Sea/);
    await expect(other.getByRole('complementary', { name: 'Navigation' })).toContainText('Acme Deep Sea');
    await expect(general).toContainText(`/w/${site().slug}`);
    await general.getByLabel(words.settings.name).fill(site().workspace);
    await save.click();
    await expect(page).toHaveTitle(new RegExp(site().workspace));
  });

  test('two people who change the same thing see each other', async ({ open, watch }) => {
    watch.expects(/^answer 422 POST \/api\/set_invitation_policy$/);
    const one = await open(site(), { as: site().owner });
    const two = await open(site(), { as: site().owner });
    await visit(one, settings());
    await visit(two, settings());
    const field = (page: Page): Locator => part(page, words.settings.invitations).getByLabel(words.settings.domains);
    const save = (page: Page): Locator =>
      part(page, words.settings.invitations).getByRole('button', { name: words.invitations.save });
    await field(two).fill('two.example');
    await field(one).fill('one.example');
    await save(one).click();
    await expect(one.getByText(words.settings.policySaved).first()).toBeVisible();
    await test.step('what was typed stays, and nothing is overwritten unseen', async () => {
      await expect(part(two, words.settings.invitations)).toContainText(words.settings.overtaken);
      await expect(field(two)).toHaveValue('two.example');
      await expect(save(two)).toHaveAttribute('aria-disabled', 'true');
      await axe(two, 'settings-overtaken');
    });
    await test.step('the choice is theirs', async () => {
      await part(two, words.settings.invitations).getByRole('button', { name: words.settings.mine }).click();
      await save(two).click();
      await expect(two.getByText(words.settings.policySaved).first()).toBeVisible();
      await expect(field(one)).toHaveValue('two.example');
    });
    await field(one).fill('not a domain');
    await save(one).click();
    await expect(field(one)).toHaveAttribute('aria-invalid', 'true');
    await field(one).fill('');
    await save(one).click();
    await expect(one.getByText(words.settings.policySaved).first()).toBeVisible();
    await expect(field(one)).not.toHaveAttribute('aria-invalid', 'true');
  });

  test('the chosen role is offered first to whoever invites', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, settings());
    const role = part(page, words.settings.role);
    await role.getByLabel(words.settings.first).selectOption({ label: 'Operator' });
    await role.getByRole('button', { name: words.settings.saveRole }).click();
    await expect(page.getByText(words.settings.roleSaved)).toBeVisible();
    await visit(page, site().membersPath);
    await InviteDialog.open(page);
    await expect(page.getByRole('radio', { name: /^Operator/ })).toBeChecked();
  });

  test('leaving with unsaved changes asks first', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, settings());
    await part(page, words.settings.general).getByLabel(words.settings.name).fill('Half a na');
    await navigation(page).getByRole('link', { name: 'Members', exact: true }).click();
    await expect(dialog(page, /leave without saving/i)).toBeVisible();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await expect(page).toHaveURL(settings());
  });

  test('who may only look is told why, and can not delete', async ({ open }) => {
    const page = await open(site(), { as: viewer });
    await visit(page, settings());
    await expect(page.getByText(words.settings.look)).toBeVisible();
    await expect(page.getByText(/settings:manage/).first()).toBeVisible();
    await expect(part(page, words.settings.general).getByLabel(words.settings.name)).toBeDisabled();
    await expect(part(page, words.settings.role)).toContainText('team:view');
    const remove = part(page, words.settings.danger).getByRole('button', { name: words.settings.remove });
    await expect(remove).toHaveAttribute('aria-disabled', 'true');
    await expect(part(page, words.settings.danger)).toContainText('Only an owner');
    await axe(page, 'settings-look');
  });

  test('it is usable by everybody, in both themes and on a phone', async ({ open }) => {
    for (const phone of [false, true]) {
      const page = await open(site(), { as: site().owner, phone });
      await visit(page, settings());
      await expect(part(page, words.settings.danger)).toBeVisible();
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
    const page = await open(site(), { as: site().owner });
    await visit(page, settings());
    await axe(page, 'settings');
    await shots(page, 'settings');
    await part(page, words.settings.danger).getByRole('button', { name: words.settings.remove }).click();
    await expect(dialog(page, words.settings.removeDialog)).toBeVisible();
    await axe(page, 'workspace-delete');
    await shots(page, 'workspace-delete');
  });
});

test('a deleted workspace is gone for everybody at once, and its links say so', async ({ browser, open, start, watch }) => {
  watch.expects(/^answer (404|410) /);
  const site = await start();
  const dora = await site.member(browser, 'Dora Admin', 'Admin');
  await site.invite(browser, ['late@example.org']);
  const link = await site.mail.link('late@example.org');
  const watching = await open(site, { as: dora });
  await visit(watching, site.membersPath);
  const page = await open(site, { as: site.owner });
  await visit(page, `/w/${site.slug}/settings`);
  await part(page, words.settings.danger).getByRole('button', { name: words.settings.remove }).click();
  const question = dialog(page, words.settings.removeDialog);
  await expect(question).toContainText('2 people');
  await expect(question).toContainText('1 waiting invitation is revoked');
  const yes = question.getByRole('button', { name: `Delete ${site.workspace}` });
  await expect(yes).toHaveAttribute('aria-disabled', 'true');
  await question.getByRole('textbox').fill(site.workspace.toUpperCase());
  await expect(yes).toHaveAttribute('aria-disabled', 'true');
  await question.getByRole('textbox').fill(site.workspace);
  await yes.click();
  await expect(page.getByText(`The workspace ${site.workspace} is deleted.`)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'You are not in any workspace' })).toBeVisible();
  await test.step('an open page of somebody else says so without reload', async () => {
    await expect(watching.getByRole('main')).toContainText('There is no such workspace here');
  });
  await test.step('the link says that the workspace is gone', async () => {
    const guest = await open(site);
    await guest.goto(link);
    await expect(guest.getByRole('heading', { name: words.settings.gone })).toBeVisible();
    await axe(guest, 'ended-workspace-gone');
  });
  await test.step('the operator brings it back', async () => {
    const listed = await site.server.cli(['restore-workspace']);
    const id = /^[0-9a-f-]{36}/m.exec(listed.stdout)?.[0] ?? '';
    expect(listed.stdout).toContain(site.workspace);
    const restored = await site.server.cli(['restore-workspace', '--id', id]);
    expect(restored.stdout).toContain(`/w/${site.slug}`);
    await visit(page, site.membersPath);
    await expect(page.getByRole('row').filter({ hasText: dora.email })).toBeVisible();
  });
});
