/** The package ships no types; this is the part that is used here. */
declare module 'picomatch' {
  interface Picomatch {
    (glob: string, options?: { readonly dot?: boolean }): (text: string) => boolean;
    scan(glob: string): { readonly isGlob: boolean; readonly negated: boolean };
  }
  const picomatch: Picomatch;
  export default picomatch;
}
