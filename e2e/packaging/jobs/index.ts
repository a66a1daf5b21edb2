import type { PackagedTool } from '../packaged-tool.ts';
import { cleanerPackage } from './cleaner.ts';
import { clonerPackage } from './cloner.ts';
import { comparatorPackage } from './comparator.ts';
import { forwarderPackage } from './forwarder.ts';
import { hl7ServerPackage } from './hl7-server.ts';
import { importerPackage } from './importer.ts';
import { migratorPackage } from './migrator.ts';
import { populatorPackage } from './populator.ts';

export const packagedTools: readonly PackagedTool[] = [
  clonerPackage,
  forwarderPackage,
  importerPackage,
  migratorPackage,
  comparatorPackage,
  populatorPackage,
  cleanerPackage,
  hl7ServerPackage,
];
