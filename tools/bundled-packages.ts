// The npm packages of others whose code is in a bundle: their licences, which ask to go with the code, and a list for scanners,
// which find no dependencies in a bundle.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX, as its package.json says it. */
  readonly license: string;
  /** The files in which it says what its licence asks for. */
  readonly texts: readonly string[];
}

/**
 * Each package of which the bundle holds code, once per version.
 * @throws Error about one that names no licence
 */
export function bundledPackages({ outputs }: Metafile): readonly BundledPackage[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(
    used.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? ''),
  );
  folders.delete('');
  const found = new Map([...folders].map(readPackage).map((one) => [`${one.name}@${one.version}`, one]));
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  if (license === undefined) throw new Error(`${name} names no licence: it cannot be bundled.`);
  return { name, version, license, texts: textsIn(folder, license) };
}

/** Some have theirs at the end of their README, and some none. */
function textsIn(folder: string, license: string): string[] {
  const files = readdirSync(folder);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const own = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map(read);
  if (own.length > 0) return own;
  const readme = files.find((file) => /^readme/i.test(file));
  const [, inReadme] =
    /^#*\s*licen[cs]e\s*(?:\n-+)?\s*$([^]{200,})/im.exec(readme === undefined ? '' : read(readme)) ?? [];
  return [inReadme ?? `It comes without a text; see https://spdx.org/licenses/${license}.html.`];
}

export function textOfLicences(packages: readonly BundledPackage[]): string {
  const line = '-'.repeat(78);
  const parts = packages.map(
    ({ name, version, license, texts }) =>
      `${line}\n${name} ${version} (${license})\n${line}\n\n${texts.map((text) => text.trim()).join('\n\n')}\n`,
  );
  return ['This package contains code of the packages below, each under its own licence.\n', ...parts].join(
    '\n',
  );
}

/** As CycloneDX 1.6. Without a time or a serial number: the same code has the same list. */
export function listForScanners(
  tool: { readonly name: string; readonly version: string },
  packages: readonly BundledPackage[],
): string {
  const component = (type: string, { name, version }: { name: string; version: string }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    return { type, 'bom-ref': purl, name, version, purl };
  };
  const list = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', tool) },
    components: packages.map((one) => ({
      ...component('library', one),
      licenses: [
        / (OR|AND) /.test(one.license) ? { expression: one.license } : { license: { id: one.license } },
      ],
    })),
  };
  return `${JSON.stringify(list)}\n`;
}
