// How the browser tests run. Servers are started by the tests themselves (support/site.ts).
import { defineConfig } from '@playwright/test';

import { chromium } from './support/chromium';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: 'artifacts/tests',
  // The tests of a file share its servers, so they run one after the other; files run side by side.
  fullyParallel: false,
  workers: Number(process.env['ROLECALL_TEST_WORKERS'] ?? 2),
  // A test that passes only the second time has found something: it is listed as flaky. On CI a
  // hiccup of a shared machine should not hide what all the other tests say.
  retries: process.env["CI"] ? 1 : 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/counts.ts']],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    // Half-way through a fade, contrast is not what it will be.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        // As root, Chromium has no sandbox to offer.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
