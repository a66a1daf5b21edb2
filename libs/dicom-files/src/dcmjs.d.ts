declare module 'dcmjs' {
  /** Read by tests only, which say what they expect of it. */
  const dcmjs: { readonly data: { readonly DicomMessage: unknown } };
  export default dcmjs;
}
