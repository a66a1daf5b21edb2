import { connectSender } from '@orthanc-tools/mllp';
import { orderText } from './order-text.ts';

/** Identifiers of orders. */
export interface Load {
  readonly acknowledged: Set<string>;
  readonly sent: Set<string>;
}

/** Connections that send orders until all are acknowledged; one that breaks is opened again. */
export async function sendAll(
  port: number,
  { connections, orders }: { connections: number; orders: number },
  load: Load,
): Promise<void> {
  const lane = async (lane: number): Promise<void> => {
    for (let n = 0; n < orders;) {
      try {
        await using sender = await connectSender({ host: '127.0.0.1', port });
        for (; n < orders; n += 1) {
          const id = `${String(lane)}x${String(n)}`;
          load.sent.add(id);
          const answer = String(await sender.send(Buffer.from(orderText({ id, name: `Name${id}^Anna` }))));
          if (!answer.includes('MSA|AA')) throw new Error(answer);
          load.acknowledged.add(id);
        }
      } catch (error) {
        const { code } = error as { code?: string };
        if (code !== 'MLLP_UNREACHABLE' && code !== 'MLLP_NO_ANSWER') throw error;
        await new Promise(setImmediate);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, at) => lane(at)));
}
