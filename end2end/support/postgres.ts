// Databases of their own on the PostgreSQL of ROLECALL_TEST_POSTGRES_URL, through psql.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The server to make databases on, if the tests were given one. */
export const POSTGRES = process.env['ROLECALL_TEST_POSTGRES_URL'];

export interface Database {
  url: string;
  drop: () => Promise<void>;
}

async function psql(statement: string): Promise<void> {
  await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', POSTGRES ?? '', '-c', statement]);
}

/** An empty database. */
export async function createDatabase(): Promise<Database> {
  if (POSTGRES === undefined) throw new Error('ROLECALL_TEST_POSTGRES_URL is not set');
  const name = `rolecall_e2e_${randomBytes(6).toString('hex')}`;
  await psql(`CREATE DATABASE ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) };
}
