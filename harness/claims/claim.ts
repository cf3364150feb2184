import type { PrefixOf, Tutorial } from './tutorials.ts';

/** One sentence that a document lets its readers rely on, and where it stands there. */
export interface Claim<T extends Tutorial = Tutorial> {
  readonly tutorial: T;
  /** The heading in the document. */
  readonly section: string;
  readonly basis: Basis;
  /** The sentence, with Markdown's backticks. It is the title of the claim's test. */
  readonly says: string;
  /**
   * How the claim is observed and what must make the test fail. In it `p′` is the Pod that replaces `p`; `add`, `rdy`, `del` and `gone` are the
   * recorded changes in which a Pod appears, is first Ready, is first marked for deletion and is gone; `rv` is where a change stands in the order
   * of its resource; `VAR` is a variant of the manifest made for the test; "the seed" is the document.
   */
  readonly observed: string;
  readonly source: Source;
  /**
   * What judging the claim takes. `K8S` any image will do, `APP` a real server, `IMG` files of the exact image, `static` no cluster, `SC` a default
   * StorageClass, `SHARED` volumes usable from several nodes, `FSGROUP` volumes that honour fsGroup, `LOCALPV` local volumes, `Wn` that many
   * workers, `NODE` a shell on nodes, `ING` an Ingress controller, `VAR` a variant of the manifest, `SEQ` what an earlier story left,
   * `GATE x` a server of that version; `DNS`, `RBAC`, `PDB` and `TOOLS:x` speak for themselves.
   */
  readonly needs: readonly [string, ...string[]];
}

/** Said in the prose; shown by a manifest or sample output only; derived, so that a stated claim cannot pass for lack of substance. */
export type Basis = 'stated' | 'shown' | 'derived';

/** The document's page and its section. */
export type Source = `https://${string}#${string}`;

/** The claims of one tutorial. The prefix keeps ids of different tutorials apart: an id that stands in two of them does not compile. */
export type Catalogue<T extends Tutorial> = Readonly<Record<`${PrefixOf<T>}.${string}`, Claim<T>>>;
