// A Rolecall of the benchmarks: the binary on a port of its own, and requests to it one after another.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds of processor time that a process has used, on Linux. */
export function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const ticks = Number(execFileSync("getconf", ["CLK_TCK"]));
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}

export const residentMegabytes = (pid) =>
  Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1024;

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const cookies = ({ headers }) =>
  (headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]).join("; ");

export class Server {
  #child;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  /** Its data lie in `folder`; without a database of its own, so does that. Nothing is started. */
  static async prepare(binary, folder, database) {
    const server = new Server();
    const port = await freePort();
    server.binary = binary;
    server.origin = `http://127.0.0.1:${port}`;
    server.env = {
      ...process.env,
      ROLECALL_DATA_DIR: folder,
      ROLECALL_ADDR: `127.0.0.1:${port}`,
      ROLECALL_PUBLIC_URL: server.origin,
    };
    // A database of the developer's own must stay out of it.
    delete server.env.DATABASE_URL;
    if (database) server.env.DATABASE_URL = database;
    return server;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Runs another command of the binary and returns what it prints. */
  run(...words) {
    return execFileSync(this.binary, words, { env: this.env }).toString();
  }

  /** Starts it and returns the milliseconds to its first answer. */
  async start() {
    const begun = performance.now();
    const child = spawn(this.binary, ["serve"], { env: this.env, stdio: ["ignore", "ignore", "inherit"] });
    while (child.exitCode === null && performance.now() - begun < 30_000) {
      try {
        const { status } = await this.request("/livez");
        if (status === 200) {
          this.#child = child;
          return performance.now() - begun;
        }
      } catch {
        // Not listening yet.
      }
      await sleep(2);
    }
    child.kill("SIGKILL");
    throw new Error(`no answer from the server (exit code ${child.exitCode})`);
  }

  async stop() {
    const child = this.#child;
    this.#child = undefined;
    this.#agent.destroy();
    if (!child || child.exitCode !== null) return;
    await new Promise((resolve) => {
      child.on("exit", resolve);
      child.kill("SIGTERM");
    });
  }

  /** One request; the body stays as compressed as it came, or is not kept at all. */
  request(url, { method = "GET", headers = {}, body, drop = false } = {}) {
    return new Promise((resolve, reject) => {
      const agent = this.#agent;
      const call = http.request(new URL(url, this.origin), { method, headers, agent }, (answer) => {
        const parts = [];
        answer.on("data", (part) => drop || parts.push(part));
        answer.on("end", () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      });
      call.on("error", reject);
      call.end(body);
    });
  }

  /** Signs in through the form, as a browser without JavaScript does, and returns the cookies. */
  async signIn(seeded) {
    const email = seeded.match(/[\w.+-]+@[\w-]+(\.[\w-]+)+/)?.[0];
    const password = seeded.match(/password: (.+)/i)?.[1].trim();
    if (!email || !password) throw new Error("seed-demo printed no address and password");
    const page = await this.request("/sign-in");
    const html = page.body.toString();
    const action = html.match(/<form[^>]*action="([^"]+)"/)?.[1];
    const named = (type) =>
      (html.match(new RegExp(`<input[^>]*type="${type}"[^>]*>`))?.[0] ?? "").match(/name="([^"]+)"/)?.[1];
    if (!action || !named("email") || !named("password")) throw new Error("/sign-in has no form");
    const csrf =
      html.match(/name="csrf"[^>]*value="([^"]+)"/)?.[1] ?? html.match(/value="([^"]+)"[^>]*name="csrf"/)?.[1];
    const answer = await this.request(action.replaceAll("&amp;", "&"), {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "text/html",
        origin: this.origin,
        "sec-fetch-site": "same-origin",
        cookie: cookies(page),
      },
      body: new URLSearchParams({ csrf, [named("email")]: email, [named("password")]: password }).toString(),
    });
    const jar = [cookies(page), cookies(answer)].filter(Boolean).join("; ");
    if (!cookies(answer)) throw new Error(`signing in answered ${answer.status} without a cookie`);
    return jar;
  }

  /** Follows redirects from the front page, then the first link to a Members page. */
  async findMembers(cookie) {
    let url = "/";
    for (let hop = 0; hop < 5; hop += 1) {
      const page = await this.request(url, { headers: { cookie, accept: "text/html" } });
      if (page.headers.location) {
        url = page.headers.location;
        continue;
      }
      return page.body.toString().match(/href="([^"]*\/members)"/)?.[1] ?? url;
    }
    throw new Error("the front page redirects without end");
  }
}
