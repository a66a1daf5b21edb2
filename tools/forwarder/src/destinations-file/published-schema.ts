import { fileSchema } from './file-shape.ts';

/** What editors get: the declaration by which the file is read, under a title. */
export const publishedSchema = (): unknown => ({
  title: 'Destinations of orthanc-forwarder',
  ...(fileSchema() as object),
});
