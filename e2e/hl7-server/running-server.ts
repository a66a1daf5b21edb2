import { type Sender, connectSender } from '@orthanc-tools/mllp';
import { freePort } from '@orthanc-tools/orthanc-testbed';
import {
  type CommandPlace,
  type RunningCommand,
  builtTool,
  startCommand,
} from '../command/running-command.ts';

export interface RunningServer extends AsyncDisposable {
  readonly command: RunningCommand;
  readonly port: number;
  connect(): Promise<Sender>;
  /** The answer as text, a line per segment. */
  send(message: string | Uint8Array): Promise<string>;
}

export interface ServerRequest {
  readonly argv: readonly string[];
  readonly port?: number;
  readonly place?: CommandPlace;
}

/** The built server, listening. Disposing of it kills it. */
export async function startServer({
  argv,
  port: given,
  place = builtTool('hl7-server'),
}: ServerRequest): Promise<RunningServer> {
  const port = given ?? (await freePort());
  const command = startCommand(place, [
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
    '--log-format',
    'json',
    ...argv,
  ]);
  await command.printed('server.listening');
  const connect = () => connectSender({ host: '127.0.0.1', port });
  return {
    command,
    port,
    connect,
    async send(message) {
      await using sender = await connect();
      return (await sender.send(Buffer.from(message as string))).toString('latin1').replaceAll('\r', '\n');
    },
    [Symbol.asyncDispose]: () => command[Symbol.asyncDispose](),
  };
}
