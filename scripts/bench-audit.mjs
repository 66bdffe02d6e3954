// Measures the audit trail on SQLite: pages of a trail of a million entries against one of a thousand,
// what an audited change costs, the export, and how quickly `audit verify` reads.
import { execFileSync } from "node:child_process";

import { cpu, residentMegabytes } from "./bench-server.mjs";

/** Entries that the longer trail has. */
export const EVENTS = 1_000_000;
const PAGES = 200;
const CHANGES = 300;

/** Everything in an audit page that is asked for in a trail, whatever its length. */
const QUESTIONS = {
  "the newest": () => "",
  "the oldest": () => "cursor=b60",
  "of one person": ({ actor }) => `actor=${actor}`,
  "of one kind": () => "family=group",
  "of one person and kind": ({ actor }) => `actor=${actor}&family=group`,
  "of some days": ({ from }) => `from=${from}`,
};

/** One call of the console; gives its answer. */
async function api(server, cookie, name, order) {
  const answer = await server.request(`/api/${name}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      origin: server.origin,
      "sec-fetch-site": "same-origin",
      cookie,
    },
    body: JSON.stringify(order),
  });
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body.toString() || "null");
}

/** What the filters of a trail offer, through the console's own call. */
async function offered(server, cookie, slug) {
  const answer = await api(server, cookie, "audit_filters", { slug });
  // Somebody of the long trail, not the owner who made the workspace.
  const actor = answer.actors.filter(({ name }) => !name.startsWith("Ana Ruiz")).at(-1);
  if (!actor) throw new Error(`${slug} has no entries`);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  return { actor: actor.id, from: yesterday };
}

/** Server CPU of one page in milliseconds, of two pages in turns, so that both meet the same machine. */
async function compare(server, headers, pages) {
  for (const page of pages) {
    for (let n = 0; n < 20; n += 1) {
      const { status } = await server.request(page, { headers });
      if (status !== 200) throw new Error(`${page} answered ${status}`);
    }
  }
  const used = pages.map(() => 0);
  for (let round = 0; round < 4; round += 1) {
    for (const [index, page] of pages.entries()) {
      const before = cpu(server.pid);
      for (let n = 0; n < PAGES / 4; n += 1) await server.request(page, { headers });
      used[index] += cpu(server.pid) - before;
    }
  }
  return used.map((ms) => ms / PAGES);
}

async function measureChanges(server, cookie, slug, report) {
  const { policy } = await api(server, cookie, "load_settings", { slug });
  const took = [];
  let before = policy;
  for (let n = 0; n < CHANGES; n += 1) {
    const begun = performance.now();
    const change = { ...before, hours: 48 + (n % 2) };
    before = await api(server, cookie, "set_invitation_policy", { slug, before, policy: change });
    took.push(performance.now() - begun);
  }
  took.sort((a, b) => a - b);
  report("An audited change, durable, median", took[CHANGES / 2], "ms", 5);
}

async function measureExport(server, cookie, slug, report) {
  const page = await server.request(`/w/${slug}/audit`, { headers: { cookie, accept: "text/html" } });
  const [, token] = page.body.toString().match(/name="csrf" value="([^"]+)"/) ?? [];
  if (!token) throw new Error("the audit page has no form");
  const before = residentMegabytes(server.pid);
  const begun = performance.now();
  const file = await server.request(`/w/${slug}/audit/export`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      origin: server.origin,
      "sec-fetch-site": "same-origin",
      cookie,
    },
    body: String(new URLSearchParams({ format: "csv", csrf: token })),
    drop: true,
  });
  if (file.status !== 200) throw new Error(`the export answered ${file.status}`);
  report("Export of a million entries, CSV", (performance.now() - begun) / 1000, "s");
  const added = Math.max(0, residentMegabytes(server.pid) - before);
  report("Memory that an export of a million entries added", added, "MB", 20);
}

/** Measures a running server whose first workspace has {@link EVENTS} entries and whose second has few. */
export async function measureAudit(server, seeded, report) {
  const cookie = await server.signIn(seeded);
  const headers = { cookie, accept: "text/html" };
  const [long, short] = [...seeded.matchAll(/\/w\/([\w-]+)/g)].map(([, slug]) => slug);
  const offers = { [long]: await offered(server, cookie, long), [short]: await offered(server, cookie, short) };
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const pages = [long, short].map((slug) => `/w/${slug}/audit?${question(offers[slug])}`);
    const [ofLong, ofShort] = await compare(server, headers, pages);
    report(`Audit page, ${name}, of a million`, ofLong, "ms");
    report(`Audit page, ${name}, a million against a thousand`, ofLong / ofShort, "times", 1.3);
  }
  await measureChanges(server, cookie, long, report);
  await measureExport(server, cookie, long, report);
}

/** Runs `audit verify` on the database of a stopped server. */
export function measureVerify(server, report) {
  const begun = performance.now();
  const quiet = { env: server.env, stdio: ["ignore", "ignore", "inherit"] };
  execFileSync(server.binary, ["audit", "verify"], quiet);
  // 10 µs an entry are 100,000 entries a second.
  report("audit verify, an entry", ((performance.now() - begun) * 1000) / EVENTS, "µs", 10);
}
