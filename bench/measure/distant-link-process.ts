// Runs the proxies of a distant link apart from the bench, so that their CPU is counted as nobody's.
import process from 'node:process';
import { startFaultProxy } from '@orthanc-tools/orthanc-testbed';

const [roundTripMs, ...targets] = process.argv.slice(2);
const faults = { roundTripMs: Number(roundTripMs) };
const proxies = await Promise.all(targets.map((url) => startFaultProxy(url, { level: 'tcp', faults })));
process.on('SIGINT', () => undefined); // The bench ends us by closing the channel.
process.on('disconnect', () => process.exit());
process.send?.(proxies.map(({ url }) => url));
