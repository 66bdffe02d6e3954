// Viewing the console as a member sees it: reason, banner, only looking, and the way out.
import type { Browser, Page } from '@playwright/test';

import { done, memberPath } from './support/api';
import { axe, shots } from './support/console';
import { ageProofs } from './support/database';
import { actionOf, press } from './support/matrix';
import type { Person } from './support/site';
import { dialog, inviteButton, navigation, openUntil, row, signIn, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

// Each state is looked at three times and drawn four times.
test.describe.configure({ timeout: 180_000 });

const site = useSite();
const REASON = 'Ben can not find the logs';

/** Checks what is on screen and keeps its picture. */
async function check(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    await expect(page.locator('.skeleton:visible')).toHaveCount(0);
    await axe(page, name);
    await shots(page, name);
  });
}

/** The banner, which stands above every page of a view. */
function banner(page: Page) {
  return page.getByRole('region', { name: words.viewAs.region });
}

/** An admin and a member of their own; the admin signs in anew, since a view gives their session another secret. */
async function pair(browser: Browser, page: Page, names: [string, string]): Promise<[Person, Person]> {
  const admin = await site().member(browser, names[0], 'Admin');
  const member = await site().member(browser, names[1], 'Operator');
  await signIn(page, admin);
  return [admin, member];
}

/** Begins a view from the page of a member. */
async function begin(page: Page, member: Person): Promise<void> {
  await visit(page, await memberPath(page, site(), member.email));
  const shown = dialog(page, new RegExp(`^View as ${member.name}$`));
  await openUntil(page.getByRole('button', { name: words.viewAs.open }), shown);
  await shown.getByLabel(words.viewAs.reason).fill(REASON);
  await press(shown.getByRole('button', { name: `View as ${member.name}`, exact: true }));
  await expect(banner(page)).toBeVisible();
}

test('an admin sees what a member sees, changes nothing, and goes back to their page', async ({ browser, open, watch }) => {
  // The old secret of the session is worth nothing, and what is refused is answered with 403.
  watch.expects(/^answer 401 /, /^answer 403 /, /^answer 404 GET \/w\/[^/]+\/events/, /ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const page = await open(site());
  const [admin, ben] = await pair(browser, page, ['Ada Minster', 'Ben Okafor']);
  await visit(page, site().membersPath);
  await (await actionOf(page, ben.name, words.viewAs.item)).click();
  const shown = dialog(page, /^View as Ben Okafor$/);
  const start = shown.getByRole('button', { name: 'View as Ben Okafor', exact: false }).last();
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await check(page, 'view-as-dialog');
  await shown.getByLabel(words.viewAs.reason).fill(REASON);
  await press(shown.getByRole('button', { name: 'View as Ben Okafor', exact: true }));

  await expect(banner(page)).toContainText('Viewing as Ben Okafor, read-only.');
  await expect(banner(page).getByRole('timer')).toHaveText(/^(30:00|29:\d\d) left\.$/);
  await visit(page, site().membersPath);
  await expect(row(page, ben.email)).toContainText('(you)');
  await expect(row(page, admin.email)).not.toContainText('(you)');
  await expect(navigation(page)).toContainText(admin.email);
  await expect(inviteButton(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(inviteButton(page)).toContainText('You are viewing as Ben Okafor, read-only.');
  await check(page, 'view-as-members');

  const refused = await page.request.post('/api/rename_account', {
    data: { name: 'Somebody Else' },
    headers: { origin: site().server.url },
  });
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'view_as_read_only' });
  await page.goto('/account');
  await expect(banner(page)).toBeVisible();
  await expect(page.getByRole('main')).toContainText(words.viewAs.hidden);
  await check(page, 'view-as-hidden');

  await banner(page).getByRole('button', { name: words.viewAs.exit }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ben Okafor' })).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
  expect((await site().mail.about(ben.email, `${site().workspace} was looked at as you see it`)).text).toContain(REASON);

  const owner = await open(site(), { as: site().owner });
  await visit(owner, `/w/${site().slug}/audit`);
  const main = owner.getByRole('main');
  for (const told of [words.viewAs.started, words.viewAs.seen, words.viewAs.refused, words.viewAs.ended]) {
    await expect(main.getByText(told).first()).toBeVisible();
  }
  await expect(main).toContainText(`viewing as Ben Okafor <${ben.email}>`);
  await expect(main).toContainText(REASON);
});

test('it asks for the password when the proof is old, and for nobody who is an owner', async ({ browser, open, watch }) => {
  watch.expects(/^answer 401 /, /^answer 403 /, /^answer 404 GET \/w\/[^/]+\/events/, /ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const page = await open(site());
  const [admin, cem] = await pair(browser, page, ['Aki Minster', 'Cem Okafor']);
  await visit(page, site().membersPath);
  const blocked = await actionOf(page, site().owner.name, words.viewAs.item);
  await expect(blocked).toHaveAttribute('aria-disabled', 'true');
  await expect(blocked).toContainText('Nobody views as an owner.');
  await page.keyboard.press('Escape');
  await ageProofs(site().server);
  await visit(page, await memberPath(page, site(), cem.email));
  const shown = dialog(page, /^View as Cem Okafor$/);
  await openUntil(page.getByRole('button', { name: words.viewAs.open }), shown);
  await shown.getByLabel(words.viewAs.reason).fill(REASON);
  await press(shown.getByRole('button', { name: 'View as Cem Okafor', exact: true }));
  const confirm = dialog(page, new RegExp(words.confirm.title));
  await confirm.getByLabel(words.confirm.password).fill(admin.password);
  await confirm.getByRole('button', { name: words.confirm.submit }).click();
  await expect(banner(page)).toContainText('Viewing as Cem Okafor, read-only.');
});

test('the way out works without scripts and on a phone', async ({ browser, open, watch }) => {
  watch.expects(/^answer 401 /, /^answer 403 /, /^answer 404 GET \/w\/[^/]+\/events/, /ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const page = await open(site(), { phone: true });
  const [, dan] = await pair(browser, page, ['Asa Minster', 'Dan Okafor']);
  await begin(page, dan);
  await visit(page, site().membersPath);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expect(banner(page)).toBeInViewport();
  await check(page, 'view-as-phone');

  const plain = await open(site(), { js: false });
  await plain.context().addCookies(await page.context().cookies());
  await plain.goto(site().membersPath);
  await expect(banner(plain)).toContainText('Viewing as Dan Okafor, read-only.');
  await expect(banner(plain)).toContainText('Until ');
  await banner(plain).getByRole('button', { name: words.viewAs.exit }).click();
  await expect(plain.getByRole('heading', { level: 1, name: 'Dan Okafor' })).toBeVisible();
  await expect(banner(plain)).toHaveCount(0);
  // The browser that is left behind has a secret that is worth nothing.
  await page.goto(site().membersPath);
  await expect(page).toHaveURL(/\/sign-in\?/);
});

test('an owner switches it off, and a view that goes on is over', async ({ browser, open, watch }) => {
  watch.expects(/^answer 401 /, /^answer 403 /, /^answer 404 GET \/w\/[^/]+\/events/, /ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const page = await open(site());
  const [, eva] = await pair(browser, page, ['Ava Minster', 'Eva Okafor']);
  await begin(page, eva);
  await visit(page, site().membersPath);
  const owner = await open(site(), { as: site().owner });
  await visit(owner, `/w/${site().slug}/settings`);
  const part = owner.getByRole('region', { name: words.viewAs.settings });
  await part.getByRole('checkbox', { name: /^Viewing as a member is possible/ }).uncheck();
  await press(part.getByRole('button', { name: words.viewAs.save }));
  await expect(owner.locator('.toaster')).toContainText('The rules for viewing as somebody are saved.');
  await check(owner, 'settings-view-as');
  // The open page notices by itself and is the admin's own again.
  await expect(page.getByRole('heading', { level: 1, name: 'Eva Okafor' })).toBeVisible({ timeout: 20_000 });
  await expect(banner(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: words.viewAs.open })).toHaveAttribute('aria-disabled', 'true');
  await done(owner, site(), 'set_view_policy', {
    before: { enabled: false, notice: true },
    policy: { enabled: true, notice: true },
  });
});
