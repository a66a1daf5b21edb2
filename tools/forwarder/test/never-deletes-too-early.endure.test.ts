import { everyCase } from './matrix-cases.ts';
import { tryCases } from './try-cases.ts';

tryCases(everyCase, { firstSeed: 400 });
