// Finds the browser; Playwright never downloads one here.
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(runnable);
}

/** The Chromium of `ROLECALL_CHROMIUM`, of the system's folder, or the first on PATH. */
export function chromium(): string {
  const chosen = process.env['ROLECALL_CHROMIUM'];
  const candidates = chosen
    ? [isAbsolute(chosen) ? chosen : onPath(chosen)]
    : ['/usr/bin/chromium', ...NAMES.map(onPath)];
  const found = candidates.find((path) => path !== undefined && runnable(path));
  if (found === undefined) {
    throw new Error('No Chromium found. Install it, or name the program in ROLECALL_CHROMIUM.');
  }
  return found;
}
