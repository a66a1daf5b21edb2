/** One thing that ended: how much work it was, or that the other side had too much of it. */
export interface Observation {
  readonly units: number;
  readonly isOverload?: boolean;
}

export interface Measure {
  /** Units per ms. */
  readonly rate: number;
  /** Share of what ended that met an overloaded server. */
  readonly share: number;
}

interface Span extends Counts {
  readonly since: number;
}

interface Counts {
  units: number;
  ended: number;
  overloaded: number;
}

const shortestSpanMs = 125;
const longestSpanMs = 2000;
const mostClimbing = 6;
const climb = 1.15;

function measureOf(span: Span, now: number): Measure {
  return {
    rate: span.units / Math.max(1, now - span.since),
    share: span.overloaded / Math.max(1, span.ended),
  };
}

/**
 * Cuts time into short spans and passes on the rate once two spans in a row agree: right after a change of the limit
 * the rate still climbs, and would be taken for what the new limit is worth.
 */
export function steadyMeasures(onMeasure: (measured: Measure) => void) {
  let span: Span | undefined;
  let before: Measure | undefined;
  let climbs = 0;
  let isStarved = false;

  const begin = (since: number): Span => ({ since, units: 0, ended: 0, overloaded: 0 });
  function startAnew(now: number): void {
    [span, before, climbs, isStarved] = [begin(now), undefined, 0, false];
  }
  function end(measured: Measure, now: number): void {
    span = begin(now);
    const isClimbing = measured.rate > (before?.rate ?? 0) * climb && climbs < mostClimbing;
    if (isClimbing) {
      climbs += 1;
      before = measured;
      return;
    }
    const rate = before ? (before.rate + measured.rate) / 2 : measured.rate;
    startAnew(now);
    onMeasure({ rate, share: measured.share });
  }
  return {
    record({ units, isOverload = false }: Observation): void {
      if (!span) return;
      span.units += units;
      span.ended += 1;
      span.overloaded += isOverload ? 1 : 0;
    },
    starve(): void {
      isStarved = true;
    },
    /** Ends the span when it tells something by now; `atOnce` is how many things end side by side. */
    close(atOnce: number, now: number): void {
      span ??= begin(now);
      const lasted = now - span.since;
      const isTelling = lasted >= shortestSpanMs && span.ended >= Math.max(4, atOnce / 2);
      if (!isTelling && (lasted < longestSpanMs || span.ended === 0)) return;
      if (isStarved) startAnew(now);
      else end(measureOf(span, now), now);
    },
  };
}
