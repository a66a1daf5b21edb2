// A server that only frames and acknowledges: what is left of the time is parsing, mapping, the journal and the disk.
import process from 'node:process';
import { startListener, usualLimits } from '@orthanc-tools/mllp';

const acknowledgement = Buffer.from('MSH|^~\\&|ECHO|||||||ACK|1|P|2.5.1\rMSA|AA|1\r');

await startListener({
  port: Number(process.argv[2]),
  host: '127.0.0.1',
  allowedAddresses: [],
  maxConnections: 1000,
  maxConnectionsPerAddress: 1000,
  maxHeldBytes: 100_000_000,
  limits: usualLimits,
  tell: () => undefined,
  answer: () => Promise.resolve([acknowledgement]),
  refuseTooLarge: () => Promise.resolve([]),
});
process.stdout.write('server.listening\n');
