const boundary = 'bench-part';

export const stowType = `multipart/related; type="application/dicom"; boundary=${boundary}`;

/** The body of one STOW-RS request, without copying the files into it. */
export function stowBody(files: readonly Uint8Array[]): Uint8Array[] {
  const parts = files.flatMap((file) => [
    Buffer.from(
      `--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${String(file.length)}\r\n\r\n`,
    ),
    file,
    Buffer.from('\r\n'),
  ]);
  return [...parts, Buffer.from(`--${boundary}--\r\n`)];
}
