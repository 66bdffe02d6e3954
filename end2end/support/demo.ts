// The workspace of believable people that `seed-demo` makes.
import { secret } from './secrets';
import type { Person, Site } from './site';

/** Fills an empty site with people; gives the owner, who can sign in. */
export async function seedDemo(site: Site, members: number): Promise<Person> {
  const made = await site.server.cli(['seed-demo', '--members', String(members)]);
  if (made.code !== 0) throw new Error(`seed-demo: ${made.stderr}${made.stdout}`);
  const email = /[\w.+-]+@[\w.-]+\.\w+/.exec(made.stdout)?.[0];
  const password = /pass(?:word|phrase)[: ]+["“]?([^"”\n]+?)["”]?\.?\s*$/im.exec(made.stdout)?.[1];
  const slug = /\/w\/([a-z0-9-]+)/.exec(made.stdout)?.[1];
  if (email === undefined || password === undefined) throw new Error(`seed-demo names no account: ${made.stdout}`);
  site.slug = slug ?? site.slug;
  return { name: '', email, password: secret(password) };
}
