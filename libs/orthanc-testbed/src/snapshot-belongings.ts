import { createHash } from 'node:crypto';
import { askOrthanc } from './ask-orthanc.ts';
import type { OrthancAddress } from './ask-orthanc.ts';
import { inParallel } from './in-parallel.ts';

export interface BelongingsRequest {
  /** Numbers of metadata and attachments that are passed over. */
  readonly except?: readonly number[];
}

const levels = ['patients', 'studies', 'series', 'instances'] as const;
const firstUserNumber = 1024;
const dicomWebCache = 4301;

/**
 * What users have added to an Orthanc, asked resource by resource and without any code of the tools: labels, user
 * metadata, the MD5 of what is attached, protection; by path, such as `studies/{id}/metadata/1024`.
 */
export async function snapshotBelongings(
  orthanc: OrthancAddress,
  { except = [dicomWebCache] }: BelongingsRequest = {},
): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  const json = async (path: string) => (await askOrthanc(orthanc, path)).json();
  const isUsers = (number: number) => number >= firstUserNumber && !except.includes(number);
  const bytesOf = async (path: string) => Buffer.from(await (await askOrthanc(orthanc, path)).arrayBuffer());
  for (const level of levels) {
    await inParallel((await json(`/${level}`)) as string[], 4, async (id) => {
      const path = `${level}/${id}`;
      for (const label of (await json(`/${path}/labels`)) as string[])
        held.set(`${path}/labels/${label}`, '');
      for (const number of ((await json(`/${path}/metadata?numeric`)) as number[]).filter(isUsers)) {
        const one = `${path}/metadata/${String(number)}`;
        held.set(one, (await bytesOf(`/${one}`)).toString());
      }
      const attached = Object.values((await json(`/${path}/attachments?full`)) as Record<string, number>);
      for (const number of attached.filter(isUsers)) {
        const one = `${path}/attachments/${String(number)}`;
        held.set(
          one,
          createHash('md5')
            .update(await bytesOf(`/${one}/data`))
            .digest('hex'),
        );
      }
      if (level === 'patients' && (await bytesOf(`/${path}/protected`)).toString() === '1')
        held.set(`${path}/protection`, '');
    });
  }
  return held;
}
