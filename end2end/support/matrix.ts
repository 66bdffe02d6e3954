// The grid of check boxes over permissions, and what roles and groups have in common.
import { type Locator, type Page, expect } from '@playwright/test';

import { InviteDialog, openUntil, visit } from './story';
import { words } from './words';

export type Action = 'View' | 'Manage' | 'Delete';
/** A cell by its service and action. */
export type Cell = readonly [service: string, action: Action];

/** A grid that can be edited, or only read. */
export class Matrix {
  readonly grid: Locator;

  constructor(
    readonly page: Page,
    name: string,
  ) {
    this.grid = page.getByRole('grid', { name });
  }

  cell([service, action]: Cell): Locator {
    return this.grid.getByRole('checkbox', { name: `${service}: ${action}`, exact: true });
  }

  /** The sentence about the cell that has the focus or the pointer. */
  get sentence(): Locator {
    return this.page.locator('.rc-matrix-hint');
  }

  /** Checks that exactly these cells are on. */
  async holds(...cells: Cell[]): Promise<void> {
    await expect
      .poll(async () => {
        return (await labels(this.grid.getByRole('checkbox', { checked: true }))).sort();
      })
      .toEqual(cells.map((cell) => cell.join(': ')).sort());
  }
}

/** Makes a role and gives its path; the page stays on it. */
export async function createRole(page: Page, slug: string, name: string, cells: Cell[]): Promise<string> {
  await visit(page, `/w/${slug}/roles/new`);
  await page.getByLabel(words.roles.name, { exact: true }).fill(name);
  const matrix = new Matrix(page, words.roles.grid);
  for (const cell of cells) await matrix.cell(cell).check();
  await page.getByRole('button', { name: words.roles.create }).click();
  return createdRole(page, name);
}

/** The path of a role that was just made. */
export async function createdRole(page: Page, name: string): Promise<string> {
  await told(page, words.roles.created(name));
  await page.waitForURL(/\/roles\/(?!new)[^/?]+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  return new URL(page.url()).pathname;
}

/** Waits for a short message and closes it, so that the next one is not taken for it. */
export async function told(page: Page, text: string): Promise<void> {
  const message = page.locator('.toast').filter({ hasText: text }).first();
  await expect(message).toBeVisible();
  await message.getByRole('button', { name: words.access.closeMessage }).click();
}

/** Puts a mark on the page, which a reload would take away. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-same-page', ''));
}

/** Checks that the page was not loaded again since `mark`. */
export async function isStillTheSame(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.hasAttribute('data-same-page'))).toBe(true);
}

/** Opens the menu of a card or a row and gives one of its items. */
export async function actionOf(page: Page, name: string, item: string): Promise<Locator> {
  const menu = page.getByRole('menu', { name: `Actions for ${name}`, exact: true });
  await openUntil(page.getByRole('button', { name: `Actions for ${name}`, exact: true }), menu);
  return menu.getByRole('menuitem', { name: new RegExp(`^${item}`) });
}

/** A button that can be used now. */
export async function press(button: Locator): Promise<void> {
  await expect(button).not.toHaveAttribute('aria-disabled', 'true');
  await button.click();
}

/** One person in a preview. */
export function affected(dialog: Locator, email: string): Locator {
  return dialog.getByRole('listitem').filter({ hasText: email });
}

/** The services that somebody's page says they can use: "view projects". */
export async function can(page: Page): Promise<string[]> {
  const names = await labels(page.getByRole('grid').getByRole('button', { name: /^Can / }));
  return names.map((name) => /^Can (.+?)( because of|:)/.exec(name)?.[1] ?? name).sort();
}

/** The labels of all these at one moment. */
function labels(these: Locator): Promise<string[]> {
  return these.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
}

/** Invites somebody into groups, and waits until that is done. */
export async function inviteToGroups(page: Page, email: string, groups: string[]): Promise<void> {
  const invite = await InviteDialog.open(page);
  await invite.type([email]);
  for (const group of groups) await invite.root.getByRole('checkbox', { name: new RegExp(`^${group}\\b`) }).check();
  await press(invite.send);
  await expect(invite.verdict(email)).toContainText(words.invite.sent);
  await invite.close();
}

/** A day from now as a date field takes it. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
