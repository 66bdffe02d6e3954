// Joining and declining with scripts switched off.
import type { Locator, Page } from '@playwright/test';

import { person } from './support/site';
import { storedStatus } from './support/database';
import { fillNewPerson, row, signIn, statusOf } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const ben = person('Ben Okafor');
const chloe = person('Chloe Martin');
const dora = person('Dora Klein');
const emil = person('Emil Sand');
const fred = person('Fred Lund');
const gina = person('Gina Rossi');

const password = (page: Page): Locator => page.getByLabel(words.accept.password, { exact: true });

/** The browser's own checks of length and presence would keep a wrong form from being sent. */
async function withoutBrowserChecks(page: Page): Promise<void> {
  await page.locator('form').evaluateAll((forms) => forms.forEach((form) => form.setAttribute('novalidate', '')));
}

const site = useSite({}, async (made, browser) => {
  const guests = [ben, chloe, dora, emil, fred];
  await made.invite(browser, guests.map((guest) => guest.email));
});

test('signing in works without scripts', async ({ open }) => {
  const page = await open(site(), { js: false });
  await signIn(page, site().owner);
  await expect(page).toHaveURL(site().overviewPath);
  await page.goto(site().membersPath);
  await expect(row(page, site().owner.email)).toBeVisible();
});

test('a new person joins with name and password', async ({ open }) => {
  const page = await open(site(), { js: false });
  await page.goto(await site().mail.link(ben.email));
  await expect(page.getByRole('main')).toContainText(site().workspace);
  await fillNewPerson(page, ben.name, ben.password);
  await expect(page).toHaveURL(site().overviewPath);
  await page.goto(site().membersPath);
  await expect(row(page, ben.email)).toContainText('Operator');
  expect(await storedStatus(site().server, ben.email)).toBe('accepted');
});

test('a short password keeps the typed name and changes nothing', async ({ open, watch }) => {
  watch.expects(/^answer 422 POST \/invitation\/join$/);
  const page = await open(site(), { js: false });
  await page.goto(await site().mail.link(chloe.email));
  await withoutBrowserChecks(page);
  await fillNewPerson(page, chloe.name, 'too short');
  await expect(page.getByText(words.accept.shortPassword).first()).toBeVisible();
  await expect(page.getByLabel(words.accept.name)).toHaveValue(chloe.name);
  await expect(password(page)).toHaveValue('');
  await expect(password(page)).toHaveAttribute('aria-invalid', 'true');
  expect(await storedStatus(site().server, chloe.email)).toBe('pending');
  await withoutBrowserChecks(page);
  await fillNewPerson(page, chloe.name, chloe.password);
  await expect(page).toHaveURL(site().overviewPath);
});

test('an empty name is said beside the field', async ({ open, watch }) => {
  watch.expects(/^answer 422 POST \/invitation\/join$/);
  const page = await open(site(), { js: false });
  await page.goto(await site().mail.link(dora.email));
  await withoutBrowserChecks(page);
  await fillNewPerson(page, '  ', dora.password);
  await expect(page.getByLabel(words.accept.name)).toHaveAttribute('aria-invalid', 'true');
  expect(await storedStatus(site().server, dora.email)).toBe('pending');
});

test('a person declines, and the admin sees it', async ({ open }) => {
  const page = await open(site(), { js: false });
  await page.goto(await site().mail.link(emil.email));
  await page.getByRole('button', { name: words.accept.decline }).click();
  await expect(page.getByRole('main')).toContainText(words.accept.declined);
  await expect(page.getByRole('main')).toContainText(site().workspace);
  const admin = await open(site(), { as: site().owner, js: false });
  await admin.goto(site().invitationsPath);
  await expect(statusOf(admin, emil.email)).toContainText('Declined');
});

test('somebody who is signed in with the invited address joins with one press', async ({ browser, open }) => {
  await site().account(gina, 'Northwind');
  await site().invite(browser, [gina.email]);
  const page = await open(site(), { as: gina, js: false });
  await page.goto(await site().mail.link(gina.email));
  await expect(password(page)).toHaveCount(0);
  await page.getByRole('button', { name: `Join ${site().workspace} as ${gina.name}` }).click();
  await expect(page).toHaveURL(new RegExp(`/w/${site().slug}\\b`));
  expect(await storedStatus(site().server, gina.email)).toBe('accepted');
});

test('a known person gives the password of the account', async ({ open, watch }) => {
  watch.expects(/^answer 422 POST \/invitation\/sign-in$/);
  // The account comes after the invitation: the page asks each time it is shown.
  await site().account(fred, 'Contoso');
  const page = await open(site(), { js: false });
  await page.goto(await site().mail.link(fred.email));
  await expect(page.getByLabel(words.accept.name)).toHaveCount(0);
  await test.step('a wrong password joins nobody', async () => {
    await password(page).fill('not the password at all');
    await page.getByRole('button', { name: words.accept.signInAndJoin }).click();
    await expect(password(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('main')).toContainText(site().workspace);
    expect(await storedStatus(site().server, fred.email)).toBe('pending');
  });
  await test.step('the right one does', async () => {
    await password(page).fill(fred.password);
    await page.getByRole('button', { name: words.accept.signInAndJoin }).click();
    await expect(page).toHaveURL(site().overviewPath);
    await page.goto(site().membersPath);
    await expect(row(page, fred.email)).toBeVisible();
  });
});
