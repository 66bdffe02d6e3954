// Compares the Members page of 100,000 members with that of 100, on SQLite and on PostgreSQL: the same
// request to both servers in turn, and the ratio of the median times until its answer is there. A page
// with as many rows on both is compared with itself; one that is full only in the large workspace is
// compared with a full page of the small one.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";

import { Server, residentMegabytes } from "./bench-server.mjs";

const SMALL = 100;
const LARGE = 100_000;
const ROUNDS = 60;
const PAGE = { limit: 1.3 };
const SEARCH = { limit: 2 };

/** A cursor as the server makes them: before or after a place in the order. */
const cursor = (key, back) =>
  Buffer.from(JSON.stringify({ k: key, i: "00000000-0000-0000-0000-000000000000", b: back })).toString("base64url");
const byName = (name, back) => ({ cursor: cursor({ t: name }, back) });
const never = { u: 253_402_300_799_000_000 };

/** What is asked, with the ids that a workspace has; the last four have few rows or none. */
const questions = ({ role, group }) => [
  ["first page", PAGE, {}],
  ["a page in the middle", PAGE, byName("m", false)],
  ["the last page", PAGE, byName("\u{ffff}", true)],
  ["by day of joining, newest first", PAGE, { sort: "joined", direction: "down" }],
  ["by activity, last page", PAGE, { sort: "active", cursor: cursor(never, true) }],
  ["role Viewer", PAGE, { role: role("Viewer") }],
  ["role On-call engineer, by activity", PAGE, { role: role("On-call engineer"), sort: "active" }],
  ["group Finance", PAGE, { group: group("Finance") }],
  ["group Finance, last page", PAGE, { group: group("Finance"), ...byName("\u{ffff}", true) }],
  ["suspended, by day of joining", PAGE, { status: "suspended", sort: "joined" }],
  ["dormant, by name", PAGE, { activity: "dormant" }],
  ["role, group and status together", PAGE, { role: role("Viewer"), group: group("QA"), status: "suspended" }],
  ["search that finds everybody", SEARCH, { search: "example.org" }],
  ["search for a name", SEARCH, { search: "okafor" }],
  ["search for names at the end of the order", SEARCH, { search: "zoë" }],
  ["search for a whole name, by activity", SEARCH, { search: "dana lindqvist", sort: "active" }],
  ["search within a group", SEARCH, { search: "weber", group: group("Finance") }],
  ["search for one address", SEARCH, { search: ".57@" }],
  ["search for nobody", SEARCH, { search: "nobody at all" }],
];

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const rowsOf = (html) => (html.match(/<tr/g) ?? []).length;

/** A running server on its own workspace, with what is needed to ask it. */
async function workspace(binary, folder, members, database) {
  mkdirSync(folder, { recursive: true });
  const server = await Server.prepare(binary, folder, database);
  const begun = performance.now();
  const seeded = server.run("seed-demo", "--members", String(members));
  const took = (performance.now() - begun) / 1000;
  await server.start();
  const headers = { cookie: await server.signIn(seeded), accept: "text/html" };
  const page = await server.findMembers(headers.cookie);
  const html = (await server.request(page, { headers })).body.toString();
  const id = (name) => {
    const option = html.match(new RegExp(`<option value="([0-9a-f-]{36})"[^>]*>(?:<!>)?${name}`));
    if (!option) throw new Error(`the filters do not offer ${name}`);
    return option[1];
  };
  const asked = questions({ role: id, group: id }).map(([name, kind, question]) => ({
    name,
    kind,
    url: `${page}?${new URLSearchParams(question)}`,
  }));
  return { server, headers, asked, took };
}

async function timed({ server, headers }, url) {
  const begun = performance.now();
  const answer = await server.request(url, { headers });
  const took = performance.now() - begun;
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  return { took, rows: rowsOf(answer.body.toString()) };
}

/** The medians of one question in both, asked in turn, so that a busy moment hits both. */
async function measure(small, large, nth) {
  const [ours, theirs] = [small.asked[nth].url, large.asked[nth].url];
  const taken = { small: [], large: [] };
  let rows;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, other] = [await timed(small, ours), await timed(large, theirs)];
    rows = { small: one.rows, large: other.rows };
    // Connections prepare a statement when they first see it, and the planner of PostgreSQL
    // settles after five times.
    if (round < ROUNDS / 4) continue;
    taken.small.push(one.took);
    taken.large.push(other.took);
  }
  return { small: median(taken.small), large: median(taken.large), rows };
}

async function compare(name, small, large, report) {
  report(`${name}, seed-demo of ${LARGE.toLocaleString("en")}`, large.took, "s", 60);
  let full;
  for (const [nth, { name: asked, kind }] of small.asked.entries()) {
    const { small: few, large: many, rows } = await measure(small, large, nth);
    full ??= few;
    const base = rows.small === rows.large ? few : Math.max(few, full);
    report(`${name}, ${asked} (${many.toFixed(1)} ms)`, many / base, "times", kind.limit);
  }
  report(`${name}, resident memory meanwhile`, residentMegabytes(large.server.pid), "MB", 60);
}

async function on(name, binary, folder, databases, report, settle) {
  const running = [];
  try {
    const small = await workspace(binary, path.join(folder, `${name}-small`), SMALL, databases.small);
    running.push(small.server);
    const large = await workspace(binary, path.join(folder, `${name}-large`), LARGE, databases.large);
    running.push(large.server);
    settle?.();
    await compare(name, small, large, report);
  } finally {
    for (const server of running) await server.stop();
  }
}

/** Both databases; `report` prints one measure beside its limit. */
export async function compareLists(binary, folder, report) {
  console.log(`\nMembers page of ${LARGE.toLocaleString("en")} members against ${SMALL}`);
  await on("SQLite", binary, folder, {}, report);
  // The server's own user has to get in.
  chmodSync(folder, 0o711);
  const cluster = path.join(folder, "postgres");
  const admin = execFileSync("scripts/postgres", ["start", cluster, "0"]).toString().trim();
  try {
    const beside = path.join(execFileSync("scripts/postgres", ["where"]).toString().trim(), "psql");
    // Where the server's programs are linked elsewhere one by one, the client is on the path.
    const psql = existsSync(beside) ? beside : "psql";
    const tell = (url, sql) => execFileSync(psql, [url, "-qc", sql]);
    const databases = {};
    for (const size of ["small", "large"]) {
      tell(admin, `CREATE DATABASE ${size}`);
      databases[size] = admin.replace(/\/[^/]*$/, `/${size}`);
    }
    // What autovacuum does within minutes.
    const settle = () => Object.values(databases).forEach((url) => tell(url, "VACUUM ANALYZE"));
    await on("PostgreSQL", binary, folder, databases, report, settle);
  } finally {
    execFileSync("scripts/postgres", ["stop", cluster]);
  }
}
