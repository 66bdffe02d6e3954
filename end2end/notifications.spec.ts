// Which mails somebody gets: the boxes on the account page, the foot of a mail, and what is always sent.
import type { Locator, Page } from '@playwright/test';

import { done, memberId } from './support/api';
import { axe, shots } from './support/console';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const site = useSite({});

const ROLE = 'Your role in Acme Robotics changed';

function section(page: Page): Locator {
  return page.getByRole('region', { name: words.notifications.title });
}

function box(page: Page, kind: RegExp): Locator {
  return section(page).getByRole('checkbox', { name: kind });
}

/** Ticks or unticks; before the scripts run, a click reaches nobody. */
async function choose(page: Page, kind: RegExp, on: boolean): Promise<void> {
  const saved = page.locator('.toaster').getByText(on ? /^You get mails about/ : /^You get no more mails about/);
  await expect(async () => {
    await box(page, kind).setChecked(!on);
    await box(page, kind).setChecked(on);
    await expect(saved.last()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 15_000 });
  await expect(box(page, kind)).toBeChecked({ checked: on });
}

async function giveRole(page: Page, email: string, role: string): Promise<void> {
  const member = await memberId(page, site(), email);
  const options = await done<{ roles: { id: string; name: string }[] }>(page, site(), 'invite_options', {});
  const id = options.roles.find((one) => one.name === role)?.id;
  const verdicts = await done<{ problem: unknown }[]>(page, site(), 'change_roles', { members: [member], role: id });
  expect(verdicts.map((one) => one.problem)).toEqual([null]);
}

test('a kind that is switched off is not mailed, and comes again when it is on', async ({ browser, open }) => {
  test.setTimeout(120_000);
  const vera = await site().member(browser, 'Vera Viewer', 'Viewer');
  const owner = await open(site(), { as: site().owner });
  await giveRole(owner, vera.email, 'Operator');
  const mail = await site().mail.about(vera.email, ROLE);
  expect(mail.text).toContain('“What you may do”');
  const setting = /https?:\/\/\S+\/account#notifications/.exec(mail.text)?.[0] ?? '';
  const roles = () => site().mail.to(vera.email).filter(({ subject }) => subject === ROLE);

  const page = await open(site(), { as: vera });
  await page.goto(new URL(setting).pathname + new URL(setting).hash);
  await expect(box(page, words.notifications.access)).toBeChecked();
  await choose(page, words.notifications.access, false);
  await page.reload();
  await expect(box(page, words.notifications.access)).not.toBeChecked();
  await giveRole(owner, vera.email, 'Viewer');
  await choose(page, words.notifications.access, true);
  await giveRole(owner, vera.email, 'Operator');
  await expect.poll(() => roles().length).toBe(2);
  // Mail goes out in the order in which it was queued or side by side: one that was queued would be here.
  expect(roles()).toHaveLength(2);
});

test('what is about safety is always on and says why', async ({ open }) => {
  const page = await open(site(), { as: site().owner });
  await page.goto('/account');
  for (const kind of words.notifications.always) {
    await expect(box(page, kind)).toBeChecked();
    await expect(box(page, kind)).toBeDisabled();
  }
  await expect(section(page).getByText(/^Always on\. /)).toHaveCount(words.notifications.always.length);
  await expect(box(page, words.notifications.others)).not.toBeChecked();
});

test('the section can be used by everybody, in both themes and on a phone', async ({ open }) => {
  test.setTimeout(180_000);
  const page = await open(site(), { as: site().owner });
  await page.goto('/account#notifications');
  await expect(section(page)).toBeVisible();
  await axe(page, 'notifications');
  await shots(page, 'notifications');
});
