/** Milliseconds in each unit that a length of time may be written in. */
export const durationUnits = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const;

export type DurationUnit = keyof typeof durationUnits;

const pieces = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/gi;
const whole = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/i;

/** Milliseconds of "30s" or "1h30m"; a bare number counts only with `bareUnit`, except 0. `undefined`: not a length of time. */
export function parseDuration(written: string, bareUnit?: DurationUnit): number | undefined {
  const given = written.replaceAll(' ', '');
  if (/^0+$/.test(given)) return 0;
  if (/^\d+(\.\d+)?$/.test(given))
    return bareUnit === undefined ? undefined : inRange(Number(given) * durationUnits[bareUnit]);
  if (!whole.test(given)) return undefined;
  let total = 0;
  for (const [, amount = '0', unit = 'ms'] of given.matchAll(pieces)) {
    total += Number(amount) * durationUnits[unit.toLowerCase() as DurationUnit];
  }
  return inRange(total);
}

function inRange(milliseconds: number): number | undefined {
  return milliseconds <= Number.MAX_SAFE_INTEGER ? Math.round(milliseconds) : undefined;
}

/** The shortest way to write it exactly: 90000 → "90s", 5400000 → "90m". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  const unit =
    (['w', 'd', 'h', 'm', 's'] as const).find((name) => milliseconds % durationUnits[name] === 0) ?? 'ms';
  return `${milliseconds / durationUnits[unit]}${unit}`;
}
