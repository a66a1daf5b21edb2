import { connectSender } from '@orthanc-tools/mllp';

export interface SentOrders {
  readonly perSecond: number;
  /** In ms, from the message to its answer. */
  readonly p50: number;
  readonly p99: number;
}

const order = (id: string): string =>
  [
    `MSH|^~\\&|RIS|HOSP|ORTHANC|RAD|20260102030405||ORM^O01^ORM_O01|${id}|P|2.5.1||||||UNICODE UTF-8`,
    `PID|||P${id}^^^HOSP||Sample${id}^Änne^^^Dr||19800102|F|||Street 1^^City^^1000`,
    'PV1||O|WARD1^R2|||||77^Referring^Jo',
    `ORC|NW|O${id}^RIS|F${id}^RAD||SC||^^^20300203101500^^R||20260102|9^Clerk^A||12^Ordering^B`,
    `OBR|1|O${id}^RIS|F${id}^RAD|71260^CT of the chest^L||||||||||||||A${id}|R${id}|S${id}||||CT`,
    'OBX|1|NM|29463-7^Body weight^LN||62|kg',
  ].join('\r');

/** Distinct orders on persistent connections, each waiting for the answer before it sends the next. */
export async function sendOrders(
  port: number,
  {
    connections,
    orders,
    run,
  }: { readonly connections: number; readonly orders: number; readonly run: string },
): Promise<SentOrders> {
  const times: number[] = [];
  const lane = async (lane: number): Promise<void> => {
    await using sender = await connectSender({ host: '127.0.0.1', port });
    for (let n = 0; n < orders; n += 1) {
      const message = Buffer.from(order(`${run}${String(lane)}x${String(n)}`));
      const began = performance.now();
      const answer = await sender.send(message);
      times.push(performance.now() - began);
      if (!answer.includes('MSA|AA'))
        throw new Error(`An order was not accepted: ${answer.toString('latin1')}`);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, (_, at) => lane(at)));
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}
