// The page about the interface for programs: for people, without any script, and true to the document.
import { axe, shots } from './support/console';
import { expect, test, useSite } from './support/test';

const site = useSite();

test('the page about the interface is accessible and leads to each operation', async ({ open }) => {
  // Each of its thousands of words is looked at three times.
  test.setTimeout(300_000);
  const page = await open(site());
  await page.goto('/docs/api');
  await expect(page.getByRole('heading', { level: 1, name: 'Rolecall API' })).toBeVisible();
  const contents = page.getByRole('navigation', { name: 'Operations' });
  await contents.getByRole('link', { name: 'Change a role' }).click();
  await expect(page).toHaveURL(/#update_role$/);
  await expect(page.getByRole('heading', { name: 'Change a role' })).toBeInViewport();
  await axe(page, 'reference');
  await shots(page, 'reference');
});

test('its document is one that tools can read', async ({ open }) => {
  const page = await open(site());
  await page.goto('/docs/api');
  const href = await page.getByRole('link', { name: /OpenAPI/ }).getAttribute('href');
  const document = (await (await page.request.get(href ?? '')).json()) as { openapi: string; paths: object };
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths).length).toBeGreaterThan(30);
});
