const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** 1234567 → "1.2 MB" (powers of 1000, as disks are sold). */
export function inBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 || amount >= 99.5 ? amount.toFixed(0) : amount.toFixed(1)} ${byteUnits[unit] ?? ''}`;
}

/** 3723000 ms → "1h 2m": the two largest units. */
export function inTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const amounts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = amounts.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0s';
  const shown = amounts.slice(first, first + 2).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${String(amount)}${unit}`).join(' ');
}

/** 1234567 → "1,234,567" */
export function inDigits(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** What is counted: one, and several. */
export type Noun = readonly [one: string, several: string];

/** 1 → "1 item", 2 → "2 items" */
export function counted(value: number, [one, several]: Noun): string {
  return `${inDigits(value)} ${value === 1 ? one : several}`;
}

/** `copiedInstances` → "copied instances" */
export function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
