import { readFile } from 'node:fs/promises';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What publint and Are The Types Wrong find in a tarball; both empty for one that is well made. */
export async function packageFaults(
  tarball: string,
): Promise<{ readonly hasTypes: boolean; readonly faults: readonly unknown[] }> {
  const bytes = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  const analysis = await checkPackage(createPackageFromTarballData(bytes));
  // For ESM alone: neither require() nor what resolves as Node 10 did.
  const problems = (analysis.types === false ? [] : analysis.problems).filter(
    (problem) => !('resolutionKind' in problem && /^node10$|-cjs$/.test(problem.resolutionKind)),
  );
  return {
    hasTypes: analysis.types !== false,
    faults: [...messages.map((message) => formatMessage(message, pkg)), ...problems],
  };
}
