// The console's own calls, made as the person whose browser it is: for what a test needs first, and for
// asking the server what the pages do not let anybody do.
import { type Page, expect } from '@playwright/test';

import type { Site } from './site';

export interface Answer<T> {
  status: number;
  body: T;
}

/** Sends one call of the console from a page's browser, with its cookies. */
export async function call<T = unknown>(page: Page, site: Site, name: string, order: object): Promise<Answer<T>> {
  const answer = await page.request.post(`/api/${name}`, {
    data: { slug: site.slug, ...order },
    headers: { origin: site.server.url, 'sec-fetch-site': 'same-origin' },
  });
  const text = await answer.text();
  return { status: answer.status(), body: (text === '' ? null : JSON.parse(text)) as T };
}

/** The same, for what has to work. */
export async function done<T = unknown>(page: Page, site: Site, name: string, order: object): Promise<T> {
  const { status, body } = await call<T>(page, site, name, order);
  expect(status, `${name}: ${JSON.stringify(body)}`).toBe(200);
  return body;
}

/** The id of the member with an address. */
export async function memberId(page: Page, site: Site, email: string): Promise<string> {
  const query = { search: email, role: null, group: null, status: null, activity: null, cursor: null };
  const found = await done<{ rows: { id: string }[] }>(page, site, 'list_members', { query });
  expect(found.rows).toHaveLength(1);
  return found.rows[0]?.id ?? '';
}

/** The address of somebody's page. */
export async function memberPath(page: Page, site: Site, email: string): Promise<string> {
  return `/w/${site.slug}/people/${await memberId(page, site, email)}`;
}

/** Makes a project; gives its id. */
export function createProject(page: Page, site: Site, name: string): Promise<string> {
  return done<string>(page, site, 'create_project', { draft: { name, description: '' } });
}

/** Replaces what a member may do in a project that has no override for them. */
export async function override(
  page: Page,
  site: Site,
  project: string,
  member: string,
  permissions: string[],
): Promise<void> {
  await done(page, site, 'set_override', {
    project,
    member,
    draft: { grant: { permissions, expires_at: null }, version: null },
  });
}
