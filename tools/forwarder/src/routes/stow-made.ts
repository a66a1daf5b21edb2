import { configurationError, permanentFailure } from '@orthanc-tools/failures';
import { type DicomWebServer, type Orthanc, connectDicomWebServer } from '@orthanc-tools/orthanc-client';
import type { MadeFile } from '../processing/processing.ts';

/**
 * Where files that the inbox does not hold are sent by STOW-RS: to the plugin of an Orthanc whose address was given, or
 * else right to the address that the inbox has of the server, as far as that takes no password.
 * @throws configuration `SERVER_NOT_OPEN`, `DICOM_WEB_MISSING`, `DESTINATION_UNKNOWN`
 */
export async function findStow(
  target: string,
  { inbox, remote }: { readonly inbox: Orthanc; readonly remote: Orthanc | undefined },
  signal?: AbortSignal,
): Promise<DicomWebServer> {
  const plugin = await remote?.dicomWeb();
  if (plugin !== undefined)
    return { storeFile: plugin.storeFile, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (remote !== undefined)
    throw configurationError('DICOM_WEB_MISSING', `${remote.url} has no DICOMweb plugin: enable it.`);
  const { url, isOpen } = await inbox.dicomWebServers.address(target, signal);
  if (isOpen) return connectDicomWebServer({ url });
  throw configurationError(
    'SERVER_NOT_OPEN',
    `The DICOMweb server ${target} asks for credentials, which the source does not give away: what is changed on the way cannot be sent there. Give its own address (url, where it is an Orthanc), or send in the mode dicom.`,
    { facts: { destination: target } },
  );
}

/** @throws permanent `INSTANCE_REFUSED` when the server does not say that it holds the file */
export async function stowOne(server: DicomWebServer, file: MadeFile, signal: AbortSignal): Promise<void> {
  const { referenced, failed } = await server.storeFile(file, signal);
  if (referenced === 1 && failed.length === 0) return;
  const reason = failed[0]?.reason;
  const facts = reason === undefined ? {} : { reason };
  throw permanentFailure('INSTANCE_REFUSED', 'The DICOMweb server did not store the instance.', { facts });
}
