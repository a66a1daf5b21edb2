import * as z from 'zod';
import { fileShape } from './file-shape.ts';

/** What editors get: the declaration by which the file is read (JSON schema, draft 2020-12). */
export const publishedSchema = (): unknown => ({
  title: 'Rules of orthanc-cleaner',
  ...z.toJSONSchema(fileShape, { io: 'input' }),
});
