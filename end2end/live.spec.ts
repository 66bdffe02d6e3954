// Pages follow the news by themselves: in many tabs, and for what an inviter may still give.
import { call, done, memberId } from './support/api';
import { type Person, person } from './support/site';
import { choose, dialog, row, statusOf, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

let admin: Person;
const site = useSite({}, async (made, browser) => {
  admin = await made.member(browser, 'Ada Min', 'Admin');
});

test('of eight tabs the visible one is up to date, and another one as soon as it is looked at', async ({
  open,
  browser,
}) => {
  const first = await open(site(), { as: site().owner });
  const context = first.context();
  // Chromium under test shows every tab as visible, so the tabs say themselves what they are.
  await context.addInitScript(() => {
    Object.defineProperty(document, 'hidden', {
      configurable: true,
      get: () => document.documentElement.hasAttribute('data-behind'),
    });
  });
  const show = (page: typeof first, visible: boolean): Promise<void> =>
    page.evaluate((on) => {
      document.documentElement.toggleAttribute('data-behind', !on);
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, visible);
  const tabs = [first];
  while (tabs.length < 8) tabs.push(await context.newPage());
  for (const tab of tabs) {
    await visit(tab, site().invitationsPath);
    if (tab !== tabs.at(-1)) await show(tab, false);
  }
  const [last, guest] = [tabs[7], person('Tabea Many').email];
  if (last === undefined) throw new Error('no last tab');
  await site().invite(browser, [guest]);
  await expect(row(last, guest)).toBeVisible();
  await expect(row(first, guest)).toHaveCount(0);
  await show(last, false);
  await show(first, true);
  await expect(row(first, guest)).toBeVisible();
  await expect(first.getByText(words.frame.paused)).toBeHidden();
});

test('what a page asks after news says that nobody asked; what a person asks does not', async ({ open, browser }) => {
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  // What the mail's way brings as news may come at any moment: a request is known by what it searches for.
  const asked = (search: string): Promise<string | null> =>
    page
      .waitForRequest(
        (request) => request.url().endsWith('/api/list_invitations') && (request.postData() ?? '').includes(search),
      )
      .then((request) => request.headerValue('x-rolecall-unattended'));
  const byNews = asked('');
  await site().invite(browser, [person('Nora News').email]);
  expect(await byNews).toBe('1');
  const byPerson = asked('nora');
  await page.getByRole('searchbox').fill('nora');
  expect(await byPerson).toBeNull();
});

test('an invitation that its sender may not give any more turns to “needs approval” by itself', async ({ open, watch }) => {
  // The page of the sender, who may not see the team any more.
  watch.expects(/^answer 403 POST \/api\/(team_|list_invitations)/);
  const guest = person('Hugo High').email;
  const sender = await open(site(), { as: admin });
  await visit(sender, site().invitationsPath);
  const options = await done<{ roles: { id: string; name: string }[] }>(sender, site(), 'invite_options', {});
  const role = (name: string): string => options.roles.find((one) => one.name === name)?.id ?? '';
  await done(sender, site(), 'send_invitations', {
    request: {
      idempotency_key: 'high',
      addresses: [guest],
      role: role('Admin'),
      groups: [],
      note: '',
      hours: 72,
    },
  });
  const page = await open(site(), { as: site().owner });
  await visit(page, site().invitationsPath);
  await expect(statusOf(page, guest)).toContainText('Pending');
  await expect(row(page, guest)).not.toContainText(words.invitations.needsApproval);
  const member = await memberId(page, site(), admin.email);
  const { version } = await done<{ version: number }>(page, site(), 'load_member', { member });
  const access = { role: role('Viewer'), groups: [], direct: { permissions: [], expires_at: null } };
  expect((await call(page, site(), 'update_access', { member, version, access })).status).toBe(200);
  await expect(row(page, guest)).toContainText(words.invitations.needsApproval);
  // Whoever may give it approves it by changing it.
  await choose(page, guest, words.invitations.changeRole);
  const change = dialog(page, words.invitations.roleDialog);
  await change.getByRole('radio', { name: /^Operator/ }).check();
  await change.getByRole('button', { name: words.invitations.changeRole }).click();
  await expect(row(page, guest)).not.toContainText(words.invitations.needsApproval);
});
