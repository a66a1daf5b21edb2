import type { SecureContextOptions } from 'node:tls';

export interface ReceivedMessage {
  /** Without the frame. */
  readonly bytes: Buffer;
  /** Of the sender. */
  readonly address: string;
}

/** Times in ms. */
export interface ConnectionLimits {
  readonly maxFrameBytes: number;
  readonly acceptsBare: boolean;
  /** So many messages of a connection are handed on before the first of them is answered. */
  readonly maxUnanswered: number;
  /** Without a byte and without a frame begun. */
  readonly idleTimeoutMs: number;
  /** Without a byte, within a frame. */
  readonly stallTimeoutMs: number;
  /** From the first byte of a frame to its last. */
  readonly frameTimeoutMs: number;
  /** While the sender does not read its answers. */
  readonly writeTimeoutMs: number;
}

export interface MessageAnswerer {
  /**
   * Called in the order of a connection's messages, without waiting for the answers to earlier ones. Each text of the answer is framed;
   * none means silence. A rejection closes the connection without an answer.
   */
  answer(message: ReceivedMessage): Promise<readonly Uint8Array[]>;
  /** For a message beyond the limit, of which only the beginning is there. */
  refuseTooLarge(beginning: ReceivedMessage): Promise<readonly Uint8Array[]>;
}

/** `event` is a constant in the past tense. */
export type TellEvent = (event: string, facts: Readonly<Record<string, string | number>>) => void;

export interface ListenerSettings extends MessageAnswerer {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Addresses and ranges that may connect; all, when empty. */
  readonly allowedAddresses: readonly string[];
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** What all connections may hold together of messages that are incomplete or unanswered. */
  readonly maxHeldBytes: number;
  readonly limits: ConnectionLimits;
  readonly tls?: TlsSettings | undefined;
  readonly tell: TellEvent;
  readonly nowMs?: () => number;
}

export interface TlsSettings extends Pick<SecureContextOptions, 'cert' | 'key' | 'passphrase'> {
  /** Authorities (PEM) one of which must have signed the certificate of each client; no certificate is asked for without. */
  readonly clientAuthorities?: string | Buffer | undefined;
}

/** What suits senders that stay connected for days. */
export const usualLimits: ConnectionLimits = {
  maxFrameBytes: 16 * 1024 * 1024,
  acceptsBare: true,
  maxUnanswered: 64,
  idleTimeoutMs: 24 * 60 * 60 * 1000,
  stallTimeoutMs: 30_000,
  frameTimeoutMs: 300_000,
  writeTimeoutMs: 30_000,
};
