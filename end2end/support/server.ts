// Starts the real binary on a free loopback port with a data folder of its own, and stops it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { leaks } from './secrets';

const TOP = resolve(__dirname, '../..');
const LOGS = resolve(__dirname, '../artifacts/server-logs');
const BINARY = resolve(TOP, process.env['ROLECALL_BIN'] ?? 'target/debug/rolecall');

/** Started children; whatever a broken test leaves behind ends with its worker. */
const children = new Set<ChildProcess>();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

export interface ServerOptions {
  /** URL of the mail server; without it Rolecall sends no mail. */
  smtp?: string;
  /** URL of a database; without it SQLite in the data folder. */
  database?: string;
  /** Further settings. */
  env?: Record<string, string>;
  /** Log lines at level ERROR that this server may write. */
  errors?: RegExp[];
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** All cookies that the answer sets, as sent. */
  cookies: string[];
  body: string;
}

export interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready, fail) => server.once('error', fail).listen(0, '127.0.0.1', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function absolute(name: string, fallback: string): string {
  return resolve(TOP, process.env[name] ?? fallback);
}

export class Server {
  readonly url: string;
  /** The code that opens the first set-up. */
  readonly setupCode = `e2e-${randomBytes(12).toString('hex')}`;
  #log = '';
  #child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly options: ServerOptions,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    if (!existsSync(BINARY)) {
      throw new Error(`There is no ${BINARY}; build it with scripts/build-e2e or name it in ROLECALL_BIN.`);
    }
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-e2e-'));
    const server = new Server(await freePort(), folder, options);
    await server.#start();
    return server;
  }

  /** Everything that the server wrote. */
  get log(): string {
    return this.#log;
  }

  /** The SQLite file in the data folder. */
  async database(): Promise<string> {
    const names = await readdir(this.folder);
    const name = names.find((n) => /\.(db|sqlite3?)$/.test(n));
    if (name === undefined) throw new Error(`no database among ${names.join(', ')}`);
    return join(this.folder, name);
  }

  /** Runs a subcommand of the binary with the settings of this server. */
  async cli(args: string[], input = ''): Promise<Finished> {
    const child = spawn(BINARY, args, { cwd: this.folder, env: this.#env() });
    children.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined).end(input);
    const code = await new Promise<number | null>((done, fail) =>
      child.once('error', fail).once('close', done),
    );
    children.delete(child);
    return { code, stdout, stderr };
  }

  /** Sends exactly this request; no cookie, no Origin, no Sec-Fetch-Site unless given. */
  async raw(path: string, { method = 'GET', headers = {}, body }: RawRequest = {}): Promise<Answer> {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((done, fail) => {
      const sent = request(
        { host: '127.0.0.1', port: this.port, path, method, headers: { ...length, ...headers }, agent: false },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => (text += chunk));
          answer.on('end', () =>
            done({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              cookies: answer.headers['set-cookie'] ?? [],
              body: text,
            }),
          );
        },
      );
      sent.once('error', fail).end(body);
    });
  }

  /** Stops the server as an operator does, and checks what it wrote. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    let code: number | string | null = null;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<number | string | null>((done) =>
        child.once('exit', (status, signal) => done(status ?? signal)),
      );
      child.kill('SIGTERM');
      code = await Promise.race([gone, sleep(10_000, 'did not stop within 10 s of SIGTERM', { ref: false })]);
      child.kill('SIGKILL');
    } else if (child !== undefined) {
      code = `had ended before: ${child.exitCode ?? child.signalCode}`;
    }
    if (child !== undefined) children.delete(child);
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(join(LOGS, `${Date.now()}-${this.port}.log`), this.#log);
    await rm(this.folder, { recursive: true, force: true });
    const problems = this.#problems();
    if (child !== undefined && code !== 0) problems.unshift(`the server ended with ${code}`);
    if (problems.length > 0) throw new Error(`The server's log:\n${problems.join('\n')}`);
  }

  #problems(): string[] {
    const allowed = this.options.errors ?? [];
    const wrong = this.#log
      .split('\n')
      .map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''))
      .filter((line) => /\bERROR\b|"level":"error"|panicked at|\bstatus"?[=:] ?"?5\d\d\b/i.test(line))
      .filter((line) => !allowed.some((pattern) => pattern.test(line)));
    return [...wrong, ...leaks(this.#log).map((text) => `holds the secret ${text}`)];
  }

  #env(): NodeJS.ProcessEnv {
    const hashes = absolute('ROLECALL_HASH_FILE', join(dirname(BINARY), 'hash.txt'));
    const leptos = Object.entries(process.env).filter(([name]) => name.startsWith('LEPTOS_'));
    return {
      PATH: process.env['PATH'],
      HOME: this.folder,
      ...Object.fromEntries(leptos),
      ROLECALL_ADDR: `127.0.0.1:${this.port}`,
      ROLECALL_PUBLIC_URL: this.url,
      ROLECALL_DATA_DIR: this.folder,
      ROLECALL_SETUP_CODE: this.setupCode,
      ROLECALL_SITE_DIR: absolute('ROLECALL_SITE_DIR', 'target/site'),
      ...(existsSync(hashes) ? { ROLECALL_HASH_FILE: hashes } : {}),
      ...(this.options.smtp === undefined
        ? {}
        : { ROLECALL_SMTP_URL: this.options.smtp, ROLECALL_MAIL_FROM: 'Rolecall <rolecall@example.org>' }),
      ...(this.options.database === undefined ? {} : { DATABASE_URL: this.options.database }),
      ...this.options.env,
    };
  }

  async #start(): Promise<void> {
    const child = spawn(BINARY, ['serve'], { cwd: this.folder, env: this.#env(), stdio: 'pipe' });
    this.#child = child;
    children.add(child);
    const keep = (chunk: Buffer): void => void (this.#log += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let broken: Error | undefined;
    child.once('error', (error) => (broken = error));
    for (const end = Date.now() + 20_000; Date.now() < end; await sleep(40)) {
      if (broken !== undefined || child.exitCode !== null) break;
      const answer = await this.raw('/readyz').catch(() => undefined);
      if (answer?.status === 200) return;
    }
    child.kill('SIGKILL');
    children.delete(child);
    throw new Error(`The server did not get ready. ${broken ?? ''}\n${this.#log}`);
  }
}
