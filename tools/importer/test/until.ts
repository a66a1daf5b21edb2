export type Condition = () => boolean | Promise<boolean>;

/** Waits for a condition that must come true before the test's own limit does. */
export async function until(condition: Condition): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
