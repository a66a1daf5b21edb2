// What strangers get of the testbed: all that does not need this repository.
export {
  compareSnapshots,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
  startLinked,
} from '@orthanc-tools/orthanc-testbed';
export type {
  FaultProxy,
  FaultProxyOptions,
  HeldInstance,
  LinkedOrthancs,
  LinkedRequest,
  LoggedRequest,
  OrthancRequest,
  OrthancVersion,
  RequestFault,
  RunningOrthanc,
  Snapshot,
  Testbed,
  TestbedOptions,
} from '@orthanc-tools/orthanc-testbed';
