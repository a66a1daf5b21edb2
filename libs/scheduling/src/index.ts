export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { executionTimes, parseExecutionTimes } from './execution-times.ts';
export type { ExecutionTimes } from './execution-times.ts';
export { scheduleFromOptions, schedulingOptions, timeZoneFromOptions } from './scheduling-options.ts';
export { offsetAt, systemTimeZone } from './time-zone.ts';
export type { WeeklyPeriod } from './weekly-period.ts';
export { alwaysOpen, weeklySchedule } from './weekly-schedule.ts';
export type { WeeklyHours, WeeklySchedule } from './weekly-schedule.ts';
