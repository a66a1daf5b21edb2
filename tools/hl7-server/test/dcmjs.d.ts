declare module 'dcmjs' {
  /** Tests say what they expect of it. */
  const dcmjs: { readonly data: unknown };
  export default dcmjs;
}
