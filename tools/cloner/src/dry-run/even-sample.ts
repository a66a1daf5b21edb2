/** Some of many, spread evenly over all of them, however many those become. */
export interface EvenSample<Value> {
  add(value: Value): void;
  readonly values: readonly Value[];
}

/** At most `most` values: whenever there are more, each second one is let go, and half as many of the next are taken. */
export function evenSample<Value>(most: number): EvenSample<Value> {
  let [step, seen] = [1, 0];
  let values: Value[] = [];
  return {
    add(value) {
      if (seen % step === 0) values.push(value);
      seen += 1;
      if (values.length <= most) return;
      values = values.filter((_, index) => index % 2 === 0);
      step *= 2;
    },
    get values() {
      return values;
    },
  };
}
