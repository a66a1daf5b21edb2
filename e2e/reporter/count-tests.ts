// Jest reporter: counts what ran, by kind, and writes it where the one who runs all tests reads it.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import type { KindCounts, TestCounts } from './tally.ts';

/** The part of Jest's own results that is counted. */
interface TestFileResult {
  readonly displayName?: { readonly name: string };
  readonly testFilePath: string;
  readonly numPassingTests: number;
  readonly numFailingTests: number;
  readonly testExecError?: unknown;
  readonly testResults: readonly { readonly status: string; readonly fullName: string }[];
}

export default class CountTests {
  readonly #kinds: Record<string, KindCounts> = {};
  readonly #failures: string[] = [];
  readonly #skipped: string[] = [];

  // After every file, so that a run that is ended from outside still tells what it had done.
  onTestResult(_test: unknown, file: TestFileResult): void {
    const kind = (this.#kinds[file.displayName?.name ?? 'unknown'] ??= { passed: 0, failed: 0, skipped: 0 });
    const named = (...statuses: string[]) =>
      file.testResults.filter(({ status }) => statuses.includes(status)).map(({ fullName }) => fullName);
    const skipped = named('pending', 'todo', 'disabled');
    // A file that does not even load has no failing test, and must not count as none.
    const isUnloadable = file.testExecError !== undefined && file.numFailingTests === 0;
    kind.passed += file.numPassingTests;
    kind.failed += file.numFailingTests + (isUnloadable ? 1 : 0);
    kind.skipped += skipped.length;
    this.#skipped.push(...skipped);
    this.#failures.push(...(isUnloadable ? [file.testFilePath] : named('failed')));
    this.#write();
  }

  onRunComplete(): void {
    this.#write();
  }

  #write(): void {
    const path = process.env['COUNT_TESTS_FILE'];
    if (path === undefined) return;
    const counts: TestCounts = { kinds: this.#kinds, failures: this.#failures, skipped: this.#skipped };
    writeFileSync(path, JSON.stringify(counts));
  }
}
