// Fails a test on anything that goes wrong in a browser, checks accessibility, takes screenshots.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, type Page, expect } from '@playwright/test';

const SCREENS = resolve(__dirname, '../artifacts/screens');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Collects console messages, exceptions, failed requests and error answers of browser contexts. */
export class Watch {
  readonly #problems: string[] = [];
  readonly #expected: RegExp[] = [];

  /** Declares a problem that this test provokes, as in `answer 410 GET /invite/…`. */
  expects(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  follow(context: BrowserContext): void {
    context.on('console', (message) => {
      const text = message.text();
      // Chromium repeats each error answer here; `response` below has it with its method.
      if (text.startsWith('Failed to load resource: the server responded')) return;
      if (['error', 'warning', 'assert'].includes(message.type())) {
        this.#note(`console ${message.type()} on ${new URL(message.location().url || 'about:blank').pathname}: ${text}`);
      }
    });
    context.on('weberror', (error) => this.#note(`exception: ${error.error().stack ?? error.error()}`));
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'unknown';
      // Leaving a page ends its requests, and a download ends its navigation: no failure.
      if (reason === 'net::ERR_ABORTED') return;
      // Without scripts, Chromium refuses to preload them; the guard for scripts is the console.
      if (reason === 'csp' && /^\/pkg\/[^/]+\.(js|wasm)$/.test(new URL(request.url()).pathname)) return;
      this.#note(`failed ${request.method()} ${new URL(request.url()).pathname}: ${reason}`);
    });
    context.on('response', (response) => {
      if (response.status() < 400) return;
      const request = response.request();
      this.#note(`answer ${response.status()} ${request.method()} ${new URL(response.url()).pathname}`);
    });
  }

  check(): void {
    const unexpected = this.#problems.filter((p) => !this.#expected.some((e) => e.test(p)));
    expect(unexpected, 'problems in the browser').toEqual([]);
  }

  #note(problem: string): void {
    this.#problems.push(problem);
  }
}

/** Lets the system prefer a theme, and makes sure that the page follows. */
export async function prefer(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await expect.poll(() => brightness(page), { message: `the page is ${theme}` }).toBe(theme);
}

/** Whether the page's background is light or dark. */
export function brightness(page: Page): Promise<Theme> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    if (canvas === null) throw new Error('no canvas');
    // A canvas turns any colour notation into bytes.
    for (const element of [document.documentElement, document.body]) {
      canvas.fillStyle = getComputedStyle(element).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return red + green + blue > 384 ? 'light' : 'dark';
  });
}

/** Checks WCAG 2.2 AA in both themes, and on a phone. Comes back light and wide. */
export async function axe(page: Page, name: string): Promise<void> {
  const run = async (where: string): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
    const found = violations.flatMap((v) =>
      v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary?.replace(/\s+/g, ' ') ?? v.help}`),
    );
    expect.soft(found, `accessibility of “${name}”, ${where}`).toEqual([]);
  };
  for (const theme of THEMES) {
    await prefer(page, theme);
    await run(theme);
  }
  await prefer(page, 'light');
  await page.setViewportSize(PHONE);
  await run('phone');
  await page.setViewportSize(WIDE);
}

/** Where the picture with this name goes. */
export function picture(name: string): string {
  mkdirSync(SCREENS, { recursive: true });
  return join(SCREENS, `${name}.png`);
}

/** Keeps the page as pictures: both themes, wide and phone. */
export async function shots(page: Page, name: string): Promise<void> {
  for (const size of [WIDE, PHONE]) {
    await page.setViewportSize(size);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(overflow, `“${name}” scrolls sideways at ${size.width} px`).toBeLessThanOrEqual(0);
    for (const theme of THEMES) {
      await prefer(page, theme);
      await page.screenshot({ path: picture(`${name}-${theme}-${size.width}`), animations: 'disabled' });
    }
  }
  await page.setViewportSize(WIDE);
  await prefer(page, 'light');
}
