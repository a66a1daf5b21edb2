export { sendingTo } from './sending-to.ts';
export type { Sending, SendingBy } from './sending-to.ts';
export { watchJobs } from './watch-jobs.ts';
export type { WatchedJobs } from './watch-jobs.ts';
