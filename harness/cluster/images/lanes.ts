/** Work that shares one resource runs one after the other, whoever asks for it. */
export interface Lane {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function lane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const mine = last.then(work, work);
      last = mine;
      return mine;
    },
  };
}
