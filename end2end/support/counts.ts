// Prints one last line with the counts, for the gate and for people who read only the end.
import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

export default class Counts implements Reporter {
  #suite: Suite | undefined;

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(result: FullResult): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === 'skipped') count.skipped += 1;
      else if (outcome === 'unexpected') count.failed += 1;
      else count.passed += 1;
    }
    // A broken hook or a syntax error fails the run without failing any test.
    if (result.status !== 'passed' && count.failed === 0) count.failed = 1;
    process.stdout.write(
      `browser: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`,
    );
  }
}
