/** Numbers in [0, 1) that are the same for the same seed: a moment that showed a fault can be had again. */
export function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 4_294_967_296;
  }
}
