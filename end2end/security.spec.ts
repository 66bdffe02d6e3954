// What the server refuses and what it says in its headers, tried with real browsers and bare requests.
import { createServer, type Server as WebServer } from 'node:http';

import type { BrowserContext, Page } from '@playwright/test';

import { sql, storedStatus } from './support/database';
import { tokenOf } from './support/mail';
import type { Answer } from './support/server';
import { type Person, person } from './support/site';
import { fillSignIn, inviteByDialog, row, setUp, signIn, signOut, visit } from './support/story';
import { expect, test, useSite } from './support/test';
import { words } from './support/words';

const guests = { forged: person('Fay Forged'), declined: person('Dee Forged') };
let operator: Person;

const site = useSite({}, async (made, browser) => {
  operator = await made.member(browser, 'Olga Perez', 'Operator');
  await made.invite(browser, Object.values(guests).map((guest) => guest.email));
});

/** The cookies of a browser as a `Cookie` header. */
async function cookieOf(context: BrowserContext): Promise<string> {
  return (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
}

function form(fields: Record<string, string>): { body: string; type: string } {
  return { body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
}

/** Values of a policy's directive. */
function directive(policy: string, name: string): string[] {
  const found = policy.split(';').map((part) => part.trim().split(/\s+/)).find(([first]) => first === name);
  return found?.slice(1) ?? [];
}

/** What a request from somewhere else looks like, and what it would look like from our page. */
const FOREIGN: [string, Record<string, string>][] = [
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['a neighbour', { 'sec-fetch-site': 'same-site' }],
  ['another origin in an old browser', { origin: 'https://evil.example' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['nowhere', {}],
];

test.describe('requests from elsewhere', () => {
  test('a form of an invitation is taken only from its own page', async ({ open }) => {
    const page = await open(site());
    await page.goto(await site().mail.link(guests.forged.email));
    const csrf = await page.locator('input[name=csrf]').first().inputValue();
    const cookie = await cookieOf(page.context());
    const token = tokenOf(await site().mail.link(guests.forged.email));
    const { name, password } = guests.forged;
    const join = form({ csrf, token, name, password, code: '' });
    const send = (headers: Record<string, string>, body = join.body): Promise<Answer> =>
      site().server.raw('/invitation/join', {
        method: 'POST',
        headers: { 'content-type': join.type, ...headers },
        body,
      });
    for (const [where, headers] of FOREIGN) {
      const answer = await send({ cookie, ...headers });
      expect(answer.status, where).toBe(403);
      expect(answer.cookies.join(), where).not.toContain('__Host-rolecall=');
    }
    const own = { cookie, 'sec-fetch-site': 'same-origin', origin: site().server.url };
    for (const [what, headers, fields] of [
      ['without the token', own, { token, name, password }],
      ['with a wrong token', own, { csrf: `${csrf.slice(0, -2)}AA`, token, name, password }],
      ['without the cookie', { ...own, cookie: '' }, { csrf, token, name, password }],
    ] as const) {
      const answer = await send(headers, form(fields).body);
      expect(answer.status, what).toBe(403);
      expect(answer.body, what).toContain('once more');
    }
    expect(await storedStatus(site().server, guests.forged.email)).toBe('pending');
    const answer = await send(own);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(`/w/${site().slug}`);
    expect(await storedStatus(site().server, guests.forged.email)).toBe('accepted');
  });

  test('server functions are taken only from pages of this server', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await page.goto(site().membersPath);
    const cookie = await cookieOf(page.context());
    const send = (headers: Record<string, string>): Promise<Answer> =>
      site().server.raw('/api/team_counts', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ slug: site().slug }),
      });
    for (const [where, headers] of FOREIGN) {
      const answer = await send(headers);
      expect(answer.status, where).toBe(403);
      expect(JSON.parse(answer.body), where).toMatchObject({ code: 'cross_site' });
    }
    expect((await send({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await send({ origin: site().server.url })).status).toBe(200);
  });

  test('a page on another host can not sign anybody out', async ({ open, watch }) => {
    watch.expects(/^answer 403 POST \/sign-out$/);
    const page = await open(site());
    await signIn(page, operator);
    const evil = await lure(`<form method="post" action="${site().server.url}/sign-out"><button>Win</button></form>`);
    try {
      // For a browser, localhost is another site than 127.0.0.1.
      const { port } = evil.address() as { port: number };
      await page.goto(`http://localhost:${port}/`);
      await page.getByRole('button', { name: 'Win' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.goto(site().membersPath);
      await expect(row(page, operator.email)).toBeVisible();
    } finally {
      evil.close();
    }
  });
});

test.describe('sessions', () => {
  test('the cookie is bound to this host and out of reach of scripts', async ({ open }) => {
    const page = await open(site());
    await page.goto('/sign-in');
    const before = await page.context().cookies();
    expect(before.some((cookie) => cookie.name === '__Host-rolecall')).toBe(false);
    const csrf = await page.locator('input[name=csrf]').inputValue();
    const fields = { csrf, email: operator.email, password: operator.password, next: '' };
    const answer = await site().server.raw('/sign-in', {
      method: 'POST',
      headers: {
        'content-type': form({}).type,
        // A session that somebody else chose is never taken over.
        cookie: `${await cookieOf(page.context())}; __Host-rolecall=chosen-by-somebody-else-chosen-by-some`,
        'sec-fetch-site': 'same-origin',
      },
      body: form(fields).body,
    });
    expect(answer.status).toBe(303);
    const [set] = answer.cookies.filter((cookie) => cookie.startsWith('__Host-rolecall='));
    expect(set).toBeDefined();
    const [pair = '', ...attributes] = (set ?? '').split(/;\s*/);
    expect(pair).not.toContain('chosen');
    expect(pair.length).toBeGreaterThan('__Host-rolecall='.length + 40);
    const lower = attributes.map((attribute) => attribute.toLowerCase());
    expect(lower).toContain('secure');
    expect(lower).toContain('httponly');
    expect(lower).toContain('path=/');
    expect(lower.some((attribute) => /^samesite=(lax|strict)$/.test(attribute))).toBe(true);
    expect(lower.some((attribute) => attribute.startsWith('domain'))).toBe(false);
  });

  test('a signed-out session is worth nothing, and the browser forgets it', async ({ open, watch }) => {
    watch.expects(/^answer 401 POST \/api\//);
    const page = await open(site());
    await signIn(page, operator);
    await visit(page, site().membersPath);
    const cookie = await cookieOf(page.context());
    const ask = (): Promise<Answer> => site().server.raw(site().membersPath, { headers: { cookie } });
    expect((await ask()).status).toBe(200);
    await signOut(page);
    await expect(page.getByRole('status')).toContainText(/signed out/i);
    expect((await page.context().cookies()).some((c) => c.name === '__Host-rolecall')).toBe(false);
    const replayed = await ask();
    expect(replayed.status).toBe(303);
    expect(replayed.headers['location']).toContain('/sign-in');
    const call = await site().server.raw('/api/team_counts', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ slug: site().slug }),
    });
    expect(call.status).toBe(401);
    const events = await site().server.raw(`/w/${site().slug}/events`, { headers: { cookie } });
    expect(events.status).toBe(401);
    await page.goBack();
    await expect(page.getByText(operator.email)).toHaveCount(0);
  });

  test('signing in leads back, but never elsewhere', async ({ open, watch }) => {
    // A path of ours with odd letters is a path of ours that does not exist.
    watch.expects(/^answer 404 GET \/%0d%0aset-cookie/, /^answer 401 GET .*\/events$/);
    const page = await open(site());
    await page.goto(`${site().invitationsPath}?status=pending`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await fillSignIn(page, operator.email, operator.password);
    await expect(page).toHaveURL(`${site().invitationsPath}?status=pending`);
    for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '/%0d%0aset-cookie:x=y']) {
      await page.context().clearCookies();
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
      await fillSignIn(page, operator.email, operator.password);
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      expect(new URL(page.url()).origin).toBe(site().server.url);
    }
  });
});

test.describe('headers', () => {
  test('the console has a strict policy whose nonce changes', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    const nonces = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const answer = await page.goto(site().membersPath);
      const policy = (await answer?.headerValue('content-security-policy')) ?? '';
      expect(directive(policy, 'default-src')).toEqual(["'none'"]);
      const scripts = directive(policy, 'script-src');
      const nonce = scripts.find((source) => source.startsWith("'nonce-")) ?? '';
      expect(scripts.sort()).toEqual([nonce, "'strict-dynamic'", "'wasm-unsafe-eval'"].sort());
      expect(nonce.length).toBeGreaterThanOrEqual("'nonce-'".length + 22);
      nonces.add(nonce);
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|http:|https:/);
      for (const [name, sources] of [
        ['object-src', ["'none'"]],
        ['base-uri', ["'none'"]],
        ['frame-ancestors', ["'none'"]],
        ['form-action', ["'self'"]],
        ['connect-src', ["'self'"]],
      ] as const) {
        expect(directive(policy, name), name).toEqual(sources);
      }
      const html = (await answer?.text()) ?? '';
      expect(html).not.toMatch(/\sstyle="/);
      expect(html).not.toMatch(/\son[a-z]+="/);
      for (const [script] of html.matchAll(/<script\b[^>]*>/g)) {
        expect(script).toContain(`nonce="${nonce.slice("'nonce-".length, -1)}"`);
      }
    }
    expect(nonces.size).toBe(3);
  });

  test('documents without scripts allow none', async () => {
    for (const path of ['/sign-in', '/setup', '/invite/unknown', '/nothing/here']) {
      const answer = await site().server.raw(path);
      const policy = String(answer.headers['content-security-policy']);
      expect(directive(policy, 'default-src'), path).toEqual(["'none'"]);
      expect(directive(policy, 'script-src'), path).toEqual(["'none'"]);
      expect(directive(policy, 'frame-ancestors'), path).toEqual(["'none'"]);
      expect(answer.body, path).not.toMatch(/<script\b|\sstyle="|\son[a-z]+="/);
    }
  });

  test('every answer says how it may be used', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await page.goto(site().membersPath);
    const cookie = await cookieOf(page.context());
    const css = await page.locator('link[rel=stylesheet]').first().getAttribute('href');
    for (const path of ['/sign-in', site().membersPath, css ?? '', '/livez', '/nothing/here', '/icons.svg']) {
      const answer = await site().server.raw(path, { headers: { cookie } });
      expect(answer.headers['x-content-type-options'], path).toBe('nosniff');
      expect(answer.headers['cross-origin-opener-policy'], path).toBe('same-origin');
      expect(answer.headers['cross-origin-resource-policy'], path).toBe('same-origin');
      expect(answer.headers['referrer-policy'], path).toMatch(/^(same-origin|no-referrer)$/);
      expect(answer.headers['permissions-policy'], path).toBeDefined();
      expect(answer.headers['access-control-allow-origin'], path).toBeUndefined();
      expect(answer.headers['server'] ?? '', path).not.toMatch(/\d/);
    }
    const members = await site().server.raw(site().membersPath, { headers: { cookie } });
    expect(members.headers['cache-control']).toContain('no-store');
    const sheet = await site().server.raw(css ?? '', { headers: { 'accept-encoding': 'br' } });
    expect(sheet.headers['cache-control']).toContain('immutable');
    expect(sheet.headers['content-encoding']).toBe('br');
  });

  test('a foreign Host header is not answered', async () => {
    const link = await site().mail.link(guests.declined.email);
    for (const host of ['evil.example', `evil.example:${site().server.port}`, '127.0.0.1:1']) {
      const answer = await site().server.raw(new URL(link).pathname, { headers: { host } });
      expect([400, 421], `Host: ${host}`).toContain(answer.status);
      expect(answer.body).not.toContain(site().workspace);
    }
    const forwarded = await site().server.raw('/sign-in', {
      headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
    });
    expect(forwarded.status).toBe(200);
    expect(forwarded.body).not.toContain('evil.example');
  });

  test('methods that nothing takes are refused by name', async () => {
    for (const [method, path] of [
      ['TRACE', '/sign-in'],
      ['DELETE', '/sign-in'],
      ['PUT', site().membersPath],
      ['GET', '/sign-out'],
      ['GET', '/api/team_counts'],
      ['GET', '/invitation/join'],
    ] as const) {
      const answer = await site().server.raw(path, { method, headers: { 'sec-fetch-site': 'same-origin' } });
      expect([404, 405], `${method} ${path}`).toContain(answer.status);
      if (answer.status === 405) expect(answer.headers['allow'], `${method} ${path}`).toBeTruthy();
    }
  });
});

test.describe('input', () => {
  test('JSON endpoints take JSON only, of a sensible size and shape', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await page.goto(site().membersPath);
    const cookie = await cookieOf(page.context());
    const send = (body: string, type: string, path = '/api/team_counts'): Promise<Answer> =>
      site().server.raw(path, {
        method: 'POST',
        headers: { cookie, 'content-type': type, 'sec-fetch-site': 'same-origin' },
        body,
      });
    const good = JSON.stringify({ slug: site().slug });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      expect((await send(good, type)).status, type).toBe(415);
    }
    expect((await send(good, 'application/json; charset=utf-8')).status).toBe(200);
    for (const body of ['', '{', '[]', 'null', '{"slug":1}', '{"slug":["a"]}', '"x"', '{"slug":"\\u0000"}']) {
      const answer = await send(body, 'application/json');
      expect(answer.status, body).toBeGreaterThanOrEqual(400);
      expect(answer.status, body).toBeLessThan(500);
      expect(JSON.parse(answer.body), body).toHaveProperty('message');
    }
    expect((await send(`{"slug":"${'a'.repeat(300_000)}"}`, 'application/json')).status).toBe(413);
    const absent = '00000000-0000-7000-8000-000000000000';
    for (const path of ['/api/resend_invitation', '/api/revoke_invitation']) {
      const body = JSON.stringify({ slug: site().slug, id: absent, version: 1 });
      expect((await send(body, 'application/json', path)).status, path).toBe(404);
    }
    const foreign = await send(JSON.stringify({ slug: 'not-mine' }), 'application/json');
    expect(foreign.status).toBe(404);
  });

  test('an invitation by a hand-made order is held to the same rules', async ({ open }) => {
    const page = await open(site(), { as: site().owner });
    await visit(page, site().invitationsPath);
    const order = page.waitForRequest((request) => request.url().endsWith('/api/send_invitations'));
    await (await inviteByDialog(page, { addresses: ['template@example.org'] })).close();
    const body = (await order).postDataJSON() as { request: Record<string, unknown> };
    const cookie = await cookieOf(page.context());
    const send = (change: Record<string, unknown>, as = cookie): Promise<Answer> =>
      site().server.raw('/api/send_invitations', {
        method: 'POST',
        headers: { cookie: as, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({
          ...body,
          request: { ...body.request, idempotency_key: Math.random().toString(36), ...change },
        }),
      });
    for (const [change, status] of [
      [{ addresses: [] }, 422],
      [{ addresses: Array.from({ length: 501 }, (_, i) => `p${i}@example.org`) }, 422],
      [{ role: '00000000-0000-7000-8000-000000000000' }, 404],
      [{ role: 'admin' }, 422],
      [{ groups: ['00000000-0000-7000-8000-000000000000'] }, 404],
      [{ hours: 0 }, 422],
      [{ hours: 721 }, 422],
      [{ hours: -1 }, 422],
      [{ note: 'x'.repeat(501) }, 422],
      [{ idempotency_key: '' }, 422],
      [{ is_owner: true }, 422],
    ] as [Record<string, unknown>, number][]) {
      const answer = await send(change);
      expect([status, 422], JSON.stringify(change).slice(0, 80)).toContain(answer.status);
    }
    const other = await open(site(), { as: operator });
    await other.goto(site().membersPath);
    const denied = await send({ addresses: ['sneaky@example.org'] }, await cookieOf(other.context()));
    expect(denied.status).toBe(403);
    expect(JSON.parse(denied.body)).toMatchObject({ code: 'not_allowed', permission: 'team:manage' });
    expect(site().mail.to('sneaky@example.org')).toHaveLength(0);
    const denials = await sql(site().server, "SELECT COUNT(*) FROM audit_events WHERE action LIKE '%denied%'");
    expect(Number(denials[0]?.[0])).toBeGreaterThan(0);
  });

  test('text that looks like markup stays text everywhere', async ({ browser, open, start }) => {
    const evil = `</script><img src=x onerror=alert(1)>`;
    const hostile = await start({ workspace: `Evil ${evil} Inc` });
    const who = { ...person('Hugo Stile'), name: `Hugo ${evil}` };
    await hostile.invite(browser, [who.email]);
    await hostile.join(browser, who);
    const page = await open(hostile, { as: hostile.owner });
    page.on('dialog', () => expect(true, 'a script of a member ran').toBe(false));
    await visit(page, hostile.membersPath);
    await expect(row(page, who.email)).toContainText(evil);
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
    await page.reload();
    await expect(row(page, who.email)).toContainText(evil);
    await expect(page).toHaveTitle(/Evil <\/script>/);
    const [mail] = await hostile.mail.waitFor(who.email);
    expect(mail?.html).not.toContain('<img src=x');
    const guest = await open(hostile);
    await hostile.invite(browser, ['reader@example.org']);
    await guest.goto(await hostile.mail.link('reader@example.org'));
    await expect(guest.getByRole('heading', { level: 1 })).toContainText(evil);
  });
});

test.describe('guessing', () => {
  test('wrong passwords and unknown addresses get the same answer, and are slowed down', async ({ open, start, watch }) => {
    watch.expects(/^answer 4(22|29) POST \/sign-in$/);
    const own = await start();
    const page = await open(own);
    const answers: string[] = [];
    for (const email of [own.owner.email, 'nobody.at.all@example.org', 'not an address']) {
      await page.goto('/sign-in');
      const answer = page.waitForResponse((response) => response.request().method() === 'POST');
      await withoutBrowserChecks(page);
      await fillSignIn(page, email, 'a password that is wrong');
      await expect(page.getByText(words.signIn.wrong)).toBeVisible();
      await expect(page.getByLabel(words.signIn.email)).toHaveValue(email);
      await expect(page.getByLabel(words.signIn.password, { exact: true })).toHaveValue('');
      const text = (await page.content()).replaceAll(email, '').replace(/name="csrf" value="[^"]*"/g, '');
      answers.push(`${(await answer).status()} ${text}`);
    }
    expect(new Set(answers).size).toBe(1);

    let throttled: Answer | undefined;
    const csrf = await page.locator('input[name=csrf]').inputValue();
    const cookie = await cookieOf(page.context());
    const attempt = (password: string): Promise<Answer> =>
      own.server.raw('/sign-in', {
        method: 'POST',
        headers: { cookie, 'content-type': form({}).type, 'sec-fetch-site': 'same-origin' },
        body: form({ csrf, email: own.owner.email, password, next: '' }).body,
      });
    for (let count = 0; count < 20 && throttled === undefined; count += 1) {
      const answer = await attempt(`wrong guess number ${count}`);
      if (answer.status === 429) throttled = answer;
      else expect(answer.status).toBe(422);
    }
    expect(throttled?.status).toBe(429);
    expect(Number(throttled?.headers['retry-after'])).toBeGreaterThan(0);
    expect(throttled?.body).toMatch(words.signIn.throttled);
    // While the wait runs, the right password is not looked at either.
    expect((await attempt(own.owner.password)).status).toBe(429);
    const long = await attempt('x'.repeat(5_000));
    expect(long.status).toBeLessThan(500);
  });
});

test.describe('the first run', () => {
  test('needs the code, says what is wrong beside the field, and happens once', async ({ open, start, watch }) => {
    watch.expects(/^answer 422 POST \/setup$/, /^answer 41\d GET \/setup$/);
    const fresh = await start({ ready: false });
    const page = await open(fresh);
    await page.goto('/');
    await expect(page).toHaveURL(/\/setup$/);
    await withoutBrowserChecks(page);
    await page.getByLabel(words.setup.code).fill('wrong-code-123');
    await page.getByLabel(words.setup.name).fill(fresh.owner.name);
    await page.getByLabel(words.setup.email).fill(fresh.owner.email);
    await page.getByLabel(words.setup.password, { exact: true }).fill(fresh.owner.password);
    await page.getByLabel(words.setup.workspace).fill('Acme');
    await page.getByRole('button', { name: words.setup.submit }).click();
    await expect(page.getByLabel(words.setup.code)).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel(words.setup.name)).toHaveValue(fresh.owner.name);

    await withoutBrowserChecks(page);
    await page.getByLabel(words.setup.code).fill(fresh.server.setupCode);
    await page.getByLabel(words.setup.name).fill(' ');
    await page.getByLabel(words.setup.email).fill('ana@localhost');
    await page.getByLabel(words.setup.password, { exact: true }).fill('passwordpassword');
    await page.getByLabel(words.setup.workspace).fill('x'.repeat(81));
    await page.getByRole('button', { name: words.setup.submit }).click();
    for (const label of [words.setup.name, words.setup.email, words.setup.workspace]) {
      await expect(page.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
    }
    await expect(page.getByLabel(words.setup.password, { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel(words.setup.password, { exact: true })).toHaveValue('');
    const csrf = await page.locator('input[name=csrf]').inputValue();
    const cookie = await cookieOf(page.context());

    await setUp(page, fresh.server, fresh.owner, 'Acme');
    const answer = await page.goto('/setup');
    expect(answer?.status()).toBe(410);
    await expect(page.getByRole('heading', { level: 1, name: words.setup.done })).toBeVisible();
    const again = await fresh.server.raw('/setup', {
      method: 'POST',
      headers: { cookie, 'content-type': form({}).type, 'sec-fetch-site': 'same-origin' },
      body: form({
        csrf,
        code: fresh.server.setupCode,
        name: 'Eve',
        email: 'eve@example.org',
        password: fresh.owner.password,
        workspace: 'Evil',
        template: 'cloud-account',
      }).body,
    });
    expect(again.status).toBe(409);
    expect(await sql(fresh.server, 'SELECT COUNT(*) FROM users')).toEqual([[1]]);
    expect(await sql(fresh.server, 'SELECT COUNT(*) FROM workspaces')).toEqual([[1]]);
  });
});

/** A page of somebody else, on the host name `localhost`. */
async function lure(body: string): Promise<WebServer> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>Prize</title><link rel="icon" href="data:,">${body}`);
  });
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  return server;
}

/** The browser's own checks would keep a wrong form from being sent. */
async function withoutBrowserChecks(page: Page): Promise<void> {
  await page.locator('form').evaluateAll((forms) => forms.forEach((found) => found.setAttribute('novalidate', '')));
}
