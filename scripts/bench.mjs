// Starts the server given as argument on a workspace of 10,000 members and prints sizes,
// start-up time, memory and the cost of the Members page and the audit trail beside their limits,
// after what `cargo bench` measured of the policy; then compares long lists with short ones.
// Exits 1 when a limit is broken or a thing could not be measured.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { EVENTS, measureAudit, measureVerify } from "./bench-audit.mjs";
import { compareLists } from "./bench-lists.mjs";
import { Server, cpu, residentMegabytes } from "./bench-server.mjs";

const MEMBERS = 10_000;
const PAGES = 500;
const binary = path.resolve(process.argv[2]);
const folder = mkdtempSync(path.join(os.tmpdir(), "rolecall-bench-"));
const server = await Server.prepare(binary, folder);
const request = (url, options) => server.request(url, options);
let failed = false;

/** Prints one measure; without a limit it only informs. */
function report(name, value, unit, limit) {
  const ok = limit === undefined || value <= limit;
  failed ||= !ok;
  const shown = `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`;
  const against = limit === undefined ? "" : `limit ${limit} ${unit}${ok ? "" : "   TOO MUCH"}`;
  console.log(`${name.padEnd(52)}${shown.padStart(10)}   ${against}`);
}

async function measurePage(pid, seeded) {
  const cookie = await server.signIn(seeded);
  const members = await server.findMembers(cookie);
  const headers = { cookie, accept: "text/html" };
  const plain = await request(members, { headers });
  const html = plain.body.toString();
  if (plain.status !== 200 || !html.includes("</html>")) {
    throw new Error(`${members} answered ${plain.status}`);
  }

  // What the page names, and what its scripts import before they run: the loader of the split files.
  const files = new Set(html.match(/\/pkg\/[\w.-]+\.(js|wasm|css)\b/g));
  const sizes = { html: (await request(members, { headers: { ...headers, "accept-encoding": "br" } })).body.length };
  for (const file of files) {
    const { status, body } = await request(file, { headers: { "accept-encoding": "br" } });
    if (status !== 200) throw new Error(`${file} answered ${status}`);
    const kind = path.extname(file).slice(1);
    if (kind === "js") {
      const text = (await request(file)).body.toString();
      const imports = text.matchAll(/\b(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g);
      // A set is walked to its end, with what is added on the way.
      for (const [, name] of imports) files.add(`/pkg/${name}`);
    }
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
try {
  reportPolicy();
  const seeded = server.run("seed-demo", "--members", String(MEMBERS), "--events", String(EVENTS));
  // The first start warms the file cache; a restart is what an operator waits for.
  await server.start();
  await server.stop();
  const took = await server.start();
  report("Start to first answer, SQLite", took / 1000, "s", 0.3);
  await sleep(3000);
  report("Resident memory, idle", residentMegabytes(server.pid), "MB", 30);
  await measurePage(server.pid, seeded);
  report("Resident memory, after the pages", residentMegabytes(server.pid), "MB");
  await measureAudit(server, seeded, report);
  await server.stop();
  measureVerify(server, report);
  await compareLists(binary, folder, report);
} catch (error) {
  console.log(`Not measured: ${error.message}`);
  failed = true;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
