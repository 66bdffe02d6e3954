// What an invitation gives beside its role: groups and single projects, before it is sent and after.
import { createProject, done } from './support/api';
import { Matrix } from './support/matrix';
import { person } from './support/site';
import { InviteDialog, choose, dialog, inviteByDialog, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const site = useSite();

test('people are invited with permissions of their own in a project, and nothing is dropped when invited again', async ({
  open,
}) => {
  const guest = person('Olive Over');
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  const shop = await createProject(page, site(), 'Storefront');
  const sent = await inviteByDialog(page, { addresses: [guest.email], role: 'Viewer' });
  await sent.close();

  // The same role again, but with a project: that is told, with the way out.
  const invite = await InviteDialog.open(page);
  await invite.type([guest.email]);
  await invite.role('Viewer');
  await invite.root.getByText(words.invite.more).click();
  await invite.root.getByLabel(words.invite.addProject).selectOption('Storefront');
  const matrix = new Matrix(page, words.invite.projectGrid);
  await expect(matrix.cell(['Instances', 'View'])).toBeChecked();
  await matrix.cell(['Instances', 'Manage']).check();
  await invite.send.click();
  const verdict = invite.verdict(guest.email);
  await expect(verdict).toContainText(words.invite.otherGrant);
  await verdict.getByRole('button', { name: words.invite.changeGrant }).click();
  await expect(verdict).toContainText('The invitation is changed.');
  await invite.close();

  const [, second] = await site().mail.waitFor(guest.email, 2);
  const joining = await open(site());
  await joining.goto(second?.link ?? '');
  await joining.getByLabel(words.accept.name).fill(guest.name);
  await joining.getByLabel(words.accept.password, { exact: true }).fill(guest.password);
  await joining.getByRole('button', { name: words.accept.join }).click();
  await joining.waitForURL(/\/w\/[^/]+/);
  const people = await done<{ rows: { over: { grant: { permissions: string[] } } | null }[] }>(
    page,
    site(),
    'list_project_members',
    { project: shop, query: { search: guest.email, overridden: true, cursor: null } },
  );
  expect(people.rows[0]?.over?.grant.permissions).toContain('instances:manage');
});

test('the groups of a waiting invitation are changed from its menu', async ({ open }) => {
  const guest = person('Greta Group').email;
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  await done(page, site(), 'create_group', {
    draft: { name: 'Night shift', description: '', permissions: ['instances:view'] },
  });
  await (await inviteByDialog(page, { addresses: [guest] })).close();
  await choose(page, guest, words.invitations.changeRole);
  const change = dialog(page, words.invitations.roleDialog);
  await change.getByRole('checkbox', { name: /^Night shift/ }).check();
  await change.getByRole('button', { name: words.invitations.changeRole }).click();
  await expect(change).toBeHidden();
  await expect(row(page, guest)).toContainText('Night shift');
  await site().mail.waitFor(guest, 2);
});

test('a note that is too long is told beside its field, before anything is sent', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  const invite = await InviteDialog.open(page);
  await invite.type([person('Nils Note').email]);
  const note = invite.root.getByLabel(words.invite.note);
  await note.fill('x'.repeat(501));
  await expect(note).toHaveAttribute('aria-invalid', 'true');
  await expect(invite.root.getByText(/use at most \d+ characters; this has 501/i)).toBeVisible();
  await expect(invite.send).toHaveAttribute('aria-disabled', 'true');
  await note.fill('See you there');
  await expect(note).not.toHaveAttribute('aria-invalid', 'true');
  await expect(invite.send).not.toHaveAttribute('aria-disabled', 'true');
});
