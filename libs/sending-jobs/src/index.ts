export { sendingTo } from './sending-to.ts';
export type { Sending, SendingBy } from './sending-to.ts';
export { sentNothing } from './sent-nothing.ts';
export { watchJobs } from './watch-jobs.ts';
export type { CarriedByJob, SendingEnd, WatchedJobs } from './watch-jobs.ts';
