import { queue } from 'async';

/** Lets so many pieces of work run at once; the others wait for their turn. */
export type Lane = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** As many associations as a modality bears: every question to it and every transfer goes through its lane. */
export function laneOf(width: number): Lane {
  const turns = queue((work: () => Promise<void>, done: () => void) => void work().finally(done), width);
  return (work) =>
    new Promise((resolve, reject) => {
      void turns.push(async () => {
        await work().then(resolve, reject);
      });
    });
}
