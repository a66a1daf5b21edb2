/** An order that differs from others in the given parts only. */
export interface OrderParts {
  readonly id: string;
  readonly control?: string;
  readonly name?: string;
  readonly charset?: string;
  readonly station?: string;
  readonly modality?: string;
  readonly date?: string;
}

/** `@NAME@` stands where the bytes of a name go, in whatever character set. */
export function orderText({
  id,
  control = 'NW',
  name = '@NAME@',
  charset = '',
  station = 'CT1',
  modality = 'CT',
  date = '20300115',
}: OrderParts): string {
  return [
    `MSH|^~\\&|RIS|HOSP|ORTHANC|RAD|20260102030405||OMI^O23^OMI_O23|${id}-${control}-${date}|P|2.5.1||||||${charset}`,
    `PID|||P${id}^^^HOSP||${name}||19800102|F`,
    `ORC|${control}|O${id}^RIS|F${id}^RIS||SC`,
    `TQ1|1||||||${date}101500||R`,
    `OBR|1|O${id}^RIS|F${id}^RIS|C${id}^Chest ${id}^L`,
    `IPC|A${id}|R${id}|1.2.826.0.1.${id.replaceAll('x', '.')}|S${id}|${modality}|||ROOM|${station}`,
  ].join('\r');
}

/** The same with a name of which only bytes are known. */
export function orderBytes(parts: OrderParts, name: Uint8Array): Buffer {
  const [before = '', after = ''] = orderText(parts).split('@NAME@');
  return Buffer.concat([Buffer.from(before), name, Buffer.from(after)]);
}
