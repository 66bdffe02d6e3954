// A fresh proof before what is dangerous, wherever it is asked for: ownership, the roles of several, the
// export of the trail.
import type { Locator, Page } from '@playwright/test';

import { memberPath } from './support/api';
import { ageProofs } from './support/database';
import { press } from './support/matrix';
import { dialog, openUntil, signIn, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const site = useSite({});

function confirmation(page: Page): Locator {
  return dialog(page, new RegExp(words.confirm.title));
}

/** Types the password of the owner into the question that is open. */
async function prove(page: Page): Promise<void> {
  await confirmation(page).getByLabel(words.confirm.password).fill(site().owner.password);
  await confirmation(page).getByRole('button', { name: words.confirm.submit }).click();
  await expect(confirmation(page)).toBeHidden();
}

test('ownership is proposed and accepted after a fresh proof', async ({ browser, open, watch }) => {
  test.setTimeout(120_000);
  watch.expects(/^answer 403 POST \/api\/(propose|accept)_ownership$/);
  const nina = await site().member(browser, 'Nina Next', 'Operator');
  const page = await open(site());
  await signIn(page, site().owner);
  const theirs = await open(site());
  await signIn(theirs, nina);
  await page.goto(site().membersPath);
  await visit(page, await memberPath(page, site(), nina.email));
  await ageProofs(site().server);
  const shown = dialog(page, /Nina Next/);
  await openUntil(page.getByRole('button', { name: words.life.makeOwner }), shown);
  await press(shown.getByRole('button', { name: /^Ask Nina Next$/ }));
  await prove(page);
  await expect(page.locator('.toaster')).toContainText('Nina Next is asked');

  await ageProofs(site().server);
  await visit(theirs, site().membersPath);
  const offer = theirs.getByRole('region', { name: words.life.offer });
  await offer.getByRole('button', { name: words.life.accept }).click();
  await confirmation(theirs).getByLabel(words.confirm.password).fill(nina.password);
  await confirmation(theirs).getByRole('button', { name: words.confirm.submit }).click();
  await expect(theirs.locator('.toaster')).toContainText('You are an owner of');
});

test('the trail is exported after a fresh proof, and not without', async ({ open, watch }) => {
  watch.expects(/^answer 403 POST \/w\/[^/]+\/audit\/export$/);
  const page = await open(site());
  await signIn(page, site().owner);
  await page.goto(`/w/${site().slug}/audit`);
  await visit(page, `/w/${site().slug}/audit`);
  await ageProofs(site().server);
  const button = page.getByRole('button', { name: words.audit.exportCsv });
  await button.click();
  await expect(confirmation(page)).toBeVisible();
  await confirmation(page).getByRole('button', { name: words.confirm.cancel }).click();
  await expect(page.locator('.toaster')).toContainText(/Nothing was changed/);
  await button.click();
  const file = page.waitForEvent('download');
  await prove(page);
  expect((await file).suggestedFilename()).toMatch(/^audit-.*\.csv$/);
});

test('without script the answer to an old proof says what to do', async ({ open, watch }) => {
  watch.expects(/^answer 403 POST \/w\/[^/]+\/audit\/export$/);
  const page = await open(site(), { js: false });
  await signIn(page, site().owner);
  await page.goto(`/w/${site().slug}/audit`);
  await ageProofs(site().server);
  await page.getByRole('button', { name: words.audit.exportJson }).click();
  await expect(page.getByText(/sign in again, then export within 15 minutes/i)).toBeVisible();
});

test('the roles of several are changed after one fresh proof', async ({ browser, open, watch }) => {
  test.setTimeout(120_000);
  watch.expects(/^answer 403 POST \/api\/change_roles$/);
  const otto = await site().member(browser, 'Otto Other', 'Viewer');
  const page = await open(site());
  await signIn(page, site().owner);
  await page.goto(site().membersPath);
  await visit(page, site().membersPath);
  await ageProofs(site().server);
  await page.getByRole('checkbox', { name: `Select ${otto.name}`, exact: true }).check();
  const bar = page.getByRole('region', { name: words.life.selected });
  await press(bar.getByRole('button', { name: /^Change role$/ }));
  const shown = dialog(page, words.life.several);
  await shown.getByRole('radio', { name: /^Operator\b/ }).check();
  await press(shown.getByRole('button', { name: /^Change the role of 1 person$/ }));
  await prove(page);
  await expect(shown.getByRole('listitem').filter({ hasText: otto.name })).toBeVisible();
  await press(shown.getByRole('button', { name: words.life.done }));
});
