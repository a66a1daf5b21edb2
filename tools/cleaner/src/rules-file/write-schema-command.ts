// Writes the published schema from the declaration: node tools/cleaner/src/rules-file/write-schema-command.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { publishedSchema } from './published-schema.ts';

const path = join(import.meta.dirname, '../../schema/rules.schema.json');
writeFileSync(path, await format(JSON.stringify(publishedSchema()), { parser: 'json', printWidth: 110 }));
