// `test` with what every browser test needs: watched pages, and servers shared by a file.
import { type Browser, type BrowserContextOptions, type Page, test as base } from '@playwright/test';

import { PHONE, Watch, WIDE } from './console';
import { type Person, Site, type SiteOptions } from './site';

export { expect } from '@playwright/test';

export interface OpenOptions {
  /** Who is signed in; nobody unless given. */
  as?: Person;
  /** Whether scripts run. */
  js?: boolean;
  phone?: boolean;
  /** Whether pages may use the clipboard. */
  clipboard?: boolean;
}

export interface Fixtures {
  /** Collects what goes wrong in any page; a test fails on all that it did not expect. */
  watch: Watch;
  /** Opens a browser of its own on a site: cookies, storage, window. */
  open: (site: Site, options?: OpenOptions) => Promise<Page>;
  /** Starts a site for one test alone; afterwards it is stopped and its log checked. */
  start: (options?: SiteOptions) => Promise<Site>;
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      watch.check();
    },
    { auto: true },
  ],
  start: async ({ browser }, use) => {
    const started: Site[] = [];
    await use(async (options) => {
      const site = await Site.open(browser, options);
      started.push(site);
      return site;
    });
    for (const site of started) await site.close();
  },
  // After `start`, so that pages are closed before the servers they listen to.
  open: async ({ browser, watch, start: _start }, use) => {
    const opened: Page[] = [];
    await use(async (site, options = {}) => {
      const page = await newPage(browser, site, options, watch);
      opened.push(page);
      return page;
    });
    await Promise.all(opened.map((page) => page.context().close()));
  },
});

/** A page in a context of its own. */
export async function newPage(
  browser: Browser,
  site: Site,
  { as, js = true, phone = false, clipboard = false }: OpenOptions,
  watch: Watch,
): Promise<Page> {
  const settings: BrowserContextOptions = {
    baseURL: site.server.url,
    javaScriptEnabled: js,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    viewport: phone ? PHONE : WIDE,
    permissions: clipboard ? ['clipboard-read', 'clipboard-write'] : [],
    ...(as === undefined ? {} : { storageState: await site.signedIn(browser, as) }),
  };
  // Without scripts nothing uses what was fetched ahead for them, and Chromium says so after a while.
  if (!js) watch.expects(/was preloaded using link preload but not used/);
  const context = await browser.newContext(settings);
  watch.follow(context);
  return context.newPage();
}

/**
 * A site for all tests of a file: set up before the first, stopped after the last, its log checked.
 * `prepare` makes what the tests share. After a failure Playwright starts a new worker, and this
 * makes a new site: a test must not build on what another one did.
 */
export function useSite(
  options: SiteOptions = {},
  prepare?: (site: Site, browser: Browser) => Promise<void>,
): () => Site {
  let site: Site | undefined;
  test.beforeAll(async ({ browser }) => {
    site = await Site.open(browser, options);
    await prepare?.(site, browser);
  });
  test.afterAll(async () => {
    const last = site;
    site = undefined;
    await last?.close();
  });
  return () => {
    if (site === undefined) throw new Error('the site is there only inside tests');
    return site;
  };
}
