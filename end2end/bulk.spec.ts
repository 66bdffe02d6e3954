// Two hundred addresses pasted at once: a verdict for each, one mail for each that is new.
import { readFile } from 'node:fs/promises';

import type { Request } from '@playwright/test';

import { type Person, person } from './support/site';
import { InviteDialog, inviteByDialog, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const WAITING = Array.from({ length: 20 }, (_, i) => `waiting${i}@example.org`);
const FRESH = Array.from({ length: 130 }, (_, i) => `fresh${i}@example.org`);
/** Each as somebody could have typed it; one would be a formula in a spreadsheet. */
const INVALID = [
  ...Array.from({ length: 24 }, (_, i) => `nobody${i}@`),
  ...Array.from({ length: 10 }, (_, i) => `two@@signs${i}.example`),
  ...Array.from({ length: 5 }, (_, i) => `local${i}@localhost`),
  '=1+1@',
];
const REPEATED = 7;

const members: Person[] = [];

const site = useSite({}, async (made, browser) => {
  members.push(await made.member(browser, 'Mia Ember', 'Viewer'));
  members.push(await made.member(browser, 'Max Ember', 'Operator'));
  await made.invite(browser, WAITING, 'Viewer');
});

/** 200 entries the way people have them: lists, columns, names, capitals, repetitions. */
function pasted(known: string[]): string {
  const [comma, lines, named, columns] = [FRESH.slice(0, 30), FRESH.slice(30, 60), FRESH.slice(60, 90), FRESH.slice(90)];
  return [
    `${comma.join(', ')};`,
    ...lines.map((email) => `  ${email.toUpperCase()}  `),
    ...named.map((email, i) => (i % 2 === 0 ? `"Person, No. ${i}" <${email}>` : `Person ${i} <mailto:${email}>`)),
    'name,email,city',
    ...columns.map((email, i) => `Person ${i},${email},Madrid`),
    WAITING.join('\t'),
    known.join(' '),
    ...INVALID,
    ...FRESH.slice(0, REPEATED).map((email) => `Again <${email}>`),
  ].join('\r\n');
}

test('each of 200 pasted addresses gets its verdict, and only the new ones get a mail', async ({ open }) => {
  test.setTimeout(120_000);
  const known = [...members.map((member) => member.email), site().owner.email];
  expect(FRESH.length + WAITING.length + known.length + INVALID.length + REPEATED).toBe(200);
  const before = site().mail.mails.length;
  const page = await open(site(), { as: site().owner, clipboard: true });
  await visit(page, site().invitationsPath);
  const invite = await InviteDialog.open(page);
  await invite.paste(pasted(known));
  // What the browser can tell is told at once: the button counts addresses, each once.
  await expect(invite.send).toHaveText(new RegExp(`\\b${FRESH.length + WAITING.length + known.length} invitations`));
  await invite.role('Viewer');
  await invite.send.click();

  // It goes out in batches; the list is there when all have their verdict.
  await expect(invite.root.getByRole('button', { name: words.invite.done, exact: true })).toBeVisible({ timeout: 30_000 });
  const texts = await invite.verdicts.allInnerTexts();
  const verdictOf = (entry: string): string => {
    const found = texts.filter((text) => text.toLowerCase().includes(entry.toLowerCase()));
    expect(found, `one verdict for ${entry}`).toHaveLength(1);
    return found[0] ?? '';
  };
  for (const email of known) expect(verdictOf(email)).toMatch(words.invite.member);
  for (const email of WAITING.slice(2)) expect(verdictOf(email)).toMatch(words.invite.pending);
  for (const email of FRESH.slice(14)) expect(verdictOf(email)).toMatch(words.invite.sent);
  for (const email of INVALID.slice(4, 20)) expect(verdictOf(email)).toMatch(words.invite.invalid);
  expect(texts).toHaveLength(FRESH.length + WAITING.length + known.length + INVALID.length);

  await test.step('the result can be downloaded, and is harmless in a spreadsheet', async () => {
    const download = page.waitForEvent('download');
    await invite.root.getByRole('link', { name: words.invite.download }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/);
    expect(lines).toHaveLength(texts.length + 1);
    for (const line of lines) expect(line).not.toMatch(/(^|[,"])[=+@-]\d/);
    expect(lines.filter((line) => line.toLowerCase().includes('fresh100@example.org'))).toHaveLength(1);
  });

  await test.step('each new address gets one mail with a link of its own', async () => {
    for (const email of FRESH) await site().mail.waitFor(email, 1, 60_000);
    // The owner is told who joined; that is another mail.
    const mails = site().mail.mails.slice(before).filter((mail) => mail.to !== site().owner.email);
    expect(mails.map((mail) => mail.to.toLowerCase()).sort()).toEqual([...FRESH].sort());
    expect(new Set(mails.map((mail) => mail.link)).size).toBe(FRESH.length);
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(FRESH.length);
  });

  await test.step('the list has them', async () => {
    await invite.close();
    await page.goto(`${site().invitationsPath}?search=fresh12`);
    // fresh12 and fresh120 to fresh129.
    await expect(page.getByRole('row').filter({ hasText: '@example.org' })).toHaveCount(11);
  });
});

test('a double click on Send sends one mail, and so does the same order sent again', async ({ open }) => {
  const email = 'double@example.org';
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  const orders: Request[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/send_invitations')) orders.push(request);
  });
  const invite = await InviteDialog.open(page);
  await invite.type([email]);
  await invite.send.dblclick();
  await expect(invite.verdict(email)).toContainText(words.invite.sent);
  await site().mail.waitFor(email);

  const [order] = orders;
  if (order === undefined) throw new Error('no order was sent');
  const headers = await order.allHeaders();
  const again = await site().server.raw('/api/send_invitations', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: headers['cookie'] ?? '',
      origin: site().server.url,
      'sec-fetch-site': 'same-origin',
    },
    body: order.postData() ?? '',
  });
  expect(again.status).toBe(200);
  expect(again.body).toContain('"invited"');
  await page.waitForTimeout(1_500);
  expect(site().mail.to(email)).toHaveLength(1);
});

test('closing the dialog with typed addresses asks first', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  const invite = await InviteDialog.open(page);
  await invite.type(['kept@example.org']);
  await page.keyboard.press('Escape');
  await expect(invite.root.getByText('kept@example.org', { exact: true })).toBeVisible();
  await invite.root.getByRole('button', { name: words.invite.keep }).click();
  await expect(invite.root.getByText('kept@example.org', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await invite.root.getByRole('button', { name: words.invite.discard, exact: true }).click();
  await expect(invite.root).toBeHidden();
  expect(site().mail.to('kept@example.org')).toHaveLength(0);
});

test('an address that waits with another role keeps its role until somebody changes it', async ({ open }) => {
  const email = person('Wanda Waits').email;
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  await (await inviteByDialog(page, { addresses: [email], role: 'Viewer' })).close();
  const invite = await inviteByDialog(page, { addresses: [email], role: 'Operator' });
  await expect(invite.verdict(email)).toContainText(words.invite.otherRole);
  await expect(invite.verdict(email)).toContainText('Viewer');
  await invite.close();
  await expect(row(page, email)).toContainText('Viewer');
  expect(site().mail.to(email)).toHaveLength(1);
});
