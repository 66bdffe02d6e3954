// What the console says about mail that goes out, waits, or can not go out.
import { hurry, storedStatus } from './support/database';
import { linkIn } from './support/mail';
import { person } from './support/site';
import {
  InviteDialog,
  acceptAsNew,
  choose,
  dialog,
  fillNewPerson,
  inviteByDialog,
  menuItem,
  row,
  statusOf,
  visit,
} from './support/story';
import { expect, test } from './support/test';
import { words } from './support/words';

test('while the mail server is down the page says so; when it is up, the mail comes once', async ({ open, start }) => {
  const site = await start();
  const { email } = person('Dan Waits');
  await site.mail.stop();
  const page = await open(site, { as: site.owner });
  await visit(page, site.invitationsPath);
  await (await inviteByDialog(page, { addresses: [email] })).close();
  await expect(statusOf(page, email)).toContainText('Pending');
  await expect(statusOf(page, email)).toContainText(words.invitations.retrying, { timeout: 20_000 });
  await expect(statusOf(page, email)).toContainText(/connect|refused|reach/i);

  await site.mail.start();
  await hurry(site.server);
  const [mail] = await site.mail.waitFor(email, 1, 40_000);
  await expect(statusOf(page, email)).toHaveText(words.invitations.sent);
  await page.waitForTimeout(2_000);
  expect(site.mail.to(email)).toHaveLength(1);
  const guest = await open(site);
  await guest.goto(mail?.link ?? '');
  await expect(guest.getByRole('main')).toContainText(email);
});

test('what goes wrong at the mail server is told, tried again or given up', async ({ open, start }) => {
  test.setTimeout(90_000);
  const site = await start();
  const cut = person('Carl Cut').email;
  const busy = person('Bea Busy').email;
  const gone = person('Gus Gone').email;
  site.mail.conduct(cut, { kind: 'hang up', times: 1 });
  site.mail.conduct(busy, { kind: 'refuse', code: 451, text: '4.3.0 Mailbox busy, come back' });
  site.mail.conduct(gone, { kind: 'refuse', code: 550, text: '5.1.1 No such mailbox here' });
  const page = await open(site, { as: site.owner });
  await visit(page, site.invitationsPath);
  await (await inviteByDialog(page, { addresses: [cut, busy, gone] })).close();

  await test.step('a permanent refusal is final, with the reason and the remedy on screen', async () => {
    await expect(statusOf(page, gone)).toContainText(words.invitations.failed);
    await expect(statusOf(page, gone)).toContainText('No such mailbox here');
    await expect(statusOf(page, gone)).toContainText('Pending');
    await row(page, gone).getByRole('button', { name: words.invitations.help }).click();
    const help = dialog(page, words.invitations.helpDialog);
    await expect(help).toContainText(/check the address/i);
    await expect(help.getByRole('button', { name: words.invitations.copyLink })).toBeEnabled();
    await page.keyboard.press('Escape');
    await expect(help).toBeHidden();
  });

  await test.step('a passing refusal is tried again', async () => {
    await expect(statusOf(page, busy)).toContainText(words.invitations.retrying);
    await expect(statusOf(page, busy)).toContainText(/mailbox busy/i);
    site.mail.conduct(busy, { kind: 'accept' });
    await hurry(site.server);
    await site.mail.waitFor(busy, 1, 40_000);
    await expect(statusOf(page, busy)).toHaveText(words.invitations.sent);
    expect(site.mail.to(busy)).toHaveLength(1);
  });

  await test.step('a mail that was taken without an answer is sent again as the same mail', async () => {
    await hurry(site.server);
    const mails = await site.mail.waitFor(cut, 2, 40_000);
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
    expect(new Set(mails.map((mail) => mail.link)).size).toBe(1);
    await expect(statusOf(page, cut)).toHaveText(words.invitations.sent);
    await page.waitForTimeout(1_500);
    expect(site.mail.to(cut)).toHaveLength(2);
  });
});

test('a mail that waits is not sent when its invitation is revoked first', async ({ open, start }) => {
  const site = await start();
  const { email } = person('Rita Late');
  await site.mail.stop();
  const page = await open(site, { as: site.owner });
  await visit(page, site.invitationsPath);
  await (await inviteByDialog(page, { addresses: [email] })).close();
  await choose(page, email, words.invitations.revoke);
  await dialog(page, words.invitations.revokeDialog).getByRole('button', { name: words.invitations.revoke }).click();
  await expect(statusOf(page, email)).toContainText('Revoked');
  await site.mail.start();
  await hurry(site.server).catch(() => undefined);
  await page.waitForTimeout(3_000);
  expect(site.mail.to(email)).toHaveLength(0);
});

test('without a mail server the dialog says so and hands over the link', async ({ open, start }) => {
  const site = await start({ mail: false });
  const nora = person('Nora Nomail');
  const page = await open(site, { as: site.owner, clipboard: true });
  await visit(page, site.invitationsPath);
  const invite = await InviteDialog.open(page);
  await expect(invite.root).toContainText(words.invite.noMail);
  await invite.type([nora.email]);
  await invite.send.click();
  const verdict = invite.verdict(nora.email);
  const field = verdict.getByRole('textbox', { name: words.invite.link });
  const link = linkIn(await field.inputValue()) ?? '';
  expect(link).toContain(`${site.server.url}/invite/`);
  await verdict.getByRole('button', { name: words.invite.copy, exact: true }).click();
  await expect(verdict.getByText(words.invite.copied, { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  const guest = await open(site);
  await acceptAsNew(guest, link, nora);
  await expect(guest).toHaveURL(`/w/${site.slug}`);
  await invite.close();
  await expect(statusOf(page, nora.email)).toContainText('Accepted');
});

test('a copied link needs a code from the mailbox before it lets a new person in', async ({ open, start, watch }) => {
  watch.expects(/^answer 4\d\d POST \/invitation\/join$/);
  const site = await start();
  const cora = person('Cora Copied');
  const page = await open(site, { as: site.owner, clipboard: true });
  await visit(page, site.invitationsPath);
  await (await inviteByDialog(page, { addresses: [cora.email] })).close();
  await site.mail.waitFor(cora.email);
  await (await menuItem(page, cora.email, words.invitations.copyLink)).click();
  await expect(dialog(page, words.invitations.linkDialog)).toContainText(cora.email);
  const link = linkIn(await page.evaluate(() => navigator.clipboard.readText())) ?? '';

  const guest = await open(site);
  await guest.goto(link);
  // Whether the address has an account is not told (rule 27).
  await expect(guest.getByText(words.accept.haveAccount)).toBeVisible();
  await guest.getByRole('button', { name: words.accept.sendCode }).click();
  const mails = await site.mail.waitFor(cora.email, 2);
  const code = /\b\d{6}\b/.exec(mails[1]?.text ?? '')?.[0] ?? '';
  await guest.getByLabel(words.accept.code).fill('000000');
  await fillNewPerson(guest, cora.name, cora.password);
  await expect(guest.getByLabel(words.accept.code)).toHaveAttribute('aria-invalid', 'true');
  expect(await storedStatus(site.server, cora.email)).toBe('pending');
  await guest.getByLabel(words.accept.code).fill(code);
  await fillNewPerson(guest, cora.name, cora.password);
  await expect(guest).toHaveURL(`/w/${site.slug}`);
});
