import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const program = 'chromium';

/** Debian's Chromium. */
export const hasBrowser = spawnSync(program, ['--version']).error === undefined;

const usual = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];

function browse(page: string, ...wishes: readonly string[]): string {
  const url = page.startsWith('data:') ? page : pathToFileURL(page).href;
  const { status, stdout, stderr } = spawnSync(program, [...usual, ...wishes, url], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}:\n${stderr}`);
  return stdout;
}

/** What the browser made of the page. */
export const domOf = (page: string): string => browse(page, '--dump-dom');

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export function takePicture(page: string, picture: string, { width, height }: PictureSize): void {
  browse(page, `--screenshot=${picture}`, `--window-size=${String(width)},${String(height)}`);
}

/** As it comes out of a printer. */
export function print(page: string, pdf: string): void {
  browse(page, `--print-to-pdf=${pdf}`, '--no-pdf-header-footer');
}
