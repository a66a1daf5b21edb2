// Writes the published schema from the declaration: node tools/forwarder/src/destinations-file/write-schema-command.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { publishedSchema } from './published-schema.ts';

const path = join(import.meta.dirname, '../../schema/destinations.schema.json');
writeFileSync(path, await format(JSON.stringify(publishedSchema()), { parser: 'json', printWidth: 110 }));
