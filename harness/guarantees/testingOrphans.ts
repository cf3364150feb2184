import { ended, fence, readied, setReported, touched } from '../history/testing.ts';

/** Shared pieces of vectors about Pods that lost their set and a set that is made anew. */
export const before = fence('before');
export const span = { from: 'before', to: 'end' };
export const newOwner = 'statefulsets/web#2';
export const orphan = { owner: null };
export const adopted = { owner: newOwner };

/** A set of three was deleted without its Pods, and web-0 by hand. */
export const orphaned = [
  setReported('added'),
  readied('web-0'),
  readied('web-1'),
  readied('web-2'),
  touched('web-0', orphan),
  touched('web-1', orphan),
  touched('web-2', orphan),
  setReported('deleted'),
  ended('web-0'),
];
export const setMade = setReported('added');
