export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { scheduleFromOptions, schedulingOptions } from './scheduling-options.ts';
export type { WeeklyPeriod } from './weekly-period.ts';
export { alwaysOpen, weeklySchedule } from './weekly-schedule.ts';
export type { WeeklyHours, WeeklySchedule } from './weekly-schedule.ts';
