const longest = 16;

/** A number as Decimal String, at most 16 characters, as exact as they allow. */
export const formatDecimal = (value: number): string => {
  const exact = String(value);
  if (exact.length <= longest) return exact;
  for (let digits = 15; digits > 1; digits -= 1) {
    const rounded = Number(value.toPrecision(digits));
    const fitting = [String(rounded), rounded.toExponential()].find((text) => text.length <= longest);
    if (fitting !== undefined) return fitting;
  }
  return value.toExponential(0);
};
