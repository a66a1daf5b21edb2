import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { publishedSchema } from './published-schema.ts';

describe('the published schema of the rules file', () => {
  it('is what the file is read by (node tools/cleaner/src/rules-file/write-schema-command.ts)', async () => {
    const path = join(import.meta.dirname, '../../schema/rules.schema.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(publishedSchema());
  });
});
