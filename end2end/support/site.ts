// A running Rolecall with its mail server, its first workspace and the people who can sign in.
import type { Browser, BrowserContext, Page } from '@playwright/test';

import { Watch } from './console';
import { Mailbox } from './mail';
import { type Database, createDatabase } from './postgres';
import { secret } from './secrets';
import { Server, type ServerOptions } from './server';
import { acceptAsNew, inviteByDialog, setUp, signIn } from './story';

export interface Person {
  name: string;
  email: string;
  password: string;
}

export interface SiteOptions extends ServerOptions {
  /** Whether its data is in PostgreSQL, in a database of its own. */
  postgres?: boolean;
  /** Whether there is a mail server. */
  mail?: boolean;
  /** Whether the first workspace is set up. */
  ready?: boolean;
  /** Its name. */
  workspace?: string;
  /** The title of its template; the first one unless given. */
  template?: string;
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

let people = 0;

/** Somebody new, with an address and a password that nobody else has. */
export function person(name: string): Person {
  people += 1;
  const local = name.toLowerCase().replace(/[^a-z]+/g, '.');
  return {
    name,
    email: `${local}.${people}@example.org`,
    password: secret(`willow lantern ${people} copper drift`),
  };
}

export class Site {
  /** The part of addresses that names the first workspace. */
  slug = '';
  readonly owner = person('Ana Ruiz');
  readonly #states = new Map<string, State>();

  private constructor(
    readonly server: Server,
    readonly mailbox: Mailbox | undefined,
    readonly workspace: string,
    readonly database: Database | undefined,
  ) {}

  static async open(browser: Browser, options: SiteOptions = {}): Promise<Site> {
    const { mail = true, ready = true, workspace = 'Acme Robotics', template, postgres = false, ...rest } = options;
    const database = postgres ? await createDatabase() : undefined;
    const mailbox = mail ? await Mailbox.open() : undefined;
    const server = await Server.start({
      ...rest,
      ...(mailbox === undefined ? {} : { smtp: mailbox.url }),
      ...(database === undefined ? {} : { database: database.url }),
    });
    const site = new Site(server, mailbox, workspace, database);
    if (!ready) return site;
    try {
      await site.#inBrowser(browser, async (page) => {
        site.slug = await setUp(page, server, site.owner, workspace, template);
        site.#states.set(site.owner.email, await page.context().storageState());
      });
      return site;
    } catch (error) {
      const log = server.log.slice(-4_000);
      await site.close().catch(() => undefined);
      throw new Error(`The first run failed: ${String(error)}\n${log}`);
    }
  }

  /** The mail server; tests that ask for it started one. */
  get mail(): Mailbox {
    if (this.mailbox === undefined) throw new Error('this site has no mail server');
    return this.mailbox;
  }

  /** Where a workspace begins for somebody who may see the team. */
  get overviewPath(): string {
    return `/w/${this.slug}/overview`;
  }

  get membersPath(): string {
    return `/w/${this.slug}/members`;
  }

  get invitationsPath(): string {
    return `/w/${this.slug}/members/invitations`;
  }

  /** The cookies of somebody who is signed in; signs in the first time. */
  async signedIn(browser: Browser, who: Person): Promise<State> {
    const known = this.#states.get(who.email);
    if (known !== undefined) return known;
    await this.#inBrowser(browser, async (page) => {
      await signIn(page, who);
      this.#states.set(who.email, await page.context().storageState());
    });
    return this.signedIn(browser, who);
  }

  /** Invites people by mail, as the owner. */
  async invite(browser: Browser, emails: string[], role = 'Operator'): Promise<void> {
    await this.#inBrowser(
      browser,
      async (page) => {
        await page.goto(this.invitationsPath);
        await inviteByDialog(page, { addresses: emails, role });
      },
      await this.signedIn(browser, this.owner),
    );
    for (const email of emails) await this.mailbox?.waitFor(email);
  }

  /** Somebody who was invited and joined. */
  async member(browser: Browser, name: string, role: string): Promise<Person> {
    const who = person(name);
    await this.invite(browser, [who.email], role);
    await this.join(browser, who);
    return who;
  }

  /** Lets an invited person join as somebody new. */
  async join(browser: Browser, who: Person): Promise<void> {
    const link = await this.mail.link(who.email);
    await this.#inBrowser(browser, async (page) => {
      await acceptAsNew(page, link, who);
      this.#states.set(who.email, await page.context().storageState());
    });
  }

  /** Gives somebody an account and a workspace of their own, from the command line; gives its slug. */
  async account(who: Person, workspace: string): Promise<string> {
    const made = await this.server.cli(
      ['create-owner', '--email', who.email, '--name', who.name, '--workspace', workspace, '--password-stdin'],
      `${who.password}\n`,
    );
    if (made.code !== 0) throw new Error(`create-owner: ${made.stderr}${made.stdout}`);
    const slug = /\/w\/([a-z0-9-]+)/.exec(made.stdout)?.[1];
    if (slug === undefined) throw new Error(`create-owner names no workspace: ${made.stdout}`);
    return slug;
  }

  async close(): Promise<void> {
    await this.mailbox?.stop();
    try {
      await this.server.stop();
    } finally {
      await this.database?.drop();
    }
  }

  async #inBrowser(browser: Browser, work: (page: Page) => Promise<void>, state?: State): Promise<void> {
    const watch = new Watch();
    // The first page of somebody who may not see the team says so.
    watch.expects(/^answer 403 (GET \/w\/|POST \/api\/)/);
    const context = await browser.newContext({
      baseURL: this.server.url,
      reducedMotion: 'reduce',
      ...(state === undefined ? {} : { storageState: state }),
    });
    watch.follow(context);
    try {
      await work(await context.newPage());
    } finally {
      await context.close();
    }
    watch.check();
  }
}
