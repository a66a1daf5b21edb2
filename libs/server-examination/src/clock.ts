import type { Check } from './examine-server.ts';

const clockLimitMs = 60_000;

/** The server's clock against that of this machine, without half of the way there and back. */
export const clock = (now: () => Date, { isNeeded }: Pick<Check, 'isNeeded'> = {}): Check => ({
  name: 'clock',
  isNeeded: isNeeded ?? false,
  isAlone: true,
  async look({ orthanc, find }) {
    const asked = now().getTime();
    const told = await orthanc.now();
    // Orthanc tells whole seconds.
    const aheadMs = told.getTime() + 500 - (asked + now().getTime()) / 2;
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    const found =
      seconds <= 1 ? 'as here' : `${String(seconds)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`;
    const remedy = 'Synchronise the clocks (NTP): times in logs and reports cannot be compared.';
    return Math.abs(aheadMs) > clockLimitMs
      ? find('clock', 'warning', found, remedy)
      : find('clock', 'ok', found);
  },
});
