import { type Testbed, openTestbed } from '@orthanc-tools/orthanc-testbed';

/**
 * Native processes, also where an engine answers: a DICOMweb server that gets changed copies is reached by the tool
 * itself, and the names by which containers know each other mean nothing to it.
 */
export const openForwardingTestbed = (): Promise<Testbed> => openTestbed({ provider: 'native' });
