// Every way in which a link can not be used: its page, its status, its headers, its next step.
import type { Page } from '@playwright/test';

import { expire, sql, storedStatus } from './support/database';
import { tokenOf } from './support/mail';
import { type Site, person } from './support/site';
import { acceptAsNew, choose, dialog, fillNewPerson, mainText, openSwitcher, row, statusOf as invitationStatus, visit } from './support/story';
import type { Watch } from './support/console';
import { expect, test, useSite } from './support/test';
import { statusOf, words } from './support/words';

const guests = {
  expired: person('Edna Past'),
  gap: person('Gail Tween'),
  revoked: person('Rhea Vokes'),
  resent: person('Reza Sentmann'),
  declined: person('Dick Line'),
  used: person('Una Sed'),
  race: person('Ray Ce'),
  stale: person('Sten Ale'),
  other: person('Otto Her'),
  second: person('Sara Kond'),
  tampered: person('Tam Pered'),
};

const site = useSite({}, async (made, browser) => {
  await made.invite(browser, Object.values(guests).map((guest) => guest.email));
});

/** What every page of an invitation says in its headers, whatever became of the invitation. */
async function checkHeaders(link: string, status: number): Promise<void> {
  const { pathname } = new URL(link);
  for (const method of ['GET', 'HEAD']) {
    const answer = await site().server.raw(pathname, { method });
    expect(answer.status, `${method} of a link`).toBe(status);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.headers['content-security-policy']).toContain("script-src 'none'");
    expect(answer.headers['location']).toBeUndefined();
  }
}

/** Opens a link and expects the page of an ended invitation. */
async function expectEnded(
  page: Page,
  watch: Watch,
  link: string,
  ended: keyof typeof statusOf & keyof typeof words.ended,
): Promise<void> {
  watch.expects(new RegExp(`^answer ${statusOf[ended]} GET /invite/`));
  await checkHeaders(link, statusOf[ended]);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1, name: words.ended[ended] })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  // The page itself must not spread the token.
  if (ended !== 'unknown') expect(await page.getByRole('main').innerHTML()).not.toContain(tokenOf(link));
}

test('an open link shows the offer and says how it is to be treated', async () => {
  await checkHeaders(await site().mail.link(guests.other.email), statusOf.open);
});

test('an expired link names who can send a new one', async ({ open, watch }) => {
  await expire(site().server, guests.expired.email);
  const page = await open(site());
  await expectEnded(page, watch, await site().mail.link(guests.expired.email), 'expired');
  expect(await mainText(page)).toContain(site().owner.name);
  expect(await mainText(page)).toContain(site().workspace);
});

test('between expiry and the sweeper, list, filter and link agree', async ({ open, watch }) => {
  await expire(site().server, guests.gap.email);
  const page = await open(site(), { as: site().owner });
  await visit(page, `${site().invitationsPath}?status=expired`);
  await expect(invitationStatus(page, guests.gap.email)).toContainText('Expired');
  await page.goto(`${site().invitationsPath}?status=pending`);
  await expect(row(page, guests.other.email)).toBeVisible();
  await expect(row(page, guests.gap.email)).toHaveCount(0);
  await expectEnded(await open(site()), watch, await site().mail.link(guests.gap.email), 'expired');
});

test('a revoked link says so', async ({ open, watch }) => {
  const admin = await open(site(), { as: site().owner });
  await revoke(admin, site(), guests.revoked.email);
  const page = await open(site());
  await expectEnded(page, watch, await site().mail.link(guests.revoked.email), 'revoked');
  expect(await mainText(page)).toContain(site().owner.name);
});

test('a link that a resend replaced says that there is a newer mail, and when', async ({ open, watch }) => {
  const admin = await open(site(), { as: site().owner });
  await visit(admin, site().invitationsPath);
  await choose(admin, guests.resent.email, words.invitations.resend);
  const [first, second] = await site().mail.waitFor(guests.resent.email, 2);
  expect(second?.link).not.toBe(first?.link);
  const page = await open(site());
  await expectEnded(page, watch, first?.link ?? '', 'replaced');
  await expect(page.getByRole('main').locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  await expect(page.getByRole('main').locator('time')).toContainText('UTC');
  await checkHeaders(second?.link ?? '', statusOf.open);
  await acceptAsNew(page, second?.link ?? '', guests.resent);
  await expect(page).toHaveURL(site().overviewPath);
});

test('a declined link says so, and declining again changes nothing', async ({ open, watch }) => {
  const link = await site().mail.link(guests.declined.email);
  const page = await open(site());
  await page.goto(link);
  const stale = await open(site());
  await stale.goto(link);
  await page.getByRole('button', { name: words.accept.decline }).click();
  await expect(page.getByRole('main')).toContainText(words.accept.declined);
  expect(await storedStatus(site().server, guests.declined.email)).toBe('declined');
  await expectEnded(page, watch, link, 'declined');
  watch.expects(/^answer 4\d\d POST \/invitation\/(decline|join)$/);
  await fillNewPerson(stale, guests.declined.name, guests.declined.password);
  await expect(stale.getByRole('heading', { level: 1, name: words.ended.declined })).toBeVisible();
  expect(await storedStatus(site().server, guests.declined.email)).toBe('declined');
});

test('a used link leads to the workspace', async ({ open, watch }) => {
  const link = await site().mail.link(guests.used.email);
  await acceptAsNew(await open(site()), link, guests.used);
  const page = await open(site());
  await expectEnded(page, watch, link, 'accepted');
  expect(await mainText(page)).toContain(guests.used.email);
  await page.getByRole('link', { name: `Open ${site().workspace}` }).click();
  // Nobody is signed in here: the way leads through the sign-in.
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('of two browsers that accept at once, one joins and the other is told', async ({ open, watch }) => {
  watch.expects(/^answer 4\d\d POST \/invitation\/join$/);
  const link = await site().mail.link(guests.race.email);
  const pages = [await open(site()), await open(site())];
  for (const page of pages) {
    await page.goto(link);
    await page.getByLabel(words.accept.name).fill(guests.race.name);
    await page.getByLabel(words.accept.password, { exact: true }).fill(guests.race.password);
  }
  await Promise.all(pages.map((page) => page.getByRole('button', { name: words.accept.join }).click()));
  await expect
    .poll(() => pages.filter((page) => new URL(page.url()).pathname.startsWith('/w/')).length)
    .toBe(1);
  const [loser] = pages.filter((page) => !new URL(page.url()).pathname.startsWith('/w/'));
  if (loser === undefined) throw new Error('both joined');
  await expect(loser.getByRole('heading', { level: 1, name: words.ended.accepted })).toBeVisible();
  const members = await sql(
    site().server,
    'SELECT COUNT(*) FROM members m JOIN users u ON u.id = m.user_id WHERE u.email_norm = ?',
    [guests.race.email],
  );
  expect(members).toEqual([[1]]);
});

test('a page left open while the invitation is revoked says so when it is sent', async ({ open, watch }) => {
  watch.expects(/^answer 4\d\d POST \/invitation\/join$/);
  const page = await open(site());
  await page.goto(await site().mail.link(guests.stale.email));
  const admin = await open(site(), { as: site().owner });
  await revoke(admin, site(), guests.stale.email);
  await fillNewPerson(page, guests.stale.name, guests.stale.password);
  await expect(page.getByRole('heading', { level: 1, name: words.ended.revoked })).toBeVisible();
  const users = await sql(site().server, 'SELECT COUNT(*) FROM users WHERE email_norm = ?', [guests.stale.email]);
  expect(users).toEqual([[0]]);
});

test('unknown, cut, tampered and senseless links all get the same page', async ({ open, watch }) => {
  const link = await site().mail.link(guests.tampered.email);
  const token = tokenOf(link);
  const flip = (at: number): string =>
    token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
  const page = await open(site());
  const texts = new Set<string>();
  for (const wrong of [
    flip(0),
    flip(Math.floor(token.length / 2)),
    token.slice(0, -1),
    `${token}A`,
    token.toUpperCase() === token ? token.toLowerCase() : token.toUpperCase(),
    'x',
    'a'.repeat(2_000),
    '%00',
    '%F0%9F%A6%8A',
    '..%2f..%2fetc%2fpasswd',
    "'%20OR%201=1--",
  ]) {
    await expectEnded(page, watch, `${site().server.url}/invite/${wrong}`, 'unknown');
    texts.add(await mainText(page));
  }
  expect(texts.size).toBe(1);
  expect(await storedStatus(site().server, guests.tampered.email)).toBe('pending');
});

test('signed in with another address, both addresses are shown and nothing is consumed', async ({ open }) => {
  const link = await site().mail.link(guests.other.email);
  const page = await open(site());
  await page.goto('/sign-in');
  await page.getByLabel(words.signIn.email).fill(site().owner.email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(site().owner.password);
  await page.getByRole('button', { name: words.signIn.submit, exact: true }).click();
  await expect(page).toHaveURL(site().overviewPath);
  await page.goto(link);
  await checkHeaders(link, statusOf.otherAccount);
  await expect(page.getByText(words.ended.otherAccount)).toBeVisible();
  await expect(page.getByRole('main')).toContainText(site().owner.email);
  await expect(page.getByRole('main')).toContainText(guests.other.email);
  expect(await storedStatus(site().server, guests.other.email)).toBe('pending');
  await page.getByRole('button', { name: words.accept.switchAccount }).click();
  await fillNewPerson(page, guests.other.name, guests.other.password);
  await expect(page).toHaveURL(site().overviewPath);
  await page.goto(site().membersPath);
  await expect(row(page, guests.other.email)).toContainText(guests.other.name);
  expect(await storedStatus(site().server, guests.other.email)).toBe('accepted');
});

test('somebody with an account elsewhere joins a second workspace and can switch', async ({ open }) => {
  const slug = await site().account(guests.second, 'Kond and Sons');
  const page = await open(site());
  await page.goto(await site().mail.link(guests.second.email));
  await page.getByLabel(words.accept.password, { exact: true }).fill(guests.second.password);
  await page.getByRole('button', { name: words.accept.signInAndJoin }).click();
  await expect(page).toHaveURL(site().overviewPath);
  const workspaces = await openSwitcher(page, site().workspace);
  await workspaces.getByRole('menuitem', { name: 'Kond and Sons' }).click();
  await expect(page).toHaveURL(new RegExp(`/w/${slug}/`));
  await expect(row(page, guests.second.email)).toContainText('Owner');
});

async function revoke(admin: Page, { invitationsPath }: Site, email: string): Promise<void> {
  await visit(admin, invitationsPath);
  await choose(admin, email, words.invitations.revoke);
  const confirm = dialog(admin, words.invitations.revokeDialog);
  await expect(confirm).toContainText(email);
  await confirm.getByRole('button', { name: words.invitations.revoke }).click();
  await expect(confirm).toBeHidden();
  await expect(invitationStatus(admin, email)).toContainText('Revoked');
}
