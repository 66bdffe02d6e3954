// Starts the server given as argument on a workspace of 10,000 members and prints sizes,
// start-up time, memory and the cost of the Members page beside their limits, after what
// `cargo bench` measured of the policy.
// Exits 1 when a limit is broken or a thing could not be measured.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const MEMBERS = 10_000;
const PAGES = 500;
const server = path.resolve(process.argv[2]);
const folder = mkdtempSync(path.join(os.tmpdir(), "rolecall-bench-"));
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const env = {
  ...process.env,
  ROLECALL_DATA_DIR: folder,
  ROLECALL_ADDR: `127.0.0.1:${port}`,
  ROLECALL_PUBLIC_URL: origin,
};
// The limits are for SQLite; a database of the developer's own must stay out of it.
delete env.DATABASE_URL;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
let failed = false;

/** Prints one measure; without a limit it only informs. */
function report(name, value, unit, limit) {
  const ok = limit === undefined || value <= limit;
  failed ||= !ok;
  const shown = `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`;
  const against = limit === undefined ? "" : `limit ${limit} ${unit}${ok ? "" : "   TOO MUCH"}`;
  console.log(`${name.padEnd(52)}${shown.padStart(10)}   ${against}`);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** One request; the body stays as compressed as it came. */
function request(url, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const call = http.request(new URL(url, origin), { method, headers, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** Milliseconds of processor time that the server has used, on Linux. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const ticks = Number(execFileSync("getconf", ["CLK_TCK"]));
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}

const residentMegabytes = (pid) =>
  Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1024;

/** Starts the server and returns it with the milliseconds to its first answer. */
async function start() {
  const begun = performance.now();
  const child = spawn(server, ["serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
  while (child.exitCode === null && performance.now() - begun < 30_000) {
    try {
      const { status } = await request("/livez");
      if (status === 200) return { child, took: performance.now() - begun };
    } catch {
      // Not listening yet.
    }
    await sleep(2);
  }
  child.kill("SIGKILL");
  throw new Error(`no answer from the server (exit code ${child.exitCode})`);
}

const stop = (child) =>
  new Promise((resolve) => {
    child.on("exit", resolve);
    child.kill("SIGTERM");
  });

/** Signs in through the form, as a browser without JavaScript does, and returns the cookies. */
async function signIn(seeded) {
  const email = seeded.match(/[\w.+-]+@[\w-]+(\.[\w-]+)+/)?.[0];
  const password = seeded.match(/password: (.+)/i)?.[1].trim();
  if (!email || !password) throw new Error("seed-demo printed no address and password");
  const page = await request("/sign-in");
  const html = page.body.toString();
  const action = html.match(/<form[^>]*action="([^"]+)"/)?.[1];
  const named = (type) =>
    (html.match(new RegExp(`<input[^>]*type="${type}"[^>]*>`))?.[0] ?? "").match(/name="([^"]+)"/)?.[1];
  if (!action || !named("email") || !named("password")) throw new Error("/sign-in has no form");
  const csrf = html.match(/name="csrf"[^>]*value="([^"]+)"/)?.[1] ?? html.match(/value="([^"]+)"[^>]*name="csrf"/)?.[1];
  const answer = await request(action.replaceAll("&amp;", "&"), {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "text/html",
      origin,
      "sec-fetch-site": "same-origin",
      cookie: cookies(page),
    },
    body: new URLSearchParams({ csrf, [named("email")]: email, [named("password")]: password }).toString(),
  });
  const jar = [cookies(page), cookies(answer)].filter(Boolean).join("; ");
  if (!cookies(answer)) throw new Error(`signing in answered ${answer.status} without a cookie`);
  return jar;
}

const cookies = ({ headers }) =>
  (headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]).join("; ");

/** Follows redirects from the front page, then the first link to a Members page. */
async function findMembers(cookie) {
  let url = "/";
  for (let hop = 0; hop < 5; hop += 1) {
    const page = await request(url, { headers: { cookie, accept: "text/html" } });
    if (page.headers.location) {
      url = page.headers.location;
      continue;
    }
    return page.body.toString().match(/href="([^"]*\/members)"/)?.[1] ?? url;
  }
  throw new Error("the front page redirects without end");
}

async function measurePage(pid, seeded) {
  const cookie = await signIn(seeded);
  const members = await findMembers(cookie);
  const headers = { cookie, accept: "text/html" };
  const plain = await request(members, { headers });
  const html = plain.body.toString();
  if (plain.status !== 200 || !html.includes("</html>")) {
    throw new Error(`${members} answered ${plain.status}`);
  }

  const files = new Set(html.match(/\/pkg\/[\w.-]+\.(js|wasm|css)\b/g));
  const sizes = { html: (await request(members, { headers: { ...headers, "accept-encoding": "br" } })).body.length };
  for (const file of files) {
    const { status, body } = await request(file, { headers: { "accept-encoding": "br" } });
    if (status !== 200) throw new Error(`${file} answered ${status}`);
    const kind = path.extname(file).slice(1);
    sizes[kind] = (sizes[kind] ?? 0) + body.length;
  }
  const kilobytes = (bytes) => bytes / 1000;
  for (const kind of ["html", "js", "wasm"]) report(`Members page, ${kind}, Brotli`, kilobytes(sizes[kind] ?? 0), "kB");
  report("Members page, css, Brotli", kilobytes(sizes.css ?? 0), "kB", 20);
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  report("Members page, first download in all, Brotli", kilobytes(all), "kB", 350);

  for (let n = 0; n < 50; n += 1) await request(members, { headers });
  const used = cpu(pid);
  const begun = performance.now();
  for (let n = 0; n < PAGES; n += 1) await request(members, { headers });
  report("Members page, 50 of 10,000, server CPU", (cpu(pid) - used) / PAGES, "ms", 3);
  report("Members page, 50 of 10,000, one after another", (performance.now() - begun) / PAGES, "ms");
}

/** The median that criterion measured last, in nanoseconds. */
const nanoseconds = (benchmark) =>
  JSON.parse(readFileSync(`target/criterion/${benchmark}/new/estimates.json`, "utf8")).median.point_estimate;

/** The worse of both cases of a measure: where an override decides, and where seven sources give it. */
const worst = (measure) => Math.max(nanoseconds(measure), nanoseconds(`${measure}_seven_sources`));

function reportPolicy() {
  const member = "5 groups, 20 overrides";
  report(`A decision, ${member}`, worst("policy/decision"), "ns", 50);
  report(`A decision with its reasons, ${member}`, worst("policy/decision_with_reasons"), "ns", 500);
  report("Preview of a role, 10,000 members", nanoseconds("policy_preview_of_10000") / 1e6, "ms", 20);
}

console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, ${os.type()} ${os.release()}\n`);
let running;
try {
  reportPolicy();
  const seeded = execFileSync(server, ["seed-demo", "--members", String(MEMBERS)], { env }).toString();
  // The first start warms the file cache; a restart is what an operator waits for.
  await stop((await start()).child);
  const { child, took } = await start();
  running = child;
  report("Start to first answer, SQLite", took / 1000, "s", 0.3);
  await sleep(3000);
  report("Resident memory, idle", residentMegabytes(child.pid), "MB", 30);
  await measurePage(child.pid, seeded);
  report("Resident memory, after the pages", residentMegabytes(child.pid), "MB");
} catch (error) {
  console.log(`Not measured: ${error.message}`);
  failed = true;
} finally {
  if (running) await stop(running);
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
