// What people do in the console and on the pages of an invitation, by role and label.
import { type Locator, type Page, expect } from '@playwright/test';

import type { Server } from './server';
import type { Person } from './site';
import { words } from './words';

/** Goes to a page of the console and waits until its scripts run: then it listens for news. */
export async function visit(page: Page, path: string): Promise<void> {
  const live = page.waitForRequest((request) => request.url().endsWith('/events'));
  await page.goto(path);
  await live;
}

/** The first run; gives the slug of the workspace. */
export async function setUp(
  page: Page,
  server: Server,
  owner: Person,
  workspace: string,
  template?: string,
): Promise<string> {
  await page.goto('/setup');
  await page.getByLabel(words.setup.code).fill(server.setupCode);
  await page.getByLabel(words.setup.name).fill(owner.name);
  await page.getByLabel(words.setup.email).fill(owner.email);
  await page.getByLabel(words.setup.password, { exact: true }).fill(owner.password);
  await page.getByLabel(words.setup.workspace).fill(workspace);
  if (template !== undefined) await page.getByRole('radio', { name: new RegExp(`^${template}\\b`) }).check();
  await page.getByRole('button', { name: words.setup.submit }).click();
  await page.waitForURL(/\/w\/[^/]+/);
  const slug = /\/w\/([^/?]+)/.exec(page.url())?.[1];
  if (slug === undefined) throw new Error(`no workspace in ${page.url()}`);
  return slug;
}

/** Signs in on the page that asks for it and waits for what comes after. */
export async function signIn(page: Page, who: Person): Promise<void> {
  await page.goto('/sign-in');
  await fillSignIn(page, who.email, who.password);
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel(words.signIn.email).fill(email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: words.signIn.submit, exact: true }).click();
}

/** The navigation, with the workspace at its head and the account at its foot. */
export function navigation(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Navigation' });
}

/** Opens the menu of the signed-in person. */
export async function openAccount(page: Page): Promise<Locator> {
  const menu = page.getByRole('menu', { name: /^Account of/ });
  await openUntil(navigation(page).getByRole('button', { name: /@/ }), menu);
  return menu;
}

/** Opens the list of workspaces. */
export async function openSwitcher(page: Page, workspace: string): Promise<Locator> {
  const menu = page.getByRole('menu', { name: 'Workspaces' });
  await openUntil(navigation(page).getByRole('button', { name: workspace }), menu);
  return menu;
}

/** Opens the account menu and signs out. */
export async function signOut(page: Page): Promise<void> {
  const menu = await openAccount(page);
  await menu.getByRole('menuitem', { name: words.account.signOut }).click();
  await page.waitForURL(/\/sign-in/);
}

/** Presses a control until what it opens is there: before the scripts run, a press does nothing. */
export async function openUntil(control: Locator, opened: Locator): Promise<void> {
  await expect(async () => {
    if (!(await opened.isVisible())) await control.click({ timeout: 2_000 });
    await expect(opened).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
}

export function inviteButton(page: Page): Locator {
  return page.getByRole('button', { name: words.members.invite }).first();
}

export function dialog(page: Page, name?: RegExp): Locator {
  return name === undefined ? page.getByRole('dialog') : page.getByRole('dialog', { name });
}

/** The invite dialog. */
export class InviteDialog {
  readonly root: Locator;

  private constructor(readonly page: Page) {
    this.root = dialog(page, words.invite.title);
  }

  static async open(page: Page): Promise<InviteDialog> {
    const invite = new InviteDialog(page);
    await openUntil(inviteButton(page), invite.root);
    return invite;
  }

  get addresses(): Locator {
    return this.root.getByRole('textbox', { name: words.invite.addresses });
  }

  get send(): Locator {
    return this.root.getByRole('button', { name: words.invite.send });
  }

  get verdicts(): Locator {
    return this.root.getByRole('listitem');
  }

  /** Types a few addresses as a person does, each closed with Enter; many as lines at once. */
  async type(addresses: string[]): Promise<void> {
    if (addresses.length > 3) {
      await this.addresses.fill(`${addresses.join('\n')}\n`);
      return;
    }
    for (const address of addresses) {
      await this.addresses.fill(address);
      await this.addresses.press('Enter');
    }
  }

  /** Pastes a text; the page needs the clipboard. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.addresses.focus();
    await this.page.keyboard.press('ControlOrMeta+V');
  }

  async role(name: string): Promise<void> {
    await this.root.getByRole('radio', { name: new RegExp(`^${name}\\b`) }).check();
  }

  /** What became of one address. */
  verdict(email: string): Locator {
    return this.verdicts.filter({ hasText: email });
  }

  /** Closes the list of verdicts. */
  async close(): Promise<void> {
    await this.root.getByRole('button', { name: words.invite.done, exact: true }).click();
    await expect(this.root).toBeHidden();
  }
}

export interface Invitation {
  addresses: string[];
  role?: string;
  note?: string;
}

/** Invites through the dialog and waits for the verdicts. */
export async function inviteByDialog(page: Page, { addresses, role, note }: Invitation): Promise<InviteDialog> {
  const invite = await InviteDialog.open(page);
  await invite.type(addresses);
  if (role !== undefined) await invite.role(role);
  if (note !== undefined) await invite.root.getByLabel(words.invite.note).fill(note);
  await invite.send.click();
  for (const address of addresses) await expect(invite.verdict(address)).toBeVisible();
  return invite;
}

/** The row of a table that has an address. */
export function row(page: Page, email: string): Locator {
  return page.getByRole('row').filter({ hasText: email });
}

/** What an invitation's row says about its status and its newest mail. */
export function statusOf(page: Page, email: string): Locator {
  return row(page, email).getByRole('cell').first();
}

/** Opens the menu of an invitation's row and chooses from it. */
export async function choose(page: Page, email: string, item: RegExp): Promise<void> {
  await (await menuItem(page, email, item)).click();
}

/** Opens the menu of an invitation's row and gives one of its items. */
export async function menuItem(page: Page, email: string, item: RegExp): Promise<Locator> {
  const line = row(page, email);
  const menu = line.getByRole('menu');
  await openUntil(line.getByRole('button', { name: words.invitations.actions }), menu);
  return menu.getByRole('menuitem', { name: item });
}

/** Opens the link and joins as somebody who has no account. */
export async function acceptAsNew(page: Page, link: string, who: Person): Promise<void> {
  await page.goto(link);
  await fillNewPerson(page, who.name, who.password);
  await page.waitForURL(/\/w\/[^/]+/);
}

export async function fillNewPerson(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel(words.accept.name).fill(name);
  await page.getByLabel(words.accept.password, { exact: true }).first().fill(password);
  await page.getByRole('button', { name: words.accept.join }).click();
}

/** The visible text of the page's main part. */
export function mainText(page: Page): Promise<string> {
  return page.getByRole('main').innerText();
}
