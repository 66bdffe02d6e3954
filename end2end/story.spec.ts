// The whole story: an empty server, a workspace, an invitation by mail, a second browser, a member.
import { person } from './support/site';
import { InviteDialog, acceptAsNew, inviteByDialog, row, setUp, signIn, signOut, statusOf, visit } from './support/story';
import { POSTGRES } from './support/postgres';
import { expect, test } from './support/test';
import { words } from './support/words';

for (const kind of ['SQLite', 'PostgreSQL'] as const) {
  test(`an invited person joins while the admin watches, on ${kind}`, async ({ open, start }) => {
    test.skip(kind === 'PostgreSQL' && POSTGRES === undefined && !process.env['CI'], 'ROLECALL_TEST_POSTGRES_URL is not set');
    test.setTimeout(90_000);
    const site = await start({ ready: false, postgres: kind === 'PostgreSQL' });
    const ben = person('Ben Okafor');
    const admin = await open(site);
    await test.step('the first run makes the workspace and signs its owner in', async () => {
      site.slug = await setUp(admin, site.server, site.owner, site.workspace);
      await admin.waitForURL(site.overviewPath);
      await expect(admin.getByRole('heading', { name: words.overview.beginning })).toBeVisible();
      await admin.getByRole('link', { name: words.overview.invite }).first().click();
      await expect(admin.getByRole('heading', { level: 1, name: words.members.title })).toBeVisible();
      await expect(row(admin, site.owner.email)).toContainText('Owner');
    });

    await test.step('the owner invites somebody, and the mail goes out', async () => {
      await visit(admin, site.invitationsPath);
      const invite = await inviteByDialog(admin, {
        addresses: [ben.email],
        role: 'Operator',
        note: 'Welcome to the robots',
      });
      await expect(invite.verdict(ben.email)).toContainText(words.invite.sent);
      await invite.close();
      await expect(statusOf(admin, ben.email)).toContainText('Pending');
      await expect(row(admin, ben.email)).toContainText('Operator');
      const [mail] = await site.mail.waitFor(ben.email);
      expect(mail?.subject).toContain(site.workspace);
      for (const part of [mail?.text, mail?.html]) {
        expect(part).toContain(site.workspace);
        expect(part).toContain(site.owner.email);
        expect(part).toContain('Operator');
        expect(part).toContain('Welcome to the robots');
        expect(part).toContain('UTC');
        expect(part).toContain(mail?.link);
      }
      await expect(statusOf(admin, ben.email)).toHaveText(words.invitations.sent);
    });

    const guest = await open(site);
    await test.step('the link shows who invites to what, until when', async () => {
      await guest.goto(await site.mail.link(ben.email));
      const card = guest.getByRole('main');
      await expect(card).toContainText(site.workspace);
      await expect(card).toContainText(site.owner.name);
      await expect(card).toContainText(site.owner.email);
      await expect(card).toContainText(ben.email);
      await expect(card).toContainText('Operator');
      await expect(card).toContainText('Welcome to the robots');
      await expect(card).toContainText('UTC');
      await expect(statusOf(admin, ben.email)).toContainText('Pending');
    });

    await test.step('the person joins, and the admin’s page turns to Accepted without reload', async () => {
      await admin.evaluate(() => document.documentElement.setAttribute('data-same-page', ''));
      await acceptAsNew(guest, await site.mail.link(ben.email), ben);
      await expect(guest).toHaveURL(site.overviewPath);
      await guest.goto(site.membersPath);
      await expect(row(guest, ben.email)).toBeVisible();
      await expect(statusOf(admin, ben.email)).toContainText('Accepted');
      expect(await admin.evaluate(() => document.documentElement.hasAttribute('data-same-page'))).toBe(true);
    });

    await test.step('the new member is among the members', async () => {
      await admin.getByRole('navigation', { name: 'Members, invitations and groups' }).getByRole('link', { name: /^Members/ }).click();
      await expect(row(admin, ben.email)).toContainText(ben.name);
      await expect(row(admin, ben.email)).toContainText('Operator');
      await expect(admin.getByText(/2 people/)).toBeVisible();
      expect(await admin.evaluate(() => document.documentElement.hasAttribute('data-same-page'))).toBe(true);
    });

    await test.step('the new member signs out and in again', async () => {
      await signOut(guest);
      await signIn(guest, ben);
      await expect(guest).toHaveURL(site.overviewPath);
      await guest.goto(site.membersPath);
      await expect(row(guest, ben.email)).toBeVisible();
    });
  });
}

test('two open tabs show the same change, and a reload shows what they show', async ({ open, start }) => {
  const site = await start();
  const first = await open(site, { as: site.owner });
  const second = await open(site, { as: site.owner });
  await visit(first, site.invitationsPath);
  await visit(second, site.invitationsPath);
  const invite = await InviteDialog.open(first);
  await invite.type(['carla@example.org']);
  await invite.send.click();
  await expect(statusOf(second, 'carla@example.org')).toContainText('Pending');
  await second.reload();
  await expect(statusOf(second, 'carla@example.org')).toContainText('Pending');
});
