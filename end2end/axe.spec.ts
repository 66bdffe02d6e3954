// Every page and every dialog, in both themes and on a phone: WCAG 2.2 AA, and pictures of them.
import type { Page } from '@playwright/test';

import { axe, picture, shots } from './support/console';
import { expire } from './support/database';
import { seedDemo } from './support/demo';
import { type Person, person } from './support/site';
import {
  InviteDialog,
  choose,
  dialog,
  inviteByDialog,
  menuItem,
  navigation,
  openAccount,
  openSwitcher,
  row,
  statusOf,
  visit,
} from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

// Each state is looked at three times and drawn four times.
test.describe.configure({ timeout: 120_000 });

/** Checks what is on screen and keeps its picture. */
async function check(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    await axe(page, name);
    await shots(page, name);
  });
}

async function withoutBrowserChecks(page: Page): Promise<void> {
  await page.locator('form').evaluateAll((forms) => forms.forEach((form) => form.setAttribute('novalidate', '')));
}

test('the first run', async ({ open, start, watch }) => {
  watch.expects(/^answer 422 POST \/setup$/, /^answer 410 GET \/setup$/);
  const site = await start({ ready: false });
  const page = await open(site);
  await page.goto('/setup');
  await check(page, 'setup');
  await withoutBrowserChecks(page);
  await page.getByLabel(words.setup.code).fill(site.server.setupCode);
  await page.getByRole('button', { name: words.setup.submit }).click();
  await expect(page.getByLabel(words.setup.name)).toHaveAttribute('aria-invalid', 'true');
  await check(page, 'setup-wrong');
  await site.account(person('Una First'), 'First');
  await page.goto('/setup');
  await check(page, 'setup-done');
});

test.describe('pages without scripts', () => {
  const guests = {
    fresh: person('Nia Fresh'),
    known: person('Ken Own'),
    expired: person('Eli Expired'),
    revoked: person('Rae Revoked'),
    replaced: person('Rey Placed'),
    used: person('Uwe Sed'),
    declined: person('Dag Line'),
  };
  const site = useSite({}, async (made, browser) => {
    await made.invite(browser, Object.values(guests).map((guest) => guest.email));
    await made.account(guests.known, 'Elsewhere');
    await expire(made.server, guests.expired.email);
    await made.join(browser, guests.used);
  });

  test('signing in', async ({ open, watch }) => {
    watch.expects(/^answer 422 POST \/sign-in$/);
    const page = await open(site());
    await page.goto('/sign-in');
    await check(page, 'sign-in');
    await page.getByLabel(words.signIn.email).fill('nobody@example.org');
    await page.getByLabel(words.signIn.password, { exact: true }).fill('wrong wrong wrong wrong');
    await page.getByRole('button', { name: words.signIn.submit, exact: true }).click();
    await expect(page.getByText(words.signIn.wrong)).toBeVisible();
    await check(page, 'sign-in-wrong');
  });

  test('an invitation that can be accepted', async ({ open, watch }) => {
    watch.expects(/^answer 422 POST \/invitation\/join$/);
    const page = await open(site());
    await page.goto(await site().mail.link(guests.fresh.email));
    await check(page, 'invitation-new');
    await withoutBrowserChecks(page);
    await page.getByLabel(words.accept.name).fill('Nia');
    await page.getByLabel(words.accept.password, { exact: true }).fill('short');
    await page.getByRole('button', { name: words.accept.join }).click();
    await expect(page.getByText(words.accept.shortPassword)).toBeVisible();
    await check(page, 'invitation-new-wrong');
    await page.goto(await site().mail.link(guests.known.email));
    await check(page, 'invitation-known');
    const known = await open(site(), { as: guests.known });
    await known.goto(await site().mail.link(guests.known.email));
    await check(known, 'invitation-signed-in');
    await known.goto(await site().mail.link(guests.fresh.email));
    await check(known, 'invitation-other-account');
  });

  test('a copied link', async ({ open }) => {
    const admin = await open(site(), { as: site().owner, clipboard: true });
    await visit(admin, site().invitationsPath);
    await choose(admin, guests.fresh.email, words.invitations.copyLink);
    const handed = dialog(admin, words.invitations.linkDialog);
    const link = await handed.getByRole('textbox', { name: words.invite.link }).inputValue();
    await check(admin, 'link-dialog');
    const page = await open(site());
    await page.goto(link);
    await check(page, 'invitation-copied');
    await page.getByText(words.accept.haveAccount).click();
    await check(page, 'invitation-copied-known');
    await page.getByRole('button', { name: words.accept.sendCode }).click();
    await expect(page.getByLabel(words.accept.code)).toBeVisible();
    await check(page, 'invitation-code');
  });

  test('invitations that ended', async ({ open, watch }) => {
    watch.expects(/^answer 4(04|10) GET /);
    const admin = await open(site(), { as: site().owner });
    await visit(admin, site().invitationsPath);
    await choose(admin, guests.revoked.email, words.invitations.revoke);
    const confirm = dialog(admin, words.invitations.revokeDialog);
    await confirm.getByRole('button', { name: words.invitations.revoke }).click();
    await expect(statusOf(admin, guests.revoked.email)).toContainText('Revoked');
    await choose(admin, guests.replaced.email, words.invitations.resend);
    await site().mail.waitFor(guests.replaced.email, 2);
    const page = await open(site());
    await page.goto(await site().mail.link(guests.declined.email));
    await page.getByRole('button', { name: words.accept.decline }).click();
    await check(page, 'invitation-declined-now');
    for (const ended of ['expired', 'revoked', 'replaced', 'used', 'declined'] as const) {
      await page.goto(await site().mail.link(guests[ended].email));
      await check(page, `invitation-${ended}`);
    }
    await page.goto('/invite/nothing');
    await check(page, 'invitation-unknown');
    await page.goto('/nothing/here');
    await check(page, 'problem');
  });
});

test.describe('the console', () => {
  let owner: Person;
  const site = useSite({ ready: false }, async (made) => {
    owner = await seedDemo(made, 60);
  });

  async function enter(page: Page, path = ''): Promise<string> {
    await page.goto('/');
    await page.waitForURL(/\/w\/[^/]+\/overview/);
    site().slug = /\/w\/([^/]+)/.exec(page.url())?.[1] ?? '';
    await visit(page, `${site().membersPath}${path}`);
    return site().slug;
  }

  test('lists', async ({ open, watch }) => {
    watch.expects(/^answer 404 GET /);
    const page = await open(site(), { as: owner });
    await enter(page);
    await check(page, 'members');
    await visit(page, `${site().membersPath}?search=zzzz`);
    await check(page, 'members-none');
    await visit(page, site().invitationsPath);
    await check(page, 'invitations');
    for (const status of ['accepted', 'expired', 'revoked', 'declined', 'pending']) {
      await visit(page, `${site().invitationsPath}?status=${status}`);
      await expect(page.getByRole('row').nth(1)).toBeVisible();
    }
    await visit(page, `${site().invitationsPath}?search=zzzz`);
    await check(page, 'invitations-none');
    await page.goto('/w/not-mine/members');
    await check(page, 'not-found');
  });

  test('menus and the drawer', async ({ open }) => {
    const page = await open(site(), { as: owner });
    await enter(page);
    await page.getByRole('row').nth(2).getByRole('button', { name: words.invitations.actions }).click();
    await check(page, 'member-menu');
    await page.keyboard.press('Escape');
    await openAccount(page);
    await check(page, 'account-menu');
    await page.keyboard.press('Escape');
    const workspace = await navigation(page).getByRole('button').first().innerText();
    await openSwitcher(page, workspace.split('\n')[1] ?? workspace);
    await check(page, 'workspaces-menu');
    const phone = await open(site(), { as: owner, phone: true });
    await enter(phone);
    await phone.getByRole('button', { name: words.frame.openNavigation }).click();
    await expect(navigation(phone)).toBeVisible();
    await phone.screenshot({ path: picture('drawer-light-390') });
  });

  test('the invite dialog', async ({ open }) => {
    const page = await open(site(), { as: owner });
    await enter(page);
    const empty = await InviteDialog.open(page);
    await check(page, 'invite-empty');
    await empty.type(['good@example.org', 'bad@', 'good@example.org']);
    await check(page, 'invite-filled');
    await page.keyboard.press('Escape');
    await expect(empty.root.getByRole('button', { name: words.invite.keep })).toBeVisible();
    await check(page, 'invite-discard');
    await empty.root.getByRole('button', { name: words.invite.discard, exact: true }).click();
    const sent = await inviteByDialog(page, { addresses: ['fine@example.org', 'bad@', owner.email] });
    await check(page, 'invite-verdicts');
    await sent.close();
  });

  test('the dialogs of an invitation', async ({ open }) => {
    const page = await open(site(), { as: owner });
    await enter(page);
    await visit(page, site().invitationsPath);
    const email = 'dialogs@example.org';
    await (await inviteByDialog(page, { addresses: [email] })).close();
    await expect(row(page, email)).toBeVisible();
    await menuItem(page, email, words.invitations.revoke);
    await check(page, 'invitation-menu');
    await page.keyboard.press('Escape');
    for (const [item, title, name] of [
      [words.invitations.revoke, words.invitations.revokeDialog, 'revoke'],
      [words.invitations.changeRole, words.invitations.roleDialog, 'change-role'],
      [/^mails and help/i, words.invitations.helpDialog, 'mail-help'],
    ] as const) {
      await choose(page, email, item);
      await expect(dialog(page, title)).toBeVisible();
      await check(page, name);
      await page.keyboard.press('Escape');
      await expect(dialog(page, title)).toBeHidden();
    }
  });
});

test.describe('what some people see', () => {
  let viewer: Person;
  let operator: Person;
  const site = useSite({ mail: true }, async (made, browser) => {
    viewer = await made.member(browser, 'Vic Ewer', 'Viewer');
    operator = await made.member(browser, 'Opa Rator', 'Operator');
  });

  test('a list without rows, disabled controls, and a missing permission', async ({ open, watch }) => {
    watch.expects(/^answer 403 (GET \/w\/|POST \/api\/)/);
    const page = await open(site(), { as: operator });
    await visit(page, site().membersPath);
    await check(page, 'members-operator');
    const seen = await open(site(), { as: viewer });
    await visit(seen, site().membersPath);
    await check(seen, 'members-not-allowed');
  });

  test('a console without mail server and without invitations', async ({ open, start }) => {
    const quiet = await start({ mail: false });
    const page = await open(quiet, { as: quiet.owner });
    await visit(page, quiet.invitationsPath);
    await check(page, 'invitations-empty');
    await InviteDialog.open(page);
    await check(page, 'invite-without-mail');
    await page.keyboard.press('Escape');
    await inviteByDialog(page, { addresses: ['link@example.org'] });
    await check(page, 'invite-links');
  });
});
