declare module 'dcmjs' {
  const dcmjs: {
    readonly data: {
      readonly DicomMessage: { readFile(bytes: ArrayBuffer): { readonly dict: unknown } };
      readonly DicomMetaDictionary: {
        naturalizeDataset(dict: unknown): Readonly<Record<string, unknown>>;
      };
    };
  };
  export default dcmjs;
}
