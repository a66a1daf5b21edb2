/** The parts of an order that a test wants to be its own; lines by name of segment. */
export interface OrderText {
  readonly msh?: string;
  readonly pid?: string;
  readonly more?: readonly string[];
  readonly orc?: string;
  readonly obr?: string;
}

let next = 0;

/** A complete order, with its own control number unless MSH is given. */
export function orderText({ msh, pid, more = [], orc, obr }: OrderText = {}): string {
  next += 1;
  const number = String(next);
  return [
    msh ?? `MSH|^~\\&|RIS|HOSP|ORTHANC|RAD|20260102030405||ORM^O01|C${number}|P|2.5`,
    pid ?? 'PID|||4711^^^HOSP||Sample^Anna||19800102|F',
    ...more,
    orc ?? 'ORC|NW|P1^RIS|F1^RIS||SC||^^^20260203101500^^R',
    obr ?? 'OBR|1|P1^RIS|F1^RIS|CT1^CT of the chest^L||||||||||||||A1|R1|S1||||CT',
  ].join('\r');
}
