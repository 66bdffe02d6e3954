// A real SMTP server that keeps what it gets, and that can be down, refuse, or hang up.
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import { secret } from './secrets';
import { freePort } from './server';

export interface Mail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  /** The invitation link, if there is one. */
  link: string | undefined;
}

/** What the server does with the mail to one address. */
export type Conduct =
  | { kind: 'accept' }
  /** Takes the whole mail, then hangs up instead of saying 250. */
  | { kind: 'hang up'; times: number }
  /** Answers RCPT with this code and text. */
  | { kind: 'refuse'; code: number; text: string };

/** The invitation link in a text. */
export function linkIn(text: string): string | undefined {
  const link = /https?:\/\/[^\s<>"']+\/invite\/[^\s<>"']+/.exec(text)?.[0];
  if (link !== undefined) secret(tokenOf(link));
  return link;
}

/** The link to one of our pages about accounts, such as `reset`, in a mail. */
export function accountLink(mail: Mail, page: 'reset' | 'confirm-email'): string {
  const link = new RegExp(`https?://[^\\s<>"']+/${page}/[^\\s<>"']+`).exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no link to ${page} in “${mail.subject}”`);
  secret(new URL(link).pathname.replace(`/${page}/`, ''));
  return link;
}

/** The token of an invitation link. */
export function tokenOf(link: string): string {
  return new URL(link).pathname.replace('/invite/', '');
}

export class Mailbox {
  readonly mails: Mail[] = [];
  /** Connections so far: shows whether somebody tries again. */
  connections = 0;
  #server: SMTPServer | undefined;
  #sockets = new Set<Socket>();
  #conduct = new Map<string, Conduct>();

  private constructor(readonly port: number) {}

  /** A mailbox that listens; `down` only reserves the port. */
  static async open({ down = false } = {}): Promise<Mailbox> {
    const mailbox = new Mailbox(await freePort());
    if (!down) await mailbox.start();
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  conduct(address: string, conduct: Conduct): void {
    this.#conduct.set(address.toLowerCase(), conduct);
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 200,
      onRcptTo: (address, _session, done) => {
        const conduct = this.#conduct.get(address.address.toLowerCase());
        if (conduct?.kind !== 'refuse') return done();
        return done(Object.assign(new Error(conduct.text), { responseCode: conduct.code }));
      },
      onData: (stream, session, done) => {
        this.#take(stream, session).then(
          (keep) => (keep ? done() : undefined),
          (error: Error) => done(error),
        );
      },
    });
    // A client that is cut off is part of the tests.
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((ready) => server.listen(this.port, '127.0.0.1', ready));
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((closed) => server.close(closed));
  }

  /** Mails to an address so far. */
  to(address: string): Mail[] {
    return this.mails.filter((mail) => mail.to.toLowerCase() === address.toLowerCase());
  }

  /** Waits until an address has this many mails, and gives them. */
  async waitFor(address: string, count = 1, timeout = 20_000): Promise<Mail[]> {
    for (const end = Date.now() + timeout; Date.now() < end; await sleep(30)) {
      const found = this.to(address);
      if (found.length >= count) return found;
    }
    throw new Error(`${address} got ${this.to(address).length} mails, not ${count}, within ${timeout} ms.`);
  }

  /** Waits for a mail with this subject, and gives the newest. */
  async about(address: string, subject: string, timeout = 20_000): Promise<Mail> {
    for (const end = Date.now() + timeout; Date.now() < end; await sleep(30)) {
      const found = this.to(address).filter((mail) => mail.subject === subject).at(-1);
      if (found !== undefined) return found;
    }
    throw new Error(`${address} got no mail “${subject}” within ${timeout} ms.`);
  }

  /** Waits for the mail with this number, counted from 1, and gives its invitation link. */
  async link(address: string, number = 1): Promise<string> {
    const mail = (await this.waitFor(address, number))[number - 1];
    if (mail?.link === undefined) throw new Error(`Mail ${number} to ${address} has no link.`);
    return mail.link;
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<boolean> {
    const parsed = await simpleParser(stream);
    const text = parsed.text ?? '';
    const to = session.envelope.rcptTo[0]?.address ?? '';
    this.mails.push({
      to,
      from: parsed.from?.text ?? '',
      subject: parsed.subject ?? '',
      text,
      html: parsed.html || '',
      messageId: parsed.messageId ?? '',
      link: linkIn(text),
    });
    const conduct = this.#conduct.get(to.toLowerCase());
    if (conduct?.kind !== 'hang up' || conduct.times === 0) return true;
    conduct.times -= 1;
    const socket = [...this.#sockets].find((s) => s.remotePort === session.remotePort);
    socket?.destroy();
    return false;
  }
}
