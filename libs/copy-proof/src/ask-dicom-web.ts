import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { existing, groupBySeries } from './existing.ts';
import type { Witness } from './witness.ts';

/** A DICOMweb server of the source, asked by QIDO-RS through the source's own plugin. */
export function askDicomWeb(source: Orthanc, alias: string): Witness {
  return {
    kind: 'qido',
    probe: async (signal) => {
      try {
        await source.dicomWebServers.probe(alias, signal);
        return 'image';
      } catch (error) {
        // Any other refusal looks to the plugin as if the server were away.
        if (asFailure(error)?.code === 'DESTINATION_ANSWERS_NOT_FOUND') return 'none';
        throw error;
      }
    },
    held: async ({ studyUid, instances, onNewSeries, signal }) => {
      const named = new Set<string>();
      for (const [seriesUid, wanted] of groupBySeries(instances)) {
        const question = { studyUid, seriesUid, signal };
        const { uids, isWhole } = await source.dicomWebServers.instances(alias, question);
        for (const uid of uids) named.add(uid);
        if (isWhole && uids.size === 0) onNewSeries?.(seriesUid);
        // A server that knows no paging and caps its answers: what it left out is not missing yet.
        for (const uid of isWhole ? [] : wanted.filter((one) => !uids.has(one))) {
          const single = await source.dicomWebServers.instances(alias, { ...question, sopInstanceUid: uid });
          if (single.uids.has(uid)) named.add(uid);
        }
      }
      return existing(instances, named);
    },
  };
}
