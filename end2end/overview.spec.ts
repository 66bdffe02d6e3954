// The overview: what an admin looks at first, each part with its remedy, and what follows the news.
import type { Locator, Page } from '@playwright/test';

import { done } from './support/api';
import { axe, shots } from './support/console';
import { seedDemo } from './support/demo';
import type { Person, Site } from './support/site';
import { visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

/** A card by its heading. */
function card(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** Invites somebody without touching a page. */
async function invite(page: Page, site: Site, email: string): Promise<void> {
  const { default_role: role } = await done<{ default_role: string }>(page, site, 'invite_options', {});
  const request = { idempotency_key: email, addresses: [email], role, groups: [], note: '', hours: 72 };
  await done(page, site, 'send_invitations', { request });
}

test.describe('in a new workspace', () => {
  const site = useSite({ mail: true });

  test('it teaches the first step, warns of one manager, and follows an invitation without reload', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, `/w/${site().slug}`);
    await expect(page).toHaveURL(site().overviewPath);
    await expect(page.getByRole('heading', { level: 1, name: words.overview.title })).toBeVisible();
    await expect(page.getByRole('heading', { name: words.overview.beginning })).toBeVisible();
    await expect(page.getByText(words.overview.lonely)).toContainText(site().owner.name);
    await expect(card(page, words.overview.changes)).toContainText('Created the workspace');
    await axe(page, 'overview-new');
    await invite(page, site(), 'first@example.org');
    await expect(card(page, words.overview.waiting)).toContainText('1 invitation is waiting');
    await expect(page.getByRole('heading', { name: words.overview.beginning })).toHaveCount(0);
    await expect(card(page, words.overview.changes)).toContainText('Invited somebody: first@example.org');
    await card(page, words.overview.waiting).getByRole('link', { name: /waiting/ }).click();
    await expect(page).toHaveURL(/invitations\?status=pending/);
  });

  test('who may not see the team sees what they may do instead', async ({ browser, open }) => {
    const vic = await site().member(browser, 'Vic Ewer', 'Viewer');
    const page = await open(site(), { as: vic });
    await visit(page, `/w/${site().slug}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('You are in');
    await expect(page.getByRole('link', { name: words.overview.title, exact: true })).toHaveCount(0);
  });
});

test.describe('with many people', () => {
  let owner: Person;
  const site = useSite({ ready: false }, async (made) => {
    owner = await seedDemo(made, 60);
  });

  async function enter(page: Page): Promise<void> {
    await page.goto('/');
    await page.waitForURL(/\/w\/[^/]+\/overview/);
    site().slug = /\/w\/([^/]+)/.exec(page.url())?.[1] ?? '';
    await visit(page, site().overviewPath);
  }

  test('every number leads to the people it counts', async ({ open }) => {
    const page = await open(site(), { as: owner });
    await enter(page);
    const role = card(page, words.overview.roles).getByRole('listitem').first();
    const name = (await role.getByRole('link').innerText()).trim();
    await role.getByRole('link').click();
    await expect(page).toHaveURL(/members\?role=/);
    await expect(page.getByRole('row').filter({ hasText: '@' }).first()).toContainText(name);
    await enter(page);
    await card(page, words.overview.dormant).getByRole('link').click();
    await expect(page).toHaveURL(/members\?activity=dormant/);
    await expect(page.getByRole('row').filter({ hasText: '@' }).first()).toBeVisible();
    await enter(page);
    await card(page, words.overview.managers).getByRole('listitem').first().getByRole('link').click();
    await expect(page).toHaveURL(/\/people\//);
  });

  test('it is usable by everybody, in both themes and on a phone', async ({ open }) => {
    for (const phone of [false, true]) {
      const page = await open(site(), { as: owner, phone });
      await enter(page);
      await expect(card(page, words.overview.ending)).toBeVisible();
      await expect(page.locator('.skeleton:visible')).toHaveCount(0);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
    const page = await open(site(), { as: owner });
    await enter(page);
    await axe(page, 'overview');
    await shots(page, 'overview');
  });

  test('it is whole without scripts', async ({ open }) => {
    const page = await open(site(), { as: owner, js: false });
    await page.goto('/');
    await expect(page).toHaveURL(/\/overview$/);
    await expect(card(page, words.overview.roles).getByRole('listitem').first()).toBeVisible();
    await expect(card(page, words.overview.changes)).toBeVisible();
  });
});
