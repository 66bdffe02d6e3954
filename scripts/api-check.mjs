// Starts a server with two workspaces that know nothing of each other, makes a token in each as people do,
// and lets Schemathesis try the REST interface with them. Called by scripts/api-check.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Server } from "./bench-server.mjs";

const SECONDS = Number(process.env.API_CHECK_SECONDS ?? 100);
/** The same data in each run: a finding of the gate can be looked at again. */
const SEED = 20261122;
/** Words that stand in one workspace only. Told to the other's token, they are a leak. */
const KIOSK = { workspace: "Kiosk", name: "Kim Quillfeather", email: "kim@kiosk.example", password: "velvet harbour lantern moss" };

const binary = path.resolve(process.argv[2]);
const folder = mkdtempSync(path.join(tmpdir(), "rolecall-api-check."));
let server;

function fail(message) {
  throw new Error(message);
}

/** Calls a server function of the console. */
async function call(cookie, name, body) {
  const answer = await server.request(`/api/${name}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      origin: server.origin,
      "sec-fetch-site": "same-origin",
      cookie,
    },
    body: JSON.stringify(body),
  });
  const text = answer.body.toString();
  if (answer.status !== 200) fail(`${name} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** Signs in and makes a token that may do all that its owner may. */
async function token(credentials, slug) {
  const cookie = await server.signIn(credentials);
  const draft = { name: "Schemathesis", days: 1, permissions: null, project: null };
  const made = await call(cookie, "create_token", { slug, draft });
  return { cookie, id: made.id, secret: made.secret };
}

/** Things with words of their own, so that a leak is seen. */
async function furnish(cookie, slug) {
  const named = (name) => ({ slug, draft: { name, description: "", permissions: ["instances:view"] } });
  await call(cookie, "create_role", named("Quillfeather role"));
  await call(cookie, "create_group", named("Quillfeather group"));
  const draft = { name: "Quillfeather project", description: "" };
  const project = await call(cookie, "create_project", { slug, draft });
  const thing = { service: "instances", name: "Quillfeather thing", external_id: "", attributes: [] };
  await call(cookie, "create_resource", { slug, project, draft: thing });
}

/** Runs Schemathesis to its end; gives its exit code. */
function schemathesis(config, words, env) {
  const child = spawn(process.env.SCHEMATHESIS, ["--config-file", config, "run", ...words], {
    cwd: folder,
    env: { ...process.env, ...env, PYTHONPATH: path.resolve("scripts"), PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

/** One run as the owner of one workspace, at the addresses of the workspace `slug`. */
async function run(title, { user, slug, own, hides, seconds, foreign }) {
  console.log(`\n== ${title}`);
  const config = path.join(folder, "schemathesis.toml");
  const statuses = (more) => `expected-statuses = [${more.join(", ")}]`;
  writeFileSync(
    config,
    [
      'hooks = "api_check_hooks"',
      `seed = ${SEED}`,
      "continue-on-failure = true",
      "request-timeout = 10.0",
      "workers = 1",
      "[parameters]",
      `"path.workspace" = "${slug}"`,
      "[generation]",
      'database = "none"',
      // A version that is not the one there is, is a 412, and none at all a 428. What the document allows can
      // still be refused for what it means, such as a name that is taken; api_check_hooks.py tells the two apart.
      "[checks.positive_data_acceptance]",
      statuses(['"2xx"', 304, 401, 403, 404, 409, 412, 422, 428, 429]),
      "[checks.negative_data_rejection]",
      statuses([400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429]),
      "[checks.missing_required_header]",
      statuses([400, 401, 403, 404, 415, 422, 428]),
      "[auth.wfc]",
      `path = "${path.join(folder, "auth.json")}"`,
      `user = "${user}"`,
      'peers = ["northwind", "kiosk"]',
      "",
    ].join("\n"),
  );
  const words = ["--checks", "all", "--warnings", "off", "--max-time", String(seconds)];
  return schemathesis(config, [...words, `${server.origin}/api/v1/openapi.json`], {
    API_CHECK_HIDES: hides.join("\n"),
    API_CHECK_OWN: own,
    API_CHECK_FOREIGN: foreign ? "1" : "",
  });
}

/** Refuses a run in which the token stopped working: every check passes on a 401. */
async function works(secret, slug) {
  const headers = { authorization: `Bearer ${secret}` };
  const { status } = await server.request(`/api/v1/workspaces/${slug}/members`, { headers });
  if (status !== 200) fail(`the token of ${slug} answers ${status} at the end: the runs prove nothing`);
}

async function main() {
  server = await Server.prepare(binary, path.join(folder, "data"));
  Object.assign(server.env, { ROLECALL_API_RATE: "1000000", ROLECALL_LOG: "error" });
  const seeded = server.run("seed-demo", "--members", "12");
  const order = ["create-owner", "--email", KIOSK.email, "--name", KIOSK.name, "--workspace", KIOSK.workspace, "--password-stdin"];
  execFileSync(binary, order, { env: server.env, input: `${KIOSK.password}\n` });
  await server.start();
  const slug = seeded.match(/\/w\/([a-z0-9-]+)/)?.[1] ?? "northwind-cloud";
  const northwind = await token(seeded, slug);
  const kiosk = await token(`${KIOSK.email}\npassword: ${KIOSK.password}`, "kiosk");
  await furnish(kiosk.cookie, "kiosk");
  const header = (secret) => [{ name: "Authorization", value: `Bearer ${secret}` }];
  const auth = [
    { name: "northwind", fixedHeaders: header(northwind.secret) },
    { name: "kiosk", fixedHeaders: header(kiosk.secret) },
  ];
  writeFileSync(path.join(folder, "auth.json"), JSON.stringify({ auth }));
  const foreign = await run("As the owner of Kiosk, at the addresses of Northwind", {
    user: "kiosk",
    slug,
    own: kiosk.id,
    hides: ["example.org", "Ana Ruiz"],
    seconds: Math.ceil(SECONDS * 0.3),
    foreign: true,
  });
  const own = await run("As the owner of Northwind, at its own addresses", {
    user: "northwind",
    slug,
    own: northwind.id,
    hides: ["Quillfeather", KIOSK.email],
    seconds: Math.ceil(SECONDS * 0.7),
  });
  await works(northwind.secret, slug);
  await works(kiosk.secret, "kiosk");
  return own || foreign;
}

let code = 1;
try {
  code = await main();
} catch (error) {
  console.error(error.message);
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
