// Texts that must never reach a log: passwords, links, codes. Kept for the life of a test worker.

const known = new Set<string>();

/** Remembers a secret and gives it back. */
export function secret(text: string): string {
  known.add(text);
  return text;
}

/** The secrets that a text holds, shortened so that a report does not spread them. */
export function leaks(text: string): string[] {
  return [...known].filter((s) => text.includes(s)).map((s) => `${s.slice(0, 6)}… (${s.length} characters)`);
}
