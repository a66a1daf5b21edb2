/** A part of a table, such as a library declares it, without the options that a tool has no use for. Pure. */
export function withoutOptions<Table extends object, Key extends keyof Table & string>(
  table: Table,
  ...keys: readonly Key[]
): Omit<Table, Key> {
  const left = Object.entries(table).filter(([key]) => !keys.some((one) => one === key));
  return Object.fromEntries(left) as Omit<Table, Key>;
}
