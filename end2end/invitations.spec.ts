// What an admin can do with invitations that are out, and with the list of them.
import { sql } from './support/database';
import { linkIn } from './support/mail';
import { type Site, person } from './support/site';
import { choose, dialog, inviteByDialog, menuItem, openUntil, row, statusOf, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

/** More than one page of them, with one waiting for each test. */
const MANY = Array.from({ length: 56 }, (_, i) => `many${String(i).padStart(2, '0')}@example.org`);
const guests = {
  resend: person('Ria Send').email,
  revoke: person('Rob Evoke').email,
  role: person('Rolf Oleson').email,
  copy: person('Coby Link').email,
  help: person('Helga Mail').email,
  stale: person('Stella Page').email,
  late: person('Lars Late').email,
};

const site = useSite({}, async (made, browser) => {
  await made.invite(browser, MANY, 'Viewer');
  await made.invite(browser, Object.values(guests));
});

const list = (made: Site, query = ''): string => `${made.invitationsPath}${query}`;

test('resending keeps one row, makes a new link and says when it was sent', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site()));
  await sql(site().server, 'UPDATE invitations SET sent_at = ? WHERE email_norm = ?', [
    new Date(Date.now() - 7_200_000).toISOString().replace('Z', '000+00:00'),
    guests.resend,
  ]);
  const before = await sql(site().server, 'SELECT expires_at FROM invitations WHERE email_norm = ?', [guests.resend]);
  await choose(page, guests.resend, words.invitations.resend);
  const [first, second] = await site().mail.waitFor(guests.resend, 2);
  expect(second?.link).toBeDefined();
  expect(second?.link).not.toBe(first?.link);
  expect(second?.messageId).not.toBe(first?.messageId);
  await expect(row(page, guests.resend)).toHaveCount(1);
  await expect(row(page, guests.resend)).toContainText(/just now|less than a minute|UTC/);
  const after = await sql(site().server, 'SELECT expires_at FROM invitations WHERE email_norm = ?', [guests.resend]);
  expect(String(after[0]?.[0]) > String(before[0]?.[0])).toBe(true);
});

test('an expired invitation is listed and can be resent', async ({ open }) => {
  await sql(site().server, 'UPDATE invitations SET expires_at = ? WHERE email_norm = ?', [
    '2020-01-01T00:00:00+00:00',
    guests.late,
  ]);
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site(), `?search=${guests.late}`));
  await expect(statusOf(page, guests.late)).toContainText('Expired');
  await choose(page, guests.late, words.invitations.resend);
  await expect(statusOf(page, guests.late)).toContainText('Pending');
  const link = await site().mail.link(guests.late, 2);
  const guest = await open(site());
  await guest.goto(link);
  await expect(guest.getByLabel(words.accept.name)).toBeVisible();
});

test('revoking asks first and names the address', async ({ open, watch }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site()));
  await choose(page, guests.revoke, words.invitations.revoke);
  const confirm = dialog(page, words.invitations.revokeDialog);
  await expect(confirm).toContainText(guests.revoke);
  await page.keyboard.press('Escape');
  await expect(confirm).toBeHidden();
  await expect(statusOf(page, guests.revoke)).toContainText('Pending');
  await choose(page, guests.revoke, words.invitations.revoke);
  await confirm.getByRole('button', { name: words.invitations.revoke }).click();
  await expect(statusOf(page, guests.revoke)).toContainText('Revoked');
  watch.expects(/^answer 410 GET \/invite\//);
  const guest = await open(site());
  await guest.goto(await site().mail.link(guests.revoke));
  await expect(guest.getByRole('heading', { level: 1, name: words.ended.revoked })).toBeVisible();
});

test('changing the role sends a new link with the new role', async ({ open, watch }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site()));
  await choose(page, guests.role, words.invitations.changeRole);
  const change = dialog(page, words.invitations.roleDialog);
  await expect(change).toContainText(guests.role);
  await change.getByRole('radio', { name: /^Viewer/ }).check();
  await change.getByRole('button', { name: words.invitations.changeRole }).click();
  await expect(change).toBeHidden();
  await expect(row(page, guests.role)).toContainText('Viewer');
  const [first, second] = await site().mail.waitFor(guests.role, 2);
  expect(second?.text).toContain('Viewer');
  watch.expects(/^answer 410 GET \/invite\//);
  const guest = await open(site());
  await guest.goto(first?.link ?? '');
  await expect(guest.getByRole('heading', { level: 1, name: words.ended.replaced })).toBeVisible();
  await guest.goto(second?.link ?? '');
  await expect(guest.getByRole('main')).toContainText('Viewer');
});

test('a page that is out of date is told what happened first', async ({ open, watch }) => {
  watch.expects(/^answer 409 POST \/api\//);
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site()));
  const confirm = dialog(page, words.invitations.revokeDialog);
  await choose(page, guests.stale, words.invitations.revoke);
  await expect(confirm).toBeVisible();
  const other = await open(site(), { as: site().owner });
  await visit(other, list(site()));
  await choose(other, guests.stale, words.invitations.revoke);
  await dialog(other, words.invitations.revokeDialog).getByRole('button', { name: words.invitations.revoke }).click();
  await expect(statusOf(other, guests.stale)).toContainText('Revoked');
  await confirm.getByRole('button', { name: words.invitations.revoke }).click();
  await expect(confirm.getByRole('alert')).toContainText(/changed|revoked/i);
  await page.keyboard.press('Escape');
  await expect(statusOf(page, guests.stale)).toContainText('Revoked');
});

test('links can be copied as long as the workspace allows it', async ({ open }) => {
  const page = await open(site(), { as: site().owner, clipboard: true });
  await visit(page, list(site()));
  const allow = async (allowed: boolean): Promise<void> => {
    await page.getByRole('link', { name: words.invitations.settings }).click();
    const settings = page.getByRole('region', { name: words.settings.invitations });
    await settings.getByRole('checkbox', { name: words.invitations.copyLinkSwitch }).setChecked(allowed);
    await settings.getByRole('button', { name: words.invitations.save }).click();
    await expect(page.getByText(words.settings.policySaved)).toBeVisible();
    await visit(page, list(site()));
  };
  await test.step('switched on', async () => {
    await (await menuItem(page, guests.copy, words.invitations.copyLink)).click();
    const handed = dialog(page, words.invitations.linkDialog);
    await expect(handed).toContainText(guests.copy);
    const copied = linkIn(await page.evaluate(() => navigator.clipboard.readText())) ?? '';
    await expect(handed.getByRole('textbox', { name: words.invite.link })).toHaveValue(copied);
    await handed.getByRole('button', { name: 'Done' }).click();
    await expect(handed).toBeHidden();
    const guest = await open(site());
    await guest.goto(copied);
    await expect(guest.getByRole('main')).toContainText(guests.copy);
    // The mailed link goes on working.
    await guest.goto(await site().mail.link(guests.copy));
    await expect(guest.getByLabel(words.accept.name)).toBeVisible();
  });
  await test.step('switched off', async () => {
    await allow(false);
    const item = await menuItem(page, guests.copy, words.invitations.copyLink);
    await expect(item).toHaveAttribute('aria-disabled', 'true');
    await expect(item).toContainText(/switched off|not allow|settings/i);
    await page.keyboard.press('Escape');
    await allow(true);
    await expect(await menuItem(page, guests.copy, words.invitations.copyLink)).not.toHaveAttribute('aria-disabled');
  });
});

test('somebody who did not get the mail can be helped', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site()));
  const help = dialog(page, words.invitations.helpDialog);
  await openUntil(row(page, guests.help).getByRole('button', { name: words.invitations.help }), help);
  await expect(help).toContainText(guests.help);
  await expect(help).toContainText(/spam/i);
  await expect(help).toContainText(/the link ends .*UTC/i);
  await expect(help.getByRole('listitem')).toHaveCount(1);
  await expect(help.getByRole('listitem')).toContainText(/^Sent /);
  await expect(help.getByRole('button', { name: words.invitations.copyLink })).toBeEnabled();
  await help.getByRole('button', { name: words.invitations.resend }).click();
  await expect(help).toBeHidden();
  await site().mail.waitFor(guests.help, 2);
  await choose(page, guests.help, /^mails and help/i);
  await expect(help.getByRole('listitem')).toHaveCount(2);
  await expect(help.getByRole('listitem').first()).toContainText(/^Sent /);
});

test('search, filters and order are in the address, and Back undoes them', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, list(site()));
  await page.getByRole('searchbox').fill('many1');
  await expect(page).toHaveURL(/[?&]search=many1/);
  await expect(row(page, 'many15@')).toBeVisible();
  await expect(row(page, 'many25@')).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Accepted' });
  await expect(page).toHaveURL(/[?&]status=accepted/);
  await expect(row(page, 'many15@')).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('many1');
  await page.goBack();
  await expect(page).not.toHaveURL(/status=/);
  await expect(row(page, 'many15@')).toBeVisible();
  await expect(page.getByRole('searchbox')).toHaveValue('many1');
  await page.getByRole('columnheader', { name: 'E-mail' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/[?&]sort=email/);
  await expect
    .poll(async () => {
      const shown = await page.getByRole('row').filter({ hasText: 'many1' }).allInnerTexts();
      const addresses = shown.map((text) => /many\d\d@example\.org/.exec(text)?.[0]);
      return addresses.length > 5 && addresses.join() === [...addresses].sort().join();
    })
    .toBe(true);
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('many1');
  await expect(page.getByRole('columnheader', { name: 'E-mail' }).first()).toHaveAttribute('aria-sort', 'ascending');
});

test('pages follow one another without loss or repetition, also without scripts', async ({ open }) => {
  for (const js of [true, false]) {
    const page = await open(site(), { as: site().owner, js });
    const seen: string[] = [];
    await page.goto(list(site(), '?sort=email&direction=up&search=many'));
    const collect = async (): Promise<void> => {
      const texts = await page.getByRole('row').filter({ hasText: 'many' }).allInnerTexts();
      seen.push(...texts.map((text) => /many\d\d@example\.org/.exec(text)?.[0] ?? ''));
    };
    await expect(page.getByRole('row').filter({ hasText: 'many' })).toHaveCount(50);
    await collect();
    await page.getByRole('link', { name: words.members.next }).click();
    await expect(page).toHaveURL(/[?&]cursor=/);
    await expect(page.getByRole('row').filter({ hasText: 'many' })).toHaveCount(MANY.length - 50);
    await collect();
    expect(seen).toEqual(MANY);
    await page.getByRole('link', { name: words.members.previous }).click();
    await expect(row(page, 'many00@')).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'many' })).toHaveCount(50);
  }
});

test('searching works without scripts', async ({ open }) => {
  const page = await open(site(), { as: site().owner, js: false });
  await page.goto(list(site()));
  await page.getByRole('searchbox').fill('many42');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/[?&]search=many42/);
  await expect(row(page, 'many42@')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'many' })).toHaveCount(1);
});

test('an address that senseless questions are put to answers with a list', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  for (const query of ['?status=gone&sort=%00&direction=sideways', '?role=x&search=%25%5F%27', '?search=%F0%9F%A6%8A']) {
    const answer = await page.goto(list(site(), query));
    expect(answer?.status()).toBe(200);
  }
});

test('an address that joined is not among those who wait', async ({ browser, open }) => {
  const who = await site().member(browser, 'Jo Ined', 'Operator');
  const page = await open(site(), { as: who });
  await visit(page, list(site(), '?status=accepted'));
  await expect(statusOf(page, who.email)).toContainText('Accepted');
  const again = await open(site(), { as: site().owner });
  await visit(again, list(site()));
  const invite = await inviteByDialog(again, { addresses: [who.email] });
  await expect(invite.verdict(who.email)).toContainText(words.invite.member);
});
