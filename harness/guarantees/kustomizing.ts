import type { Change, Observation } from '../history/entries.ts';
import type { Manifest } from '../history/objects.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsOf, thereAt } from './objects.ts';
import { selects } from './requirements.ts';

/** A Secret that a kustomization generates: its name before the suffix, its one key, and what it holds. */
export interface GeneratedSecret {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

/** What was built, and what of: the moments of the builds. */
export interface Builds {
  readonly first: string;
  readonly again: string;
  /** Built with another value. */
  readonly other: string;
  /** The name that another version of kustomize was seen to give to the first content. */
  readonly reference: string;
}

/**
 * "You can create a Secret by generators": the suffix of its name is generated from the content.
 *
 * Verified: each build generated exactly one Secret of that name and a suffix; two builds of the same value gave it the same name, which is the reference; a build of another
 * value gave another name.
 * Not verified: that no two contents share a suffix.
 */
export function theSuffixIsOfTheContent({ name, key }: GeneratedSecret, builds: Builds): Guarantee {
  return guarantee('theSuffixIsOfTheContent', [], {}, (window) => {
    const moments = [builds.first, builds.again, builds.other];
    const built = moments.map((moment) => builtSecrets(window, name, moment));
    const doubt = built.find((each) => typeof each === 'string');
    if (typeof doubt === 'string') return undecided(doubt);
    const [first, again, other] = built.filter((each) => typeof each !== 'string');
    if (first === undefined || again === undefined || other === undefined) return undecided('not all was built');
    if (valueOf(first.secret, key) !== valueOf(again.secret, key))
      return undecided('the first two builds were of two values');
    if (valueOf(first.secret, key) === valueOf(other.secret, key))
      return undecided('the other build was of the same value');
    return together(
      each([first, again, other], 'builds', ({ secret, seen }) =>
        isSuffixed(name, secret.metadata.name) ? undefined : breach(`it is called ${secret.metadata.name}`, seen),
      ),
      each([first], 'names of the same content', () => {
        const names = [first, again].map(({ secret }) => secret.metadata.name);
        const odd = names.find((each) => each !== builds.reference);
        return odd === undefined
          ? undefined
          : breach(`it is called ${odd}, not ${builds.reference}`, first.seen, again.seen);
      }),
      each([other], 'names of another content', ({ secret, seen }) =>
        secret.metadata.name === first.secret.metadata.name
          ? breach(`another value gave the same name ${secret.metadata.name}`, first.seen, seen)
          : undefined,
      ),
    );
  });
}

/**
 * "mysql-pass-c57bb4t7mf   Opaque   1".
 *
 * Verified: within the span exactly one Secret was made whose name begins so, and it is there at the end; in every change of it its name ends with a suffix of ten letters or digits, it is Opaque,
 * and holds the one key with the one value. There never was a Secret of the plain name.
 * Not verified: how the suffix is made (see `theSuffixIsOfTheContent`).
 */
export function theSecretIsGenerated(generated: GeneratedSecret, span: Span = {}): Guarantee {
  return guarantee('theSecretIsGenerated', ['secrets'], span, (window) => {
    const changes = window.changes('secrets').filter(({ object }) => object.metadata.name.startsWith(generated.name));
    const made = new Set(changes.filter(({ type }) => type === 'added').map(({ object }) => object.metadata.uid));
    const there = thereAt(objectsOf(window, 'secrets'), window.to).filter((life) =>
      life.name.startsWith(generated.name),
    );
    return together(
      each(changes, 'changes of the Secret', (change) => unlikeGenerated(change, generated)),
      each([generated.name], 'Secrets at the end', (name) => {
        if (there.length === 0) return missingAtEnd(window, `there is no Secret ${name}-…`);
        const second = changes.findLast(({ object }) => object.metadata.uid !== there[0]?.uid);
        return made.size === 1 || second === undefined ? undefined : breach(`there are two Secrets ${name}…`, second);
      }),
    );
  });
}

/** How often each Deployment refers to the Secret. */
export type References = Readonly<Record<string, number>>;

/**
 * "Both take the password from the Secret kustomize generated", although the manifests name it plainly.
 *
 * Verified: the manifests, as written, refer to the plain name so often in each Deployment; at the end of the span each Deployment refers, in the same places and nowhere to another, to the one Secret
 * whose name begins so and has a suffix; a Pod of each runs with it; there is no Secret of the plain name.
 * Not verified: that the containers read it (see what clients saw).
 */
export function theReferencesAreRewritten(
  generated: Pick<GeneratedSecret, 'name' | 'key'>,
  references: References,
  written: string,
  span: Span = {},
): Guarantee {
  const resources = ['secrets', 'deployments', 'pods'] as const;
  return guarantee('theReferencesAreRewritten', resources, span, (window) => {
    const doubt = doubtAboutWritten(window, generated, references, written);
    if (doubt !== undefined) return undecided(doubt);
    const secrets = thereAt(objectsOf(window, 'secrets'), window.to).filter(({ name }) =>
      name.startsWith(generated.name),
    );
    const plain = secrets.filter(({ name }) => name === generated.name);
    const [secret] = secrets.filter(({ name }) => isSuffixed(generated.name, name));
    const forbidden = plain.map((life) => breach(`there is a Secret ${life.name}`, life.first));
    const [first, ...rest] = Object.entries(references).map(([name, count]) =>
      rewritten(window, name, count, secret?.name ?? `${generated.name}-…`),
    );
    return unlessBroken(
      forbidden,
      first === undefined ? undecided('no reference was asked about') : together(first, ...rest),
    );
  });
}

function rewritten(window: Window, deployment: string, count: number, secret: string): Findings {
  const life = thereAt(objectsOf(window, 'deployments'), window.to).find(({ name }) => name === deployment);
  if (life === undefined)
    return each([deployment], 'Deployments', () => missingAtEnd(window, `there is no Deployment ${deployment}`));
  const pods = thereAt(objectsOf(window, 'pods'), window.to).filter(({ last }) =>
    selects({ matchLabels: life.last.object.spec?.selector.matchLabels ?? {} }, last.object.metadata.labels),
  );
  const wants = Array.from({ length: count }, () => secret).join(', ');
  const otherThan = (what: string, spec: unknown, entry: Change): Breach | undefined => {
    const names = secretKeysIn(spec).join(', ');
    return names === wants ? undefined : breach(`${what} refers to ${names || 'no Secret'}, not to ${wants}`, entry);
  };
  return together(
    each([life], 'Deployments', ({ last }) => otherThan(deployment, last.object.spec?.template.spec, last)),
    each(pods, 'Pods', ({ name, last }) => {
      if (last.object.status?.phase === 'Running') return otherThan(name, last.object.spec, last);
      const waiting = last.object.status?.containerStatuses?.find((each) => each.state?.waiting)?.state?.waiting;
      // A Pod that waits for its Secret is a finding; one that is only on its way leaves it open.
      return waiting?.reason === 'CreateContainerConfigError'
        ? breach(`${name} waits: ${waiting.message}`, last)
        : undefined;
    }),
    each(
      pods.filter(({ last }) => last.object.status?.phase === 'Running'),
      'running Pods',
      () => undefined,
    ),
  );
}

function doubtAboutWritten(
  window: Window,
  { name }: Pick<GeneratedSecret, 'name'>,
  references: References,
  moment: string,
): string | undefined {
  const objects = window.observations('manifest', moment).flatMap((read) => read.objects);
  const wrong = Object.entries(references).find(([deployment, count]) => {
    const written = objects.find((each) => each.kind === 'Deployment' && each.metadata.name === deployment);
    return secretKeysIn(written?.['spec']).join() !== Array.from({ length: count }, () => name).join();
  });
  return wrong === undefined
    ? undefined
    : `the manifest of ${wrong[0]} does not refer to ${name} ${wrong[1]} times (${moment})`;
}

/** The names of Secrets that variables of containers are taken from, wherever they stand, in their order. */
function secretKeysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(secretKeysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'secretKeyRef' ? [String((inner as { readonly name?: unknown }).name)] : secretKeysIn(inner),
  );
}

function unlikeGenerated(change: Change<'secrets'>, { name, key, value }: GeneratedSecret): Breach | undefined {
  const { metadata, type, data = {} } = change.object;
  if (!isSuffixed(name, metadata.name)) return breach(`the Secret is called ${metadata.name}`, change);
  if (type !== 'Opaque') return breach(`${metadata.name} is of type ${type}`, change);
  const keys = Object.keys(data).join(', ');
  if (keys !== key) return breach(`${metadata.name} holds ${keys || 'nothing'}, not just ${key}`, change);
  return decoded(data[key] ?? '') === value ? undefined : breach(`${metadata.name} holds another ${key}`, change);
}

/** A hash as kustomize writes it: ten of the letters and digits that cannot be taken for a word. */
function isSuffixed(name: string, full: string): boolean {
  return full.startsWith(`${name}-`) && /^[0-9a-z]{10}$/.test(full.slice(name.length + 1));
}

interface BuiltSecret {
  readonly secret: Manifest;
  readonly seen: Extract<Observation, { of: 'manifest' }>;
}

function builtSecrets(window: Window, name: string, moment: string): BuiltSecret | string {
  const [seen] = window.observations('manifest', moment);
  if (seen === undefined) return `nothing was built (${moment})`;
  const [secret, second] = seen.objects.filter((each) => each.kind === 'Secret' && each.metadata.name.startsWith(name));
  if (secret === undefined || second !== undefined) return `not one Secret ${name}… was built (${moment})`;
  return { secret, seen };
}

function valueOf(secret: Manifest, key: string): string {
  return String((secret['data'] as Readonly<Record<string, unknown>> | undefined)?.[key]);
}

function decoded(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}
