import {
  type Clock,
  type Throttle,
  bandwidthTimetable,
  openThrottle,
  parseBandwidth,
  timeZoneFromOptions,
} from '@orthanc-tools/scheduling';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf, text } from '@orthanc-tools/tool-options';

const bySource: readonly unknown[] = ['Peering', 'Transfer', 'Dicom'];

export const bandwidthOptions = {
  bandwidth: text({
    describe:
      'At most so many bytes per second travel through the cloner: a rate such as 10M (k, M, G: powers of 1024), or a timetable, in which each rate holds until the next; hours are those of --timezone. Auto then means Default.',
    placeholder: 'RATE',
    example: '08:00,512k 19:00,10M 23:00,off Sat-00:00,off',
    check(written) {
      const parsed = parseBandwidth(written);
      return 'fault' in parsed ? parsed.fault : undefined;
    },
    checkBeside: (_, { mode }) =>
      bySource.includes(mode)
        ? `cannot be kept to with ${nameOf('mode')} ${String(mode)}, as Orthanc then sends by itself`
        : undefined,
    group: 'Copy',
  }),
};

interface Limited {
  readonly bandwidth?: string | undefined;
  readonly timezone?: string | undefined;
}

/** Undefined where no limit is asked for. @throws configuration `TIME_ZONE_UNKNOWN` */
export function timetableFromOptions({ bandwidth, timezone }: Limited) {
  if (bandwidth === undefined) return undefined;
  const parsed = parseBandwidth(bandwidth);
  if ('fault' in parsed)
    throw configurationError('BANDWIDTH_INVALID', `${nameOf('bandwidth')} ${parsed.fault}.`);
  return bandwidthTimetable(parsed.entries, timeZoneFromOptions({ timezone }));
}

/** What all that travels through the cloner must wait for; undefined where no limit is asked for. */
export function throttleFromOptions(options: Limited, clock: Clock): Throttle | undefined {
  const timetable = timetableFromOptions(options);
  return timetable && openThrottle(timetable, clock);
}
