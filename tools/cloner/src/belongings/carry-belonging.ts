import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Belonging } from './belonging.ts';
import type { NumberMatch } from './match-numbers.ts';

interface Between {
  readonly source: Pick<Orthanc, 'belongings'>;
  readonly destination: Pick<Orthanc, 'belongings' | 'labels'>;
  readonly numbers: NumberMatch;
}

const folders = { Patient: 'patients', Study: 'studies', Series: 'series', Instance: 'instances' } as const;
const labelled = ({ resource }: Belonging) => ({ level: folders[resource.level], id: resource.id });

/** Puts one thing to the same resource of the destination; an attachment streams from server to server. */
export async function carryBelonging(
  belonging: Belonging,
  { source, destination, numbers }: Between,
  signal: AbortSignal,
): Promise<void> {
  const { resource, kind, name, value = '' } = belonging;
  switch (kind) {
    case 'labels':
      return destination.labels.put(labelled(belonging), name);
    case 'metadata':
      return destination.belongings.putMetadata(resource, numbers.toDestination(Number(name)), value, signal);
    case 'attachments': {
      const file = await source.belongings.openAttachment(resource, Number(name), signal);
      return destination.belongings.putAttachment(resource, Number(name), file, signal);
    }
    case 'protection':
      return destination.belongings.protect(resource.id, signal);
  }
}

/** Takes one thing away from a resource of the destination. */
export async function removeBelonging(
  belonging: Belonging,
  { destination, numbers }: Pick<Between, 'destination' | 'numbers'>,
  signal: AbortSignal,
): Promise<void> {
  const { resource, kind, name } = belonging;
  switch (kind) {
    case 'labels':
      return destination.labels.remove(labelled(belonging), name);
    case 'metadata':
      return destination.belongings.removeMetadata(resource, numbers.toDestination(Number(name)), signal);
    case 'attachments':
      return destination.belongings.removeAttachment(resource, Number(name), signal);
    case 'protection':
      return destination.belongings.unprotect(resource.id, signal);
  }
}
