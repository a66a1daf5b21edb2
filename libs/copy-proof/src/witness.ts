/**
 * How much a destination can say of what it holds. `hash`: what each file is; `image`: that there is an instance with
 * this SOP Instance UID, whatever its content; `none`: it takes instances and answers no question.
 */
export type Strength = 'hash' | 'image' | 'none';

/** An instance of the source, as a destination is asked about it. */
export interface AskedInstance {
  readonly id: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
}

/** Instances of one study. */
export interface HeldQuestion {
  readonly studyId: string;
  readonly studyUid: string;
  readonly instances: readonly AskedInstance[];
  /** Told of each series of which the destination says that it holds nothing; not by every witness. */
  readonly onNewSeries?: ((seriesUid: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a destination says of one copy; nothing but that it is there, where it can say no more. */
export interface HeldCopy {
  /** Of an Orthanc: by it the four identifiers of DICOM are told apart, of which the UID of the instance is one. */
  readonly id?: string | undefined;
  readonly md5?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
  /** The destination knows the instance and holds no file of it. */
  readonly isWithoutFile?: true | undefined;
}

/** By SOP Instance UID. Several copies under one UID differ in another identifier. What is not held is not in it. */
export type Held = ReadonlyMap<string, readonly HeldCopy[]>;

/** What a word of the witness is worth: `id+md5` and `id` of an Orthanc, else the question that was answered. */
export type WitnessKind = 'orthanc' | 'c-find' | 'commitment' | 'qido';

/** Whom to ask what a destination holds. It repeats nothing, and believes nothing that was said before. */
export interface Witness {
  readonly kind: WitnessKind;
  /**
   * What the destination allows to be asked now; `none` where it can be reached and refuses the question.
   * @throws what keeps it from being reached
   */
  probe(signal?: AbortSignal): Promise<Strength>;
  /** What it holds of these instances. Never tells of one that the destination did not name. */
  held(question: HeldQuestion): Promise<Held>;
}
