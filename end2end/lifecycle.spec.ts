// The life of a membership: suspend, end, remove and undo, leave, several at once, former members, owners.
import type { Locator, Page } from '@playwright/test';

import { done, memberId, memberPath } from './support/api';
import { axe, shots } from './support/console';
import { actionOf, dayFromNow, isStillTheSame, mark, press, told } from './support/matrix';
import type { Person } from './support/site';
import { InviteDialog, dialog, openAccount, openUntil, row, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

// Each state is looked at three times and drawn four times.
test.describe.configure({ timeout: 180_000 });

/** Checks what is on screen and keeps its picture. */
async function check(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    await expect(page.locator('.skeleton:visible')).toHaveCount(0);
    await axe(page, name);
    await shots(page, name);
  });
}

/** Opens what an entry of a row's menu opens. */
async function fromMenu(page: Page, who: Person, item: string, title: RegExp): Promise<Locator> {
  await (await actionOf(page, who.name, item)).click();
  const shown = dialog(page, title);
  await expect(shown).toBeVisible();
  return shown;
}

/** Ticks people in the list. */
async function select(page: Page, ...people: Person[]): Promise<Locator> {
  const bar = page.getByRole('region', { name: words.life.selected });
  for (const [index, who] of people.entries()) {
    await page.getByRole('checkbox', { name: `Select ${who.name}`, exact: true }).check();
    await expect(bar).toContainText(`${index + 1} selected`);
  }
  return bar;
}

/** What became of one person in the dialog for several. */
function verdict(shown: Locator, who: Person): Locator {
  return shown.getByRole('listitem').filter({ hasText: who.name });
}

/** A section of a member's page. */
function membership(page: Page): Locator {
  return page.getByRole('region', { name: 'Membership' });
}

test.describe('removing and suspending', () => {
  const site = useSite();

  test('removing says what happens, and Undo brings everything back', async ({ browser, open }) => {
    const ben = await site().member(browser, 'Ben Okafor', 'Operator');
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    const shown = await fromMenu(page, ben, 'Remove from workspace', /^Remove Ben Okafor$/);
    const happens = shown.getByRole('list', { name: words.life.happens });
    await expect(happens).toContainText('The role Operator ends.');
    await expect(happens).toContainText('No invitation of theirs waits for an answer.');
    await expect(happens).toContainText('Somebody else who can manage the team remains.');
    await check(page, 'remove');
    await shown.getByLabel(words.life.reason).fill('The project is over');
    await press(shown.getByRole('button', { name: 'Remove Ben Okafor', exact: true }));
    await expect(shown).toBeHidden();
    await expect(row(page, ben.email)).toHaveCount(0);
    const message = page.locator('.toast').filter({ hasText: 'Ben Okafor was removed.' });
    await check(page, 'remove-undo');
    await message.getByRole('button', { name: words.life.undo, exact: true }).click();
    await told(page, 'Ben Okafor is a member again');
    await expect(row(page, ben.email)).toContainText('Operator');
  });

  test('invitations of the removed one are revoked, or kept by who removes them', async ({ browser, open }) => {
    const ada = await site().member(browser, 'Ada Minster', 'Admin');
    const theirs = await open(site(), { as: ada });
    await visit(theirs, site().membersPath);
    const invite = await InviteDialog.open(theirs);
    await invite.type(['kept.by.owner@example.org']);
    await invite.role('Viewer');
    await invite.send.click();
    await expect(invite.verdict('kept.by.owner@example.org')).toContainText(words.invite.sent);
    await theirs.context().close();
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    const shown = await fromMenu(page, ada, 'Remove from workspace', /^Remove Ada Minster$/);
    const waiting = shown.getByRole('group', { name: /invitation that they sent waits/ });
    await expect(waiting).toContainText('kept.by.owner@example.org');
    await check(page, 'remove-invitations');
    await waiting.getByRole('radio', { name: /^Keep them/ }).check();
    await press(shown.getByRole('button', { name: 'Remove Ada Minster', exact: true }));
    await told(page, 'Ada Minster was removed. 1 invitation is yours now.');
    await page.goto(`${site().invitationsPath}?search=kept.by.owner`);
    await expect(row(page, 'kept.by.owner@example.org')).toContainText('Pending');
  });

  test('the tab of a suspended person says so without a reload, and works again after', async ({ browser, open, watch }) => {
    watch.expects(/^answer 404 (POST \/api\/|GET \/w\/)/, /ERR_INCOMPLETE_CHUNKED_ENCODING/);
    const sue = await site().member(browser, 'Sue Spender', 'Operator');
    const theirs = await open(site(), { as: sue });
    await visit(theirs, site().membersPath);
    await mark(theirs);
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    const shown = await fromMenu(page, sue, 'Suspend', /^Suspend Sue Spender$/);
    await check(page, 'suspend');
    await shown.getByLabel(words.life.reason).fill('On leave');
    await press(shown.getByRole('button', { name: 'Suspend Sue Spender', exact: true }));
    await told(page, 'Sue Spender is suspended.');
    await expect(row(page, sue.email)).toContainText('Suspended');
    await expect(theirs.getByRole('alert')).toContainText(words.life.lost(site().workspace), { timeout: 20_000 });
    await isStillTheSame(theirs);

    await visit(page, await memberPath(page, site(), sue.email));
    await expect(page.getByRole('main')).toContainText('Reason: On leave');
    await check(page, 'member-suspended');
    await membership(page).getByRole('button', { name: 'Reactivate', exact: true }).click();
    const back = dialog(page, /^Reactivate Sue Spender$/);
    await check(page, 'reactivate');
    await press(back.getByRole('button', { name: 'Reactivate Sue Spender', exact: true }));
    await told(page, 'Sue Spender is active again.');
    await theirs.goto(site().membersPath);
    await expect(row(theirs, sue.email)).toContainText('Active');
  });

  test('a membership gets an end, which the list shows, and loses it again', async ({ browser, open }) => {
    const eve = await site().member(browser, 'Eve Ending', 'Viewer');
    const page = await open(site(), { as: site().owner });
    await visit(page, await memberPath(page, site(), eve.email));
    const shown = dialog(page, /^Until when is Eve Ending a member$/);
    await openUntil(membership(page).getByRole('button', { name: words.life.setEnd }), shown);
    await check(page, 'membership-end');
    await shown.getByLabel(words.life.membershipEnds).fill(dayFromNow(20));
    await press(shown.getByRole('button', { name: words.life.saveEnd, exact: true }));
    await told(page, 'Eve Ending is a member until ');
    await expect(membership(page)).toContainText('in 20 days');
    await page.goto(`${site().membersPath}?search=${encodeURIComponent(eve.email)}`);
    await expect(row(page, eve.email)).toContainText('Ends ');
    await visit(page, await memberPath(page, site(), eve.email));
    await openUntil(membership(page).getByRole('button', { name: words.life.setEnd }), shown);
    await shown.getByLabel(words.life.membershipEnds).fill('');
    await press(shown.getByRole('button', { name: words.life.saveEnd, exact: true }));
    await told(page, 'Eve Ending is a member without an end.');
  });

  test('who may not manage the team sees the entries and why they are off', async ({ browser, open }) => {
    const opa = await site().member(browser, 'Opa Rator', 'Operator');
    const vic = await site().member(browser, 'Vic Ewer', 'Viewer');
    const page = await open(site(), { as: opa });
    await visit(page, site().membersPath);
    for (const item of ['Suspend', 'Remove from workspace']) {
      const entry = await actionOf(page, vic.name, item);
      await expect(entry).toHaveAttribute('aria-disabled', 'true');
      await expect(entry).toContainText('team:manage');
      await page.keyboard.press('Escape');
    }
    const bar = await select(page, vic);
    await expect(bar.getByRole('button', { name: /^Remove/ })).toHaveAttribute('title', /team:manage/);
  });

  test('on a phone a member can be removed', async ({ browser, open }) => {
    const pam = await site().member(browser, 'Pam Phone', 'Viewer');
    const page = await open(site(), { as: site().owner, phone: true });
    await visit(page, site().membersPath);
    const shown = await fromMenu(page, pam, 'Remove from workspace', /^Remove Pam Phone$/);
    await press(shown.getByRole('button', { name: 'Remove Pam Phone', exact: true }));
    await expect(row(page, pam.email)).toHaveCount(0);
  });
});

test.describe('several at once', () => {
  const people: Person[] = [];
  const site = useSite({}, async (made, browser) => {
    people.length = 0;
    for (const name of ['Kai One', 'Lou Two', 'Max Three']) people.push(await made.member(browser, name, 'Viewer'));
  });

  function those(): [Person, Person, Person] {
    const [kai, lou, max] = people;
    if (kai === undefined || lou === undefined || max === undefined) throw new Error('not prepared');
    return [kai, lou, max];
  }

  test('a selection survives news, other pages of the list and the keyboard', async ({ browser, open }) => {
    const [kai, lou] = those();
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    const box = page.getByRole('checkbox', { name: `Select ${kai.name}`, exact: true });
    await box.focus();
    await page.keyboard.press('Space');
    const bar = await select(page, kai, lou);
    await check(page, 'members-selected');
    const late = await site().member(browser, 'Aaa Newcomer', 'Viewer');
    await expect(row(page, late.email)).toBeVisible();
    await expect(box).toBeChecked();
    await expect(page.getByRole('checkbox', { name: `Select ${late.name}`, exact: true })).not.toBeChecked();
    await page.getByRole('searchbox').fill(lou.email);
    await expect(page.getByRole('row').filter({ hasText: '@' })).toHaveCount(1);
    await expect(page.getByRole('checkbox', { name: `Select ${lou.name}`, exact: true })).toBeChecked();
    await expect(bar).toContainText('2 selected');
    await page.getByRole('checkbox', { name: words.life.selectAll }).uncheck();
    await expect(bar).toContainText('1 selected');
    await bar.getByRole('button', { name: words.life.clear }).click();
    await expect(bar).toHaveCount(0);
    await page.getByRole('searchbox').fill('');
    await expect(box).not.toBeChecked();
  });

  test('changing the role of several says what each gains, and tells what became of each', async ({ open }) => {
    const [kai, lou] = those();
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    const bar = await select(page, kai, lou, { ...site().owner });
    await bar.getByRole('button', { name: 'Change role' }).click();
    const shown = dialog(page, words.life.several);
    await shown.getByRole('radio', { name: /^Operator\b/ }).check();
    await expect(shown.getByRole('list', { name: 'What changes' })).toContainText('Gain');
    await check(page, 'several-role');
    await press(shown.getByRole('button', { name: /^Change the role of 3 people/ }));
    await expect(shown.getByRole('button', { name: words.life.done, exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(verdict(shown, kai)).toContainText('Has the role now.');
    await expect(verdict(shown, lou)).toContainText('Has the role now.');
    await shown.getByRole('button', { name: words.life.done, exact: true }).click();
    await expect(row(page, kai.email)).toContainText('Operator');
  });

  test('suspending several gives a verdict for each, also for oneself', async ({ open }) => {
    const [kai, , max] = those();
    const page = await open(site(), { as: site().owner });
    await visit(page, site().membersPath);
    const bar = await select(page, kai, max, site().owner);
    await bar.getByRole('button', { name: 'Suspend' }).click();
    const shown = dialog(page, words.life.several);
    await shown.getByLabel(words.life.reason).fill('Audit week');
    await check(page, 'several-suspend');
    await press(shown.getByRole('button', { name: 'Suspend 3 people', exact: true }));
    await expect(shown.getByRole('status')).toContainText('2 done, 1 left as they were.');
    await expect(verdict(shown, kai)).toContainText('Is suspended.');
    await expect(verdict(shown, site().owner)).not.toContainText('Is suspended.');
    await check(page, 'several-verdicts');
    await shown.getByRole('button', { name: words.life.done, exact: true }).click();
    await expect(row(page, kai.email)).toContainText('Suspended');
    // Who was not reached stays selected.
    await expect(bar).toContainText('1 selected');
    await bar.getByRole('button', { name: words.life.clear }).click();
    await select(page, kai, max);
    await bar.getByRole('button', { name: 'Reactivate' }).click();
    await press(shown.getByRole('button', { name: 'Reactivate 2 people', exact: true }));
    await shown.getByRole('button', { name: words.life.done, exact: true }).click();
    await expect(row(page, kai.email)).toContainText('Active');
  });

  test('several people are put into a group until a day', async ({ open }) => {
    const [kai, lou] = those();
    const page = await open(site(), { as: site().owner });
    const draft = { name: 'Night shift', description: '', permissions: ['billing:view', 'billing:manage'] };
    await done(page, site(), 'create_group', { draft });
    await visit(page, site().membersPath);
    const bar = await select(page, kai, lou);
    await bar.getByRole('button', { name: 'Add to group' }).click();
    const shown = dialog(page, words.life.several);
    await shown.getByLabel('Group').selectOption({ label: 'Night shift' });
    await shown.getByLabel(/^ends/i).fill(dayFromNow(10));
    await expect(shown).toContainText('2 people affected');
    await check(page, 'several-group');
    await press(shown.getByRole('button', { name: 'Add 2 people', exact: true }));
    await expect(verdict(shown, lou)).toContainText('Is in the group now.');
    await shown.getByRole('button', { name: words.life.done, exact: true }).click();
    await expect(row(page, lou.email)).toContainText('Night shift');
  });

  test('several are removed on a phone, and stand among the removed people', async ({ browser, open }) => {
    const nan = await site().member(browser, 'Nan Gone', 'Viewer');
    const oli = await site().member(browser, 'Oli Gone', 'Viewer');
    const page = await open(site(), { as: site().owner, phone: true });
    await visit(page, site().membersPath);
    const bar = await select(page, nan, oli);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await bar.getByRole('button', { name: 'Remove' }).click();
    const shown = dialog(page, words.life.several);
    await expect(verdict(shown, nan)).toContainText('Loses the role Viewer');
    await expect(verdict(shown, oli)).toContainText('Loses the role Viewer');
    await press(shown.getByRole('button', { name: 'Remove 2 people', exact: true }));
    await expect(verdict(shown, oli)).toContainText('Was removed.');
    await shown.getByRole('link', { name: words.life.removed }).click();
    await expect(page).toHaveURL(/\/members\/former$/);
    await expect(row(page, oli.email)).toBeVisible();
  });
});

test.describe('former members', () => {
  const site = useSite();

  /** Removes somebody without the console. */
  async function remove(page: Page, who: Person, reason = ''): Promise<void> {
    const member = await memberId(page, site(), who.email);
    await done(page, site(), 'remove_member', { member, order: { reason, invitations: 'revoke' } });
  }

  test('the filter leads to them, and they can be brought back', async ({ browser, open }) => {
    const fay = await site().member(browser, 'Fay Former', 'Operator');
    const page = await open(site(), { as: site().owner });
    await remove(page, fay, 'Left the company');
    await visit(page, site().membersPath);
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: words.life.status });
    await expect(page).toHaveURL(/\/members\/former$/);
    await expect(page.getByRole('heading', { level: 1, name: words.life.removed })).toBeVisible();
    const line = row(page, fay.email);
    await expect(line).toContainText('Removed by Ana Ruiz');
    await expect(line).toContainText('Left the company');
    await expect(line).toContainText('Operator');
    await check(page, 'former');
    const shown = dialog(page, /^Reinstate Fay Former$/);
    await openUntil(line.getByRole('button', { name: words.life.reinstate }), shown);
    await expect(shown).toContainText('The role Operator comes back.');
    await expect(shown).toContainText('Tokens and revoked invitations do not come back.');
    await check(page, 'reinstate');
    await press(shown.getByRole('button', { name: 'Reinstate Fay Former', exact: true }));
    await told(page, 'Fay Former is a member again');
    await expect(line).toHaveCount(0);
    await page.goto(site().membersPath);
    await expect(row(page, fay.email)).toContainText('Operator');
  });

  test('what is gone meanwhile is named after bringing somebody back', async ({ browser, open }) => {
    const gus = await site().member(browser, 'Gus Group', 'Viewer');
    const page = await open(site(), { as: site().owner });
    const draft = { name: 'Short lived', description: '', permissions: ['monitoring:view'] };
    const group = await done<string>(page, site(), 'create_group', { draft });
    const member = await memberId(page, site(), gus.email);
    await done(page, site(), 'add_to_group', { group, members: [member], expires_at: null });
    await remove(page, gus);
    const editor = await done<{ group: { version: number } }>(page, site(), 'load_group_editor', { group });
    await done(page, site(), 'delete_group', { group, version: editor.group.version });
    await visit(page, `${site().membersPath}/former`);
    const shown = dialog(page, /^Reinstate Gus Group$/);
    await openUntil(row(page, gus.email).getByRole('button', { name: words.life.reinstate }), shown);
    await press(shown.getByRole('button', { name: 'Reinstate Gus Group', exact: true }));
    await expect(shown.getByRole('list', { name: 'What did not come back' })).toContainText('Short lived');
    await check(page, 'reinstated-in-part');
    await shown.getByRole('button', { name: words.life.done, exact: true }).click();
    await expect(shown).toBeHidden();
  });

  test('without scripts the filter leads to the same page, and search works there', async ({ browser, open }) => {
    const hal = await site().member(browser, 'Hal Html', 'Viewer');
    const seen = await open(site(), { as: site().owner });
    await seen.goto(site().membersPath);
    await remove(seen, hal);
    const page = await open(site(), { as: site().owner, js: false });
    await page.goto(site().membersPath);
    await expect(page.getByRole('checkbox')).toHaveCount(0);
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: words.life.status });
    await page.getByRole('button', { name: words.members.apply }).click();
    await expect(page).toHaveURL(/\/members\/former$/);
    await page.getByRole('searchbox').fill('nobody at all');
    await page.getByRole('button', { name: words.members.apply }).click();
    await expect(page.getByRole('heading', { name: words.members.none })).toBeVisible();
    await page.getByRole('link', { name: 'Clear the search' }).click();
    await expect(row(page, hal.email)).toBeVisible();
  });

  test('inviting a former member offers to reinstate or to start fresh', async ({ browser, open }) => {
    const ivy = await site().member(browser, 'Ivy Again', 'Operator');
    const jon = await site().member(browser, 'Jon Anew', 'Operator');
    const page = await open(site(), { as: site().owner });
    await remove(page, ivy);
    await remove(page, jon);
    await visit(page, site().membersPath);
    const invite = await InviteDialog.open(page);
    await invite.type([ivy.email, jon.email]);
    await invite.role('Viewer');
    await invite.send.click();
    await expect(invite.verdict(ivy.email)).toContainText('Was a member until');
    await check(page, 'invite-former');
    await invite.verdict(ivy.email).getByRole('button', { name: words.life.reinstate }).click();
    await expect(invite.verdict(ivy.email)).toContainText('is a member again');
    await invite.verdict(jon.email).getByRole('button', { name: words.life.startFresh }).click();
    await expect(invite.verdict(jon.email)).toContainText('Invited as if new.');
    await invite.close();
    await expect(row(page, ivy.email)).toContainText('Operator');
    await page.goto(`${site().invitationsPath}?search=${encodeURIComponent(jon.email)}`);
    await expect(row(page, jon.email).filter({ hasText: 'Pending' })).toContainText('Viewer');
  });
});

test.describe('owners', () => {
  test('the last owner can not leave and is told the way out', async ({ open, start }) => {
    const site = await start();
    const page = await open(site, { as: site.owner });
    await visit(page, site.membersPath);
    const menu = await openAccount(page);
    await menu.getByRole('menuitem', { name: `Leave ${site.workspace}` }).click();
    const shown = dialog(page, /^Leave Acme Robotics$/);
    await expect(shown.getByRole('alert')).toContainText(words.life.refused);
    const leave = shown.getByRole('button', { name: /^Leave Acme Robotics/ });
    await expect(leave).toHaveAttribute('aria-disabled', 'true');
    await check(page, 'leave-refused');
    await shown.getByRole('link', { name: 'Choose somebody in Members' }).click();
    await expect(shown).toBeHidden();
    await expect(page).toHaveURL(/\/members$/);
  });

  test('a member leaves and is told where they are now', async ({ browser, open, start, watch }) => {
    watch.expects(/^answer 404 (POST \/api\/|GET \/w\/)/, /ERR_INCOMPLETE_CHUNKED_ENCODING/);
    const site = await start();
    const lea = await site.member(browser, 'Lea Ving', 'Operator');
    const page = await open(site, { as: lea });
    await visit(page, site.membersPath);
    await (await actionOf(page, lea.name, 'Leave workspace')).click();
    const shown = dialog(page, /^Leave Acme Robotics$/);
    await expect(shown).toContainText('You lose access at once');
    await check(page, 'leave');
    await press(shown.getByRole('button', { name: 'Leave Acme Robotics', exact: true }));
    await expect(page.getByRole('heading', { name: words.frame.nowhere })).toBeVisible();
    await expect(page.locator('.toast').filter({ hasText: 'You left Acme Robotics.' })).toBeVisible();
  });

  test('ownership is handed over between two browsers', async ({ browser, open, start }) => {
    const site = await start();
    const nia = await site.member(browser, 'Nia Next', 'Admin');
    const page = await open(site, { as: site.owner });
    const theirs = await open(site, { as: nia });
    await visit(theirs, site.membersPath);
    await mark(theirs);
    await visit(page, await memberPath(page, site, nia.email));
    const shown = dialog(page, /^Hand over ownership to Nia Next$/);
    await openUntil(membership(page).getByRole('button', { name: words.life.handOver }), shown);
    await check(page, 'hand-over');
    await press(shown.getByRole('button', { name: 'Hand over to Nia Next', exact: true }));
    await told(page, 'Nia Next is asked');
    await expect(membership(page).getByRole('button', { name: /^Cancel the proposal to Nia Next/ })).toBeVisible();
    await check(page, 'member-proposal');

    const banner = theirs.getByRole('region', { name: words.life.offer });
    await expect(banner).toContainText('Ana Ruiz wants to hand over Acme Robotics to you.');
    await check(theirs, 'ownership-offer');
    await press(banner.getByRole('button', { name: words.life.accept, exact: true }));
    await told(theirs, 'You are an owner of Acme Robotics now.');
    await expect(banner).toHaveCount(0);
    await isStillTheSame(theirs);
    await expect(row(theirs, nia.email)).toContainText('Owner');
    await expect(row(theirs, site.owner.email)).not.toContainText('Owner');
    // Who is no owner any more does not see who owns what.
    await expect(membership(page).getByRole('button', { name: words.life.takeOwnership })).toHaveCount(0);
  });

  test('a second owner is made, declines, is asked again, and steps down', async ({ browser, open, start }) => {
    const site = await start();
    const pia = await site.member(browser, 'Pia Pair', 'Operator');
    const page = await open(site, { as: site.owner });
    const theirs = await open(site, { as: pia });
    await visit(theirs, site.membersPath);
    const path = await memberPath(page, site, pia.email);
    const banner = theirs.getByRole('region', { name: words.life.offer });
    const ask = async (): Promise<void> => {
      await visit(page, path);
      const shown = dialog(page, /^Make Pia Pair an owner$/);
      await openUntil(membership(page).getByRole('button', { name: words.life.makeOwner }), shown);
      await press(shown.getByRole('button', { name: 'Ask Pia Pair', exact: true }));
      await told(page, 'Pia Pair is asked');
    };
    await ask();
    await press(membership(page).getByRole('button', { name: /^Cancel the proposal/ }));
    await told(page, 'Pia Pair is not asked any more.');
    await expect(banner).toHaveCount(0);
    await ask();
    await press(banner.getByRole('button', { name: words.life.decline, exact: true }));
    await told(theirs, 'You declined.');
    await expect(membership(page).getByRole('button', { name: words.life.makeOwner })).toBeVisible();
    await ask();
    await press(banner.getByRole('button', { name: words.life.accept, exact: true }));
    await told(theirs, 'You are an owner of Acme Robotics now.');

    await visit(theirs, path);
    await expect(membership(theirs).getByRole('list', { name: 'Owners' })).toContainText('Ana Ruiz');
    const shown = dialog(theirs, /^Step down as an owner$/);
    await openUntil(membership(theirs).getByRole('button', { name: words.life.stepDown }), shown);
    await shown.getByRole('radio', { name: /^Operator\b/ }).check();
    await check(theirs, 'step-down');
    await press(shown.getByRole('button', { name: words.life.stepDown, exact: true }));
    await told(theirs, 'You are not an owner any more.');
    await expect(membership(theirs).getByRole('button', { name: words.life.stepDown })).toHaveCount(0);
  });

  test('an owner takes ownership away from another', async ({ browser, open, start }) => {
    const site = await start();
    const quin = await site.member(browser, 'Quin Second', 'Admin');
    const page = await open(site, { as: site.owner });
    const theirs = await open(site, { as: quin });
    await page.goto(site.membersPath);
    const member = await memberId(page, site, quin.email);
    await done(page, site, 'propose_ownership', { member, hand_over: false });
    await done(theirs, site, 'accept_ownership', {});
    await visit(page, `/w/${site.slug}/people/${member}`);
    const shown = dialog(page, /^Take ownership away from Quin Second$/);
    await openUntil(membership(page).getByRole('button', { name: words.life.takeOwnership }), shown);
    await shown.getByRole('radio', { name: /^Viewer\b/ }).check();
    await check(page, 'take-ownership');
    await press(shown.getByRole('button', { name: 'Take ownership from Quin Second', exact: true }));
    await told(page, 'Quin Second is not an owner any more.');
    await expect(membership(page).getByRole('button', { name: words.life.makeOwner })).toBeVisible();
  });
});
