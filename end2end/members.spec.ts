// The list of members: search, filters, order, pages; the frame around it; who may not invite.
import type { Locator, Page } from '@playwright/test';

import { brightness } from './support/console';
import { sql } from './support/database';
import { seedDemo } from './support/demo';
import type { Person } from './support/site';
import {
  InviteDialog,
  dialog,
  inviteButton,
  navigation,
  openAccount,
  openUntil,
  row,
  visit,
} from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

test.describe('with two hundred people', () => {
  let owner: Person;
  const site = useSite({ ready: false }, async (made) => {
    owner = await seedDemo(made, 200);
  });

  /** Signs in where people begin, learns the slug of the seeded workspace, and gives its list. */
  async function listOf(page: Page): Promise<string> {
    await page.goto('/');
    await expect(page).toHaveURL(/\/w\/[^/]+\/overview$/);
    site().slug = /\/w\/([^/]+)/.exec(page.url())?.[1] ?? '';
    return site().membersPath;
  }

  test('pages follow one another without loss or repetition, with and without scripts', async ({ open }) => {
    for (const js of [true, false]) {
      const page = await open(site(), { as: owner, js });
      await page.goto(await listOf(page));
      const emails = new Set<string>();
      let rows = 0;
      for (let number = 1; number <= 10; number += 1) {
        const texts = await page.getByRole('row').filter({ hasText: '@' }).allInnerTexts();
        expect(texts.length).toBeLessThanOrEqual(50);
        rows += texts.length;
        texts.forEach((text) => emails.add(/[^\s]+@[^\s]+/.exec(text)?.[0] ?? ''));
        const next = page.getByRole('link', { name: words.members.next });
        if ((await next.count()) === 0) break;
        const address = page.url();
        await next.click();
        await expect(page).not.toHaveURL(address);
        await expect(row(page, [...emails].at(-1) ?? '')).toHaveCount(0);
      }
      expect(rows).toBe(emails.size);
      expect(rows).toBeGreaterThanOrEqual(200);
    }
  });

  test('search, filters and order are in the address, and Back undoes them', async ({ open }) => {
    const page = await open(site(), { as: owner });
    await visit(page, await listOf(page));
    const first = page.getByRole('row').filter({ hasText: '@' }).nth(3);
    const email = /[^\s]+@[^\s]+/.exec(await first.innerText())?.[0] ?? '';
    await page.keyboard.press('/');
    await expect(page.getByRole('searchbox')).toBeFocused();
    await page.keyboard.type(email.toUpperCase());
    await expect(page).toHaveURL(/[?&]search=/);
    await expect(page.getByRole('row').filter({ hasText: '@' })).toHaveCount(1);
    await expect(row(page, email)).toBeVisible();

    await page.getByRole('searchbox').fill('zzz nobody zzz');
    await expect(page.getByRole('heading', { name: words.members.none })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('zzz nobody zzz');
    await page.getByRole('link', { name: words.members.clear }).first().click();
    await expect(page.getByRole('row').filter({ hasText: '@' })).toHaveCount(50);

    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Suspended' });
    await expect(page).toHaveURL(/[?&]status=suspended/);
    await expect(page.getByRole('row').filter({ hasText: '@' }).filter({ hasNotText: 'Suspended' })).toHaveCount(0);
    await expect(page.getByRole('row').filter({ hasText: '@' }).first()).toContainText('Suspended');
    await page.goBack();
    await expect(page).not.toHaveURL(/status=/);
    await expect(page.getByRole('combobox', { name: 'Status' })).toHaveValue('');
    await page.getByRole('columnheader', { name: 'Joined' }).getByRole('link').click();
    await expect(page).toHaveURL(/[?&]sort=joined/);
    await expect(page.getByRole('columnheader', { name: 'Joined' })).toHaveAttribute('aria-sort', 'descending');
    await expect
      .poll(async () => {
        const moments = await page.locator('td:nth-of-type(6) time').evaluateAll((times) =>
          times.map((time) => time.getAttribute('datetime') ?? ''),
        );
        return moments.length > 10 && moments.join() === [...moments].sort().reverse().join();
      })
      .toBe(true);
    await page.getByRole('columnheader', { name: 'Joined' }).getByRole('link').click();
    await expect(page.getByRole('columnheader', { name: 'Joined' })).toHaveAttribute('aria-sort', 'ascending');
  });

  test('searching and filtering work without scripts', async ({ open }) => {
    const page = await open(site(), { as: owner, js: false });
    await page.goto(await listOf(page));
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Active' });
    await page.getByRole('searchbox').fill('a');
    await page.getByRole('button', { name: words.members.apply }).click();
    await expect(page).toHaveURL(/search=a/);
    await expect(page).toHaveURL(/status=active/);
    await expect(page.getByRole('row').filter({ hasText: '@' }).first()).toBeVisible();
  });

  test('what is asked for beyond the list is not an error of ours', async ({ open }) => {
    const page = await open(site(), { as: owner });
    const pathname = await listOf(page);
    for (const query of ['?status=gone&sort=x', '?search=%25_%27%22%3Cb%3E', `?search=${'a'.repeat(3_000)}`]) {
      const answer = await page.goto(pathname + query);
      expect(answer?.status()).toBeLessThan(500);
    }
  });

  test('a cursor that is none is answered with the way back', async ({ open, watch }) => {
    watch.expects(/^answer 4\d\d (GET \/w\/|POST \/api\/list_members)/);
    const page = await open(site(), { as: owner });
    const answer = await page.goto(`${await listOf(page)}?cursor=nonsense`);
    expect(answer?.status()).toBeLessThan(500);
    await expect(page.getByRole('main')).toContainText(/first page|start/i);
  });

  test('a workspace that is not one’s own does not exist', async ({ open, watch }) => {
    watch.expects(/^answer 404 /);
    const page = await open(site(), { as: owner });
    const answer = await page.goto('/w/not-mine/members');
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: words.frame.notFound })).toBeVisible();
    const nowhere = await page.goto('/there/is/nothing');
    expect(nowhere?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/not found|nothing here/i);
  });
});

test.describe('in a small workspace', () => {
  let operator: Person;
  let viewer: Person;
  const site = useSite({}, async (made, browser) => {
    operator = await made.member(browser, 'Omar Perez', 'Operator');
    viewer = await made.member(browser, 'Vera Ewing', 'Viewer');
  });

  test('a member who may not invite sees why', async ({ open }) => {
    const page = await open(site(), { as: operator });
    await visit(page, site().membersPath);
    const invite = inviteButton(page);
    await expect(invite).toHaveAttribute('aria-disabled', 'true');
    await expect(invite).toHaveAccessibleName(/team:manage/);
    await expect(invite).toHaveAttribute('title', /team:manage/);
    await invite.focus();
    await expect(invite).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog(page)).toHaveCount(0);
    await page.goto(site().invitationsPath);
    const lines = page.getByRole('row').filter({ has: page.getByRole('button', { name: words.invitations.actions }) });
    for (const line of await lines.all()) {
      const menu = line.getByRole('button', { name: words.invitations.actions });
      await openUntil(menu, line.getByRole('menu'));
      for (const name of [words.invitations.resend, words.invitations.revoke, words.invitations.changeRole]) {
        const item = line.getByRole('menuitem', { name });
        if ((await item.count()) > 0) await expect(item).toHaveAttribute('aria-disabled', 'true');
      }
      await page.keyboard.press('Escape');
    }
  });

  test('the server refuses what the page would not offer', async ({ open }) => {
    const page = await open(site(), { as: operator });
    await page.goto(site().membersPath);
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await site().server.raw('/api/set_invitation_policy', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({
        slug: site().slug,
        before: { copy_link: true, hours: 72, allowed_domains: [] },
        policy: { copy_link: false, hours: 1, allowed_domains: [] },
      }),
    });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_allowed', permission: 'settings:manage' });
  });

  test('a member who may not see the team is told which permission that needs', async ({ open, watch }) => {
    watch.expects(/^answer 403 (GET \/w\/|POST \/api\/)/);
    const page = await open(site(), { as: viewer });
    const answer = await page.goto(site().membersPath);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole('heading', { name: words.frame.notAllowed })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('team:view');
    await expect(page.getByText(operator.email)).toHaveCount(0);
  });

  test('the chosen theme stays after a reload and overrides the system', async ({ open }) => {
    const page = await open(site(), { as: operator });
    await page.emulateMedia({ colorScheme: 'light' });
    await visit(page, site().membersPath);
    expect(await brightness(page)).toBe('light');
    const menu = await openAccount(page);
    await menu.getByRole('menuitemradio', { name: words.account.dark }).click();
    await expect.poll(() => brightness(page)).toBe('dark');
    await visit(page, site().membersPath);
    expect(await brightness(page)).toBe('dark');
    const again = await openAccount(page);
    await expect(again.getByRole('menuitemradio', { name: words.account.dark })).toHaveAttribute('aria-checked', 'true');
    await again.getByRole('menuitemradio', { name: words.account.system }).click();
    await expect.poll(() => brightness(page)).toBe('light');
  });

  test('on a phone the navigation is a drawer and rows keep their menu', async ({ open }) => {
    const page = await open(site(), { as: site().owner, phone: true });
    await visit(page, site().membersPath);
    await expect(page.getByText(operator.email)).toBeVisible();
    await expect(navigation(page)).toBeHidden();
    await page.getByRole('button', { name: words.frame.openNavigation }).click();
    await expect(navigation(page)).toBeVisible();
    await expect(navigation(page).getByRole('link', { name: 'Overview' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(navigation(page)).toBeHidden();
    await expect(page.getByRole('button', { name: `Actions for ${operator.name}` })).toBeVisible();
    const invite = await InviteDialog.open(page);
    const box = await invite.root.boundingBox();
    expect(box?.width).toBeGreaterThanOrEqual(375);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test('somebody can be invited with the keyboard alone', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, inviteButton(page));
    await page.keyboard.press('Enter');
    await expect(dialog(page, words.invite.title)).toBeVisible();
    const opened = await InviteDialog.open(page);
    await expect(opened.addresses).toBeFocused();
    await page.keyboard.type('keys@example.org, more.keys@example.org,');
    await tabTo(page, opened.send);
    await page.keyboard.press('Enter');
    await expect(opened.verdict('more.keys@example.org')).toBeVisible();
    await site().mail.waitFor('keys@example.org');
    await page.keyboard.press('Escape');
    await expect(opened.root).toBeHidden();
    await expect(inviteButton(page)).toBeFocused();
  });

  test('the list in a page that lost its connection says so and catches up', async ({ browser, open, watch }) => {
    watch.expects(/ERR_INTERNET_DISCONNECTED/);
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    await page.context().setOffline(true);
    const who = await site().member(browser, 'Lena Late', 'Operator');
    await page.context().setOffline(false);
    await expect(row(page, who.email)).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText(words.frame.paused)).toHaveCount(0);
  });
});

test('a person without any workspace is told how to get into one', async ({ browser, open, start }) => {
  const site = await start();
  const who = await site.member(browser, 'Nadia None', 'Operator');
  const page = await open(site, { as: who });
  // Leaving is in `lifecycle`; here the database makes a state with the same effect.
  await sql(site.server, "UPDATE members SET status = 'suspended' WHERE email_key = ?", [who.email]);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: words.frame.nowhere })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(who.email);
});

/** Presses Tab until a control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(control).toBeFocused();
}
