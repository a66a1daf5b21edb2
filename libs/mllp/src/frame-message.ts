/** A message in its frame, as one piece: a frame sent in two confuses some receivers. */
export function frameMessage(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(message.length + 3);
  frame[0] = 0x0b;
  frame.set(message, 1);
  frame[message.length + 1] = 0x1c;
  frame[message.length + 2] = 0x0d;
  return frame;
}
