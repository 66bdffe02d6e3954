// Reaches into a server's SQLite file, for what no page can do: letting time pass.
import { spawn } from 'node:child_process';

import type { Server } from './server';

const SCRIPT = `
import json, sqlite3, sys
order = json.load(sys.stdin)
db = sqlite3.connect(order["file"], timeout=10)
with db:
    rows = db.execute(order["statement"], order["values"]).fetchall()
print(json.dumps([[c.hex() if isinstance(c, bytes) else c for c in row] for row in rows]))
`;

export type Cell = string | number | null;

/** Runs one statement with the sqlite3 module of Python; identifiers come back in hexadecimal. */
export async function sql(server: Server, statement: string, values: Cell[] = []): Promise<Cell[][]> {
  const child = spawn('python3', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(JSON.stringify({ file: await server.database(), statement, values }));
  const code = await new Promise<number | null>((done, fail) =>
    child.once('error', fail).once('close', done),
  );
  if (code !== 0) throw new Error(`${statement}\n${err}`);
  return JSON.parse(out) as Cell[][];
}

/** A moment as the database writes it. */
export function stored(moment: Date): string {
  return moment.toISOString().replace('Z', '000+00:00');
}

export function hoursAgo(hours: number): Date {
  return new Date(Date.now() - hours * 3_600_000);
}

/** Lets the invitation of an address run out an hour ago; the sweeper has not seen it yet. */
export async function expire(server: Server, email: string): Promise<void> {
  await sql(server, 'UPDATE invitations SET expires_at = ? WHERE email_norm = ?', [
    stored(hoursAgo(1)),
    email.toLowerCase(),
  ]);
}

/** Makes all waiting mail due now, instead of after its backoff. */
export async function hurry(server: Server): Promise<void> {
  await sql(server, "UPDATE outbox SET due_at = ? WHERE status = 'queued'", [stored(hoursAgo(1))]);
}

/** Makes the last proof of everybody who is signed in an hour old: the next dangerous act asks again. */
export async function ageProofs(server: Server): Promise<void> {
  await sql(server, 'UPDATE sessions SET confirmed_at = ?', [stored(hoursAgo(1))]);
}

/** The status of the newest invitation to an address, as stored. */
export async function storedStatus(server: Server, email: string): Promise<string> {
  const rows = await sql(
    server,
    'SELECT status FROM invitations WHERE email_norm = ? ORDER BY sent_at DESC LIMIT 1',
    [email.toLowerCase()],
  );
  return String(rows[0]?.[0]);
}

/** Everything about one invitation that could change. */
export async function snapshot(server: Server, email: string): Promise<string> {
  const address = email.toLowerCase();
  const parts = await Promise.all([
    sql(server, 'SELECT * FROM invitations WHERE email_norm = ?', [address]),
    sql(
      server,
      'SELECT l.* FROM invitation_links l JOIN invitations i ON i.id = l.invitation_id WHERE i.email_norm = ? ORDER BY l.token_hash',
      [address],
    ),
    sql(server, 'SELECT COUNT(*) FROM users'),
    sql(server, 'SELECT COUNT(*) FROM members'),
    sql(server, 'SELECT COUNT(*) FROM audit_events'),
  ]);
  return JSON.stringify(parts);
}
