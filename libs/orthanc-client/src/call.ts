/** A body whose length is known is sent with it; an iterable without one goes out in chunks, as it comes. */
export type RequestBody =
  | Uint8Array
  | readonly Uint8Array[]
  | { readonly body: AsyncIterable<Uint8Array>; readonly length?: number | undefined };

/**
 * What a request leaves behind when its answer is lost: nothing that matters (`nothing`), all or nothing of what
 * was sent, once it was sent completely (`whole`), or each part as soon as it arrives (`pieces`, as STOW-RS does).
 */
export type Effect = 'nothing' | 'whole' | 'pieces';

/** One request to Orthanc, as failures name it. */
export interface Call {
  /** Method and route without identifiers, such as `POST /instances`: what messages show. */
  readonly what: string;
  readonly effect: Effect;
  /** Every Orthanc has this route: "not found" then says that no Orthanc answers. */
  readonly isFixedRoute?: boolean;
  /** The modality, peer or DICOMweb server to which Orthanc is asked to turn: "not found" and errors are then of it. */
  readonly destination?: string | undefined;
  /** It is asked what it holds, by C-FIND: a DIMSE status then speaks of the question, and of no instance. */
  readonly isQuery?: boolean;
  /**
   * Sent over a new connection. One that is kept may be closing at that moment, which would leave open what became of a
   * call that must not be repeated.
   */
  readonly isOnNewConnection?: boolean;
}

/** How far a call had come when it broke. */
export interface Progress {
  readonly isSent: boolean;
  readonly hasStartedSending: boolean;
  readonly isSocketReused: boolean;
}
