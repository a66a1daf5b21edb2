import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { AuditTrail } from '../audit/open-trail.ts';
import type { Elsewhere } from '../elsewhere/elsewhere.ts';
import type { Fuse } from '../plan/fuse.ts';
import type { Quarantine } from '../quarantine/quarantine-state.ts';
import type { CleanerMemory } from './cleaner-memory.ts';
import type { Judge } from '../rules/judge-study.ts';
import type { Moment } from '../rules/retention-rule.ts';

/** One run, and all that it is made with. */
export interface Cleaning extends RunContext {
  readonly orthanc: Orthanc;
  readonly trail: AuditTrail;
  readonly memory: CleanerMemory;
  readonly judge: Judge;
  readonly moment: Moment;
  /** By what it decides, for the audit trail. */
  readonly basis: Readonly<Record<string, unknown>>;
  readonly fuse: Fuse;
  readonly quarantine: Quarantine;
  /** Where else a study must be; undefined where nobody asked for it. */
  readonly elsewhere: Elsewhere | undefined;
  readonly schedule: WeeklySchedule;
  /** Of the time, in which Orthanc is to delete; 0 to 1. */
  readonly pace: number;
  /** Instances. */
  readonly portion: number;
  readonly patienceMs: number;
  readonly disk: DiskMarks | undefined;
  readonly isDryRun: boolean;
  /** Whether the rules file is still the one that was read: somebody may have written a keep rule into it. */
  areRulesTheSame(): Promise<boolean>;
}

/** Of what Orthanc holds, in bytes. */
export interface DiskMarks {
  readonly high: number;
  readonly low: number;
}
