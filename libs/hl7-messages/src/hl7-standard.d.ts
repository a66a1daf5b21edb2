declare module 'hl7-standard' {
  interface StandardSegment {
    /** By `PID.3`; text, an object by `PID.3.1`, or a list of either. */
    readonly data: Readonly<Record<string, unknown>>;
  }
  export default class HL7 {
    constructor(text: string, options: { readonly lineEndings: string });
    readonly transformed: Readonly<Record<string, StandardSegment | readonly StandardSegment[]>>;
    transform(): void;
  }
}
