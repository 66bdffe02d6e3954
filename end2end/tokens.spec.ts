// API tokens: made once, shown once, used by a program, narrowed with their member, revoked.
import type { Locator, Page } from '@playwright/test';

import { call, done, memberId } from './support/api';
import { axe, shots } from './support/console';
import { ageProofs } from './support/database';
import { Matrix, press, told } from './support/matrix';
import type { Site } from './support/site';
import { secret as keep } from './support/secrets';
import { dialog, navigation, openUntil, row, signIn, visit } from './support/story';
import { expect, test, useSite } from './support/test';

const site = useSite();

function path(query = ''): string {
  return `/w/${site().slug}/tokens${query}`;
}

/** Asks for a decision as a program does: with a token, and no cookie. */
async function decision(at: Site, token: string, subject: string, action: string): Promise<[number, unknown]> {
  const answer = await fetch(`${at.server.url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'user', id: subject },
      action: { name: action },
      resource: { type: 'team', id: at.slug },
    }),
  });
  const body = (await answer.json()) as { decision?: boolean };
  return [answer.status, body.decision];
}

/** Makes a token by a call; gives its text. */
async function made(page: Page, name: string, permissions: string[] | null = null, days = 30): Promise<string> {
  const draft = { name, days, permissions, project: null };
  const { secret } = await done<{ secret: string }>(page, site(), 'create_token', { draft });
  return keep(secret);
}

async function creating(page: Page): Promise<Locator> {
  const form = dialog(page, /^create an api token$/i);
  await openUntil(page.getByRole('button', { name: 'Create token' }).first(), form);
  await expect(form.getByLabel('Name', { exact: true })).toBeVisible();
  return form;
}

test('a token is made, shown once, and works until it is revoked', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, `/w/${site().slug}/overview`);
  await navigation(page).getByRole('link', { name: 'API tokens' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'API tokens' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'You have no API tokens yet' })).toBeVisible();

  const form = await creating(page);
  const create = form.getByRole('button', { name: 'Create token' });
  await expect(create).toHaveAttribute('title', 'Enter a name first.');
  await form.getByLabel('Name', { exact: true }).fill('Gateway');
  await expect(create).toHaveAttribute('title', 'Choose what it may do first.');
  await form.getByLabel('Expires').selectOption({ label: 'In 30 days' });
  await new Matrix(page, 'Permissions of the token').cell(['Team Management', 'View']).check();
  await press(create);

  const shown = dialog(page, /^your new token$/i);
  const secret = keep(await shown.getByLabel('The new token').inputValue());
  expect(secret).toMatch(/^rcl_[0-9A-Za-z]{38}$/);
  expect(await decision(site(), secret, site().owner.email, 'manage')).toEqual([200, true]);
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(shown).toBeHidden();
  await expect(page.locator('body')).not.toContainText(secret);
  expect(await page.content()).not.toContain(secret);

  const line = row(page, 'Gateway');
  await expect(line).toContainText(`${secret.slice(0, 8)}…`);
  await expect(line).toContainText('Active');
  await line.getByRole('button', { name: 'Revoke' }).click();
  const question = dialog(page, /^revoke the token gateway$/i);
  await expect(question).toContainText('This can not be undone');
  await press(question.getByRole('button', { name: 'Revoke Gateway' }));
  await told(page, 'The token Gateway is revoked.');
  await expect(row(page, 'Gateway')).toContainText('Revoked');
  await expect(row(page, 'Gateway').getByRole('button')).toHaveCount(0);
  expect((await decision(site(), secret, site().owner.email, 'view'))[0]).toBe(401);
});

test('whoever manages tokens sees those of everybody, and what is left of them', async ({ browser, open }) => {
  const olga = await site().member(browser, 'Olga Rask', 'Admin');
  const hers = await open(site(), { as: olga });
  const secret = await made(hers, 'Night job');
  const owner = await open(site(), { as: site().owner });
  await visit(owner, path());
  await owner.getByRole('link', { name: 'All tokens' }).click();
  await expect(row(owner, 'Night job')).toContainText('Olga Rask');
  expect(await decision(site(), secret, olga.email, 'manage')).toEqual([200, true]);

  await test.step('a demotion narrows it with the next request', async () => {
    const id = await memberId(owner, site(), olga.email);
    const { roles } = await done<{ roles: { id: string; name: string }[] }>(owner, site(), 'list_roles', {});
    const viewer = roles.find((role) => role.name === 'Viewer');
    await done(owner, site(), 'change_roles', { members: [id], role: viewer?.id });
    expect((await decision(site(), secret, olga.email, 'view'))[0]).toBe(403);
    await visit(owner, path('?whose=everybody'));
    await expect(row(owner, 'Night job')).toContainText('can no longer manage tokens');
    await visit(hers, path());
    await expect(row(hers, 'Night job')).toBeVisible();
    await expect(hers.getByRole('button', { name: 'Create token' }).first()).toHaveAttribute('aria-disabled', 'true');
    const refused = await call(hers, site(), 'list_tokens', { query: { everybody: true, cursor: null } });
    expect(refused.status).toBe(403);
  });

  await test.step('suspending says that it is paused, removing that it is revoked', async () => {
    const id = await memberId(owner, site(), olga.email);
    await visit(owner, `/w/${site().slug}/people/${id}`);
    await expect(owner.getByRole('region', { name: 'API tokens' })).toContainText('Night job');
    const suspend = dialog(owner, /suspend/i);
    await openUntil(owner.getByRole('button', { name: 'Suspend', exact: true }), suspend);
    await expect(suspend).toContainText('API tokens are paused and work again afterwards: Night job.');
    await suspend.getByRole('button', { name: 'Cancel' }).click();
    const remove = dialog(owner, /remove/i);
    await openUntil(owner.getByRole('button', { name: 'Remove from workspace' }), remove);
    await expect(remove).toContainText('Their 1 API token is revoked for good: Night job.');
    await remove.getByRole('button', { name: 'Cancel' }).click();
    await done(owner, site(), 'remove_member', { member: id, order: {} });
    expect((await decision(site(), secret, olga.email, 'view'))[0]).toBe(401);
  });
});

test('the filter stands in the address and works without script', async ({ open }) => {
  const page = await open(site(), { as: site().owner, js: false });
  await made(page, 'Short', null, 3);
  await made(page, 'Long', null, 90);
  await page.goto(path('?status=expires_soon'));
  await expect(row(page, 'Short')).toContainText('Expires soon');
  await expect(row(page, 'Long')).toHaveCount(0);
  await page.goto(path('?status=dormant'));
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await page.getByRole('link', { name: 'Show every status' }).click();
  await expect(row(page, 'Long')).toBeVisible();
});

test('the page and its dialogs are accessible', async ({ open }) => {
  test.setTimeout(180_000);
  const page = await open(site(), { as: site().owner });
  await made(page, 'Pictured', ['team:view']);
  await visit(page, path('?whose=everybody'));
  await expect(row(page, 'Pictured')).toBeVisible();
  await axe(page, 'tokens');
  await shots(page, 'tokens');
  await creating(page);
  await axe(page, 'token-create');
  await shots(page, 'token-create');
});

// The last: it makes every proof old.
test('an old proof is asked for again before a token is made', async ({ open, watch }) => {
  watch.expects(/^answer 403 POST \/api\/create_token$/);
  // In a session of its own: a proof gives it a new secret, which the kept one would not have.
  const page = await open(site());
  await signIn(page, site().owner);
  await visit(page, path());
  await ageProofs(site().server);
  const form = await creating(page);
  await form.getByLabel('Name', { exact: true }).fill('Late');
  await form.getByRole('radio', { name: /^all that you may do/i }).check();
  await form.getByRole('button', { name: 'Create token' }).click();
  const confirm = dialog(page, /^confirm that it is you$/i);
  await confirm.getByLabel('Password').fill(site().owner.password);
  await confirm.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog(page, /^your new token$/i)).toBeVisible();
});
