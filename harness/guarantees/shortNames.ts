import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { eachOrdinal, sorted, whileSettled, type View } from './dnsView.ts';
import { breach, each, together, undecided } from './findings.ts';
import type { Findings, Guarantee } from './guarantee.ts';
import type { Asked } from './settled.ts';

/**
 * "nslookup web-0.nginx": the short name works from a Pod of the same namespace.
 *
 * Verified: the resolver of another Pod of the namespace (`getent ahostsv4`) finds exactly the Pod's address under `<pod>.<service>`, and the search list in its
 * /etc/resolv.conf holds the namespace's domain. A name that was not found counts against it only if DNS answered for the full name at that moment.
 * Not verified: Pods of other namespaces, whose search lists are others.
 */
export function shortNamesResolve(set: OrdinalSet, ordinals: readonly number[], zone: string, asked: Asked): Guarantee {
  return whileSettled('shortNamesResolve', set, zone, asked, (view) =>
    together(
      eachOrdinal(ordinals, (ordinal) => shortNameOf(set, view, ordinal)),
      searchList(view, `${view.window.history.header.namespace}.svc.${zone}`),
    ),
  );
}

/** `getent` says 0 when it found the name and 2 when it did not. */
function shortNameOf(set: OrdinalSet, view: View, ordinal: number): Findings {
  const name = `${podNameOf(set, ordinal)}.${set.service}`;
  const pod = view.pods.find((each) => each.ordinal === ordinal && each.ready);
  if (pod === undefined) return undecided(`${podNameOf(set, ordinal)} was not Ready (${view.asked.moment})`);
  const found = view.window
    .observations('command', view.asked.moment)
    .filter((output) => output.pod === 'probe' && output.argv.join(' ') === `getent ahostsv4 ${name}`);
  const answered = view.answers('A', view.names.pod(ordinal)).some((answer) => answer.status !== 'TIMEOUT');
  if (found.length === 0 || found.some((output) => output.exitCode !== 0 && output.exitCode !== 2))
    return undecided(`the resolver was not asked for ${name}`);
  if (!answered && found.some((output) => output.exitCode === 2)) return undecided(`DNS gave no answer (${name})`);
  return each(found, 'short names', (output) => {
    const addresses = new Set(output.stdout.split('\n').map((line) => line.split(/\s+/)[0] ?? ''));
    addresses.delete('');
    if (sorted([...addresses]) === pod.ip) return undefined;
    return breach(`${name} gave ${sorted([...addresses]) || 'nothing'}, expected ${pod.ip}`, output, pod.change);
  });
}

function searchList(view: View, domain: string): Findings {
  const files = view.window
    .observations('command', view.asked.moment)
    .filter((output) => output.pod === 'probe' && output.argv.join(' ') === 'cat /etc/resolv.conf');
  return each(files, 'search lists', (file) => {
    const search = file.stdout.split('\n').findLast((line) => /^search\s/.test(line)) ?? '';
    if (search.split(/\s+/).includes(domain)) return undefined;
    return breach(`the search list of the client does not hold ${domain}: “${search}”`, file);
  });
}
