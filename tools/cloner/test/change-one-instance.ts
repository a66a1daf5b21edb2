import { type RunningOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';

type Change = (file: Buffer) => void;

/** Another pixel; the file keeps its length. */
export const anotherPixel: Change = (file) => {
  const last = file.length - 1;
  file[last] = (file[last] ?? 0) ^ 0xff;
};

/** Another letter in the patient's name, under the same PatientID; for files in explicit little endian. */
export const anotherPatientName: Change = (file) => {
  const element = file.indexOf(Buffer.from([0x10, 0x00, 0x10, 0x00, ...Buffer.from('PN')]));
  const length = file.readUInt16LE(element + 6);
  if (element < 0 || length === 0) throw new Error('the file holds no patient name');
  const first = element + 8;
  file[first] = file[first] === 0x51 ? 0x58 : 0x51;
};

/** Puts one instance of the source into the destination, changed; gives its Orthanc ID. */
export async function changeOneInstance(
  source: RunningOrthanc,
  destination: RunningOrthanc,
  change: Change = anotherPixel,
): Promise<string> {
  const [id] = (await snapshotOrthanc(source)).keys();
  if (id === undefined) throw new Error('the source is empty');
  const file = Buffer.from(
    await (await fetch(new URL(`instances/${id}/file`, rootOf(source)))).arrayBuffer(),
  );
  change(file);
  const answer = await fetch(new URL('instances', rootOf(destination)), {
    method: 'POST',
    body: new Uint8Array(file),
  });
  const receipt = (await answer.json()) as { ID: string; Status: string };
  if (receipt.ID !== id || receipt.Status !== 'Success')
    throw new Error(`the changed instance was not stored: ${receipt.Status}`);
  return id;
}

const rootOf = ({ url }: RunningOrthanc) => (url.endsWith('/') ? url : `${url}/`);
