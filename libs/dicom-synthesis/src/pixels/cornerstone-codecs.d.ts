/** Emscripten's module settings. */
interface CodecSettings {
  /** Where the codec's chatter goes; the console unless given. */
  readonly print: (line: string) => void;
}
interface CodecFrame {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform?: boolean;
}
interface CodecEncoder {
  /** Memory of the codec, to be filled before `encode`. */
  getDecodedBuffer(frame: CodecFrame): Uint8Array;
  encode(): void;
  /** Memory of the codec: valid until `delete`. */
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}
interface CodecDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
}
declare module '@cornerstonejs/codec-charls' {
  interface JpegLsEncoder extends CodecEncoder {
    setNearLossless(deviation: number): void;
    setInterleaveMode(mode: number): void;
  }
  const open: (settings: CodecSettings) => Promise<{
    readonly JpegLSEncoder: new () => JpegLsEncoder;
    readonly JpegLSDecoder: new () => CodecDecoder;
  }>;
  export default open;
}
declare module '@cornerstonejs/codec-openjpeg' {
  interface Jpeg2000Encoder extends CodecEncoder {
    setQuality(lossless: boolean, quality: number): void;
    setDecompositions(levels: number): void;
  }
  const open: (settings: CodecSettings) => Promise<{
    readonly J2KEncoder: new () => Jpeg2000Encoder;
    readonly J2KDecoder: new () => CodecDecoder;
  }>;
  export default open;
}
