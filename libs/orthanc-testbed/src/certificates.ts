import { randomUUID } from 'node:crypto';

/** A certificate and its private key, PEM. */
export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own and what it has signed, all PEM; valid for a day. */
export interface ServerCertificates {
  readonly authority: string;
  /** For localhost, 127.0.0.1 and ::1. */
  readonly server: KeyedCertificate;
  /** For a client, to be shown to a server that asks for one. */
  readonly client: KeyedCertificate;
}

/** Makes a new authority, so that certificates of two calls do not trust each other. */
export async function createCertificates(
  options: { hosts?: readonly string[] } = {},
): Promise<ServerCertificates> {
  const { generate } = await import('selfsigned');
  const name = `Testbed authority ${randomUUID()}`;
  const made = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: made.private, cert: made.cert };
  const sign = async (name: string, use: 'serverAuth' | 'clientAuth'): Promise<KeyedCertificate> => {
    const signed = await generate([{ name: 'commonName', value: name }], {
      algorithm: 'sha256',
      ca,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
        { name: 'extKeyUsage', [use]: true },
        { name: 'subjectAltName', altNames: namesOf(['localhost', ...(options.hosts ?? [])]) },
      ],
    });
    return { cert: signed.cert, key: signed.private };
  };
  return {
    authority: made.cert,
    server: await sign('localhost', 'serverAuth'),
    client: await sign('orthanc-tools', 'clientAuth'),
  };
}

function namesOf(hosts: readonly string[]): ({ type: 2; value: string } | { type: 7; ip: string })[] {
  return [
    ...hosts.map((value) => ({ type: 2 as const, value })),
    { type: 7, ip: '127.0.0.1' },
    { type: 7, ip: '::1' },
  ];
}
