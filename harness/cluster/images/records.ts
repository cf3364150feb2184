/** What an image was replaced with: `rebuilt` is the same software, `stand-in` other software. */
export interface ImageRecord {
  readonly name: string;
  readonly used: string;
  readonly fidelity: 'original' | 'rebuilt' | 'stand-in';
  readonly why: string;
}

/** An image as its authors published it. */
export function original(name: string): ImageRecord {
  return { name, used: name, fidelity: 'original', why: 'pulled from its registry' };
}
