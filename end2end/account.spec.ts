// The own account: name, address, password, sessions, the question who it is, and a forgotten password.
import type { Locator, Page } from '@playwright/test';

import { memberPath } from './support/api';
import { axe, shots } from './support/console';
import { ageProofs } from './support/database';
import { accountLink } from './support/mail';
import { secret } from './support/secrets';
import { type Person, person } from './support/site';
import {
  dialog,
  fillSignIn,
  navigation,
  openAccount,
  openUntil,
  row,
  signIn,
  visit,
} from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const site = useSite({});
const NEXT = secret('thimble velvet orbit lantern drift');

/** Somebody of their own for one test, so that no test ends another one's sessions. */
async function somebody(name: string): Promise<Person> {
  const who = person(name);
  await site().account(who, `${name}'s place`);
  return who;
}

/** Types and presses; before the scripts run, typing reaches nobody. */
async function typeAndPress(texts: [Locator, string][], button: Locator): Promise<void> {
  await expect(async () => {
    for (const [field, text] of texts) {
      await field.fill('');
      await field.fill(text);
    }
    await expect(button).not.toHaveAttribute('aria-disabled', 'true', { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  await button.click();
}

function toast(page: Page): Locator {
  return page.locator('.toaster');
}

function confirmation(page: Page): Locator {
  return dialog(page, new RegExp(words.confirm.title));
}

function askForEmail(page: Page, email: string): Promise<void> {
  const field = page.getByLabel(words.own.newEmail);
  return typeAndPress([[field, email]], page.getByRole('button', { name: words.own.sendLink }));
}

test('a new name is on every page at once', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  const other = await open(site(), { as: site().owner });
  await visit(other, site().membersPath);
  await page.goto(site().membersPath);
  await (await openAccount(page)).getByRole('menuitem', { name: words.account.own }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.account.own })).toBeVisible();
  const field = page.getByRole('textbox', { name: words.own.name, exact: true });
  await expect(field).toHaveValue(site().owner.name);
  await typeAndPress([[field, 'Ana Maria Ruiz']], page.getByRole('button', { name: words.own.saveName }));
  await expect(toast(page)).toContainText('Ana Maria Ruiz');
  await expect(navigation(page).getByRole('button', { name: /@/ })).toContainText('Ana Maria Ruiz');
  await expect(row(other, site().owner.email)).toContainText('Ana Maria Ruiz');
});

test('what is typed is not lost by leaving', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await page.goto('/account');
  const save = page.getByRole('button', { name: words.own.saveName });
  await expect(async () => {
    await page.getByRole('textbox', { name: words.own.name, exact: true }).fill('Somebody else');
    await expect(save).not.toHaveAttribute('aria-disabled', 'true', { timeout: 1_000 });
  }).toPass();
  await navigation(page).getByRole('link', { name: 'Your workspaces' }).click();
  await expect(dialog(page, /^leave without saving/i)).toBeVisible();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByRole('textbox', { name: words.own.name, exact: true })).toHaveValue('Somebody else');
});

test('another password ends the other browser', async ({ open, watch }) => {
  watch.expects(/^answer 422 POST \/api\/change_password$/, /^answer 401 /);
  const who = await somebody('Pia Password');
  const page = await open(site());
  const other = await open(site());
  await signIn(page, who);
  await signIn(other, who);
  await page.goto('/account');
  const current = page.getByLabel(words.own.current);
  const next = page.getByLabel(words.own.password);
  const change = page.getByRole('button', { name: words.own.changePassword });
  await typeAndPress([[current, 'not the present one'], [next, NEXT]], change);
  await expect(current).toHaveAttribute('aria-invalid', 'true');
  await expect(next).toHaveValue(NEXT);
  await typeAndPress([[current, who.password], [next, NEXT]], change);
  await expect(toast(page)).toContainText(/password is changed/i);
  await expect(next).toHaveValue('');
  await other.goto('/account');
  await expect(other).toHaveURL(/\/sign-in\?/);
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1, name: words.account.own })).toBeVisible();
  expect((await site().mail.about(who.email, 'Your password was changed')).text).toContain('If it was not you');
  await fillSignIn(other, who.email, NEXT);
  await expect(other).toHaveURL('/account');
});

test('a session ended elsewhere takes effect', async ({ open, watch }) => {
  watch.expects(/^answer 401 /);
  const who = await somebody('Sol Session');
  const page = await open(site());
  const other = await open(site());
  await signIn(other, who);
  await signIn(page, who);
  await page.goto('/account');
  const sessions = page.getByRole('region', { name: 'Sessions' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByRole('listitem').first()).toContainText(words.own.thisBrowser);
  await expect(sessions.getByRole('listitem').first()).toContainText(/ on /);
  const end = sessions.getByRole('button', { name: words.own.endOne });
  await expect(async () => {
    await end.click({ timeout: 1_000 });
    await expect(sessions.getByRole('listitem')).toHaveCount(1, { timeout: 2_000 });
  }).toPass();
  await expect(sessions.getByRole('button', { name: words.own.endAll })).toHaveAttribute('aria-disabled', 'true');
  await other.goto('/account');
  await expect(other).toHaveURL(/\/sign-in\?.*notice=session-ended/);
});

test('a forgotten password is replaced through a mail, without scripts', async ({ open, watch }) => {
  watch.expects(/^answer 404 (GET|POST) \/reset/, /^answer 422 POST \/(reset|sign-in)$/);
  const who = await somebody('Flo Forgot');
  const page = await open(site(), { js: false });
  await page.goto('/sign-in');
  await page.getByRole('link', { name: words.forgot.link }).click();
  const answers: string[] = [];
  for (const email of [person('Nemo Nobody').email, who.email]) {
    await page.goto('/forgot');
    await page.getByLabel(words.forgot.email).fill(email);
    await page.getByRole('button', { name: words.forgot.send }).click();
    await expect(page.getByRole('heading', { level: 1, name: words.forgot.sent })).toBeVisible();
    answers.push((await page.getByRole('main').innerText()).replace(email, ''));
  }
  expect(answers[0]).toBe(answers[1]);
  const link = accountLink(await site().mail.about(who.email, words.forgot.subject), 'reset');
  await page.goto(link);
  await page.getByLabel(words.forgot.password, { exact: true }).fill('password password');
  await page.getByRole('button', { name: words.forgot.choose }).click();
  await expect(page.getByLabel(words.forgot.password, { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel(words.forgot.password, { exact: true }).fill(NEXT);
  await page.getByRole('button', { name: words.forgot.choose }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.forgot.done })).toBeVisible();
  expect((await page.context().cookies()).some((cookie) => cookie.name === '__Host-rolecall')).toBe(false);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1, name: words.forgot.dead })).toBeVisible();
  await page.goto('/sign-in');
  await fillSignIn(page, who.email, who.password);
  await expect(page.getByText(words.signIn.wrong)).toBeVisible();
  await fillSignIn(page, who.email, NEXT);
  await page.waitForURL(/\/w\//);
});

test('another address is confirmed from its mailbox and told to the old one', async ({ open, watch }) => {
  watch.expects(/^answer 422 POST \/sign-in$/, /^answer 404 GET \/confirm-email/);
  const who = await somebody('Ada Address');
  const next = person('Ada Address').email;
  const page = await open(site());
  await signIn(page, who);
  await page.goto('/account');
  await askForEmail(page, next);
  await expect(page.getByText(words.own.waiting)).toBeVisible();
  const told = await site().mail.about(who.email, 'Somebody asked to change your e-mail address');
  expect(told.text).toContain(next);
  const link = accountLink(await site().mail.about(next, words.newEmail.subject), 'confirm-email');

  const mailbox = await open(site(), { js: false });
  await mailbox.goto(link);
  await expect(mailbox.getByRole('heading', { level: 1, name: words.newEmail.title })).toBeVisible();
  await expect(mailbox.getByRole('main')).toContainText(who.email);
  await mailbox.getByRole('button', { name: words.newEmail.submit }).click();
  await expect(mailbox.getByRole('heading', { level: 1, name: words.newEmail.done })).toBeVisible();
  await mailbox.goto(link);
  await expect(mailbox.getByRole('heading', { level: 1, name: words.forgot.dead })).toBeVisible();
  expect((await site().mail.about(who.email, 'Your e-mail address was changed')).text).toContain(next);

  await page.reload();
  await expect(navigation(page).getByRole('button', { name: /@/ })).toContainText(next);
  await mailbox.goto('/sign-in');
  await fillSignIn(mailbox, who.email, who.password);
  await expect(mailbox.getByText(words.signIn.wrong)).toBeVisible();
  await fillSignIn(mailbox, next, who.password);
  await mailbox.waitForURL(/\/w\//);
});

test('an older session is asked who it is, and what was typed is kept', async ({ open, watch }) => {
  watch.expects(
    /^answer 403 POST \/api\/change_email$/,
    /^answer 422 POST \/api\/confirm_identity$/,
  );
  const who = await somebody('Sue Sudo');
  const next = person('Sue Sudo').email;
  const page = await open(site());
  await signIn(page, who);
  await page.goto('/account');
  await ageProofs(site().server);

  await askForEmail(page, next);
  await expect(confirmation(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(confirmation(page)).toBeHidden();
  await expect(page.getByRole('alert')).toContainText(/nothing was changed/i);
  await expect(page.getByLabel(words.own.newEmail)).toHaveValue(next);

  const before = await page.context().cookies();
  await page.getByRole('button', { name: words.own.sendLink }).click();
  const password = confirmation(page).getByLabel(words.confirm.password);
  await password.fill('not the right one');
  await password.press('Enter');
  await expect(confirmation(page)).toContainText(words.confirm.wrong);
  await password.fill(who.password);
  await confirmation(page).getByRole('button', { name: words.confirm.submit }).click();
  await expect(confirmation(page)).toBeHidden();
  await expect(page.getByText(words.own.waiting)).toBeVisible();
  const cookie = (cookies: typeof before): string | undefined =>
    cookies.find(({ name }) => name === '__Host-rolecall')?.value;
  expect(cookie(await page.context().cookies())).not.toBe(cookie(before));

  await page.getByRole('button', { name: words.own.withdraw }).click();
  await expect(page.getByText(words.own.waiting)).toBeHidden();
});

test('another role asks for a fresh proof above the dialog that is open', async ({ open, watch, browser }) => {
  watch.expects(/^answer 403 POST \/api\/update_access$/);
  const vera = await site().member(browser, 'Vera Viewer', 'Viewer');
  const page = await open(site());
  await signIn(page, site().owner);
  await page.goto(site().membersPath);
  await visit(page, await memberPath(page, site(), vera.email));
  await ageProofs(site().server);
  const edit = dialog(page, words.access.editDialog);
  await openUntil(page.getByRole('button', { name: words.access.edit }), edit);
  await edit.getByRole('radio', { name: /^Operator\b/ }).check();
  await edit.getByRole('button', { name: /^preview/i }).click();
  await edit.getByRole('button', { name: /^save access/i }).click();
  await confirmation(page).getByLabel(words.confirm.password).fill(site().owner.password);
  await confirmation(page).getByRole('button', { name: words.confirm.submit }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByRole('main')).toContainText('Operator');
});

test('all of it can be used by everybody, in both themes and on a phone', async ({ open, watch }) => {
  test.setTimeout(180_000);
  watch.expects(/^answer 403 POST \/api\/change_email$/, /^answer 404 GET \/reset/);
  const check = async (page: Page, name: string): Promise<void> => {
    await test.step(name, async () => {
      await axe(page, name);
      await shots(page, name);
    });
  };
  const who = await somebody('Axel Axe');
  const page = await open(site());
  await signIn(page, who);
  await page.goto('/account');
  await askForEmail(page, person('Axel Axe').email);
  await expect(page.getByText(words.own.waiting)).toBeVisible();
  await check(page, 'account');
  await ageProofs(site().server);
  await askForEmail(page, person('Axel Axe').email);
  await expect(confirmation(page)).toBeVisible();
  await check(page, 'confirm');

  const documents = await open(site());
  await documents.goto('/forgot');
  await check(documents, 'forgot');
  await documents.getByLabel(words.forgot.email).fill(who.email);
  await documents.getByRole('button', { name: words.forgot.send }).click();
  await check(documents, 'forgot-sent');
  await documents.goto(accountLink(await site().mail.about(who.email, words.forgot.subject), 'reset'));
  await check(documents, 'reset');
  await documents.goto('/reset/x');
  await check(documents, 'link-dead');
});
