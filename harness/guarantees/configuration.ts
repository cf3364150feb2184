import type { OrdinalSet } from '../history/sets.ts';
import { serversAt } from './ensembles.ts';
import { textOf } from './exchanges.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee } from './guarantee.ts';
import { failureOf, printedBy, propertiesIn, type Printed } from './outputs.ts';
import type { Asked, SettledPod } from './settled.ts';

/** How a flag of the container's command is called in the file that is made of it, and in what the running server says. */
export interface FlagName {
  readonly flag: string;
  readonly property: string;
  /** As the server says it; left out where it does not. `behind` is what it adds to the value. */
  readonly said?: { readonly property: string; readonly behind?: string };
}

/**
 * "The servers' configuration is embedded in the manifest as command-line flags."
 *
 * Verified: the command in the spec of each Pod has each flag, and its value stands in the file that the start script made, and is what the running server says.
 * Not verified: flags that are not named, and what the server makes of them.
 */
export function flagsReachTheServers(
  set: OrdinalSet,
  ordinals: readonly number[],
  file: string,
  flags: readonly FlagName[],
  asked: Asked,
): Guarantee {
  return guarantee('flagsReachTheServers', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const printed = printedBy(window, set, ordinals, ['cat', file], asked);
    const servers = flags.some(({ said }) => said !== undefined) ? serversAt(window, set, ordinals, 'conf', asked) : [];
    if (typeof printed === 'string') return undecided(printed);
    if (typeof servers === 'string') return undecided(servers);
    const inFiles = printed.map((one) => ({ pod: one.pod, entry: one.output, failed: failureOf(one) }));
    return together(
      each(
        pairs(inFiles, flags),
        'flags in files',
        ({ source, flag }) =>
          source.failed ??
          unlessEqual(source.pod, flag, propertiesIn(source.entry.stdout).get(flag.property), source.entry),
      ),
      ...saidBy(servers, flags),
    );
  });
}

function saidBy(
  servers: Exclude<ReturnType<typeof serversAt>, string>,
  flags: readonly FlagName[],
): readonly Findings[] {
  if (servers.length === 0) return [];
  const said = flags.filter((flag) => flag.said !== undefined);
  return [
    each(pairs(servers, said), 'flags in what servers say', ({ source, flag }) => {
      const value = propertiesIn(textOf(source.said)).get(flag.said?.property ?? '');
      const behind = flag.said?.behind ?? '';
      const own = value?.endsWith(behind) === true ? value.slice(0, value.length - behind.length) : value;
      return unlessEqual(source.pod, flag, own, source.said);
    }),
  ];
}

function pairs<Source>(
  sources: readonly Source[],
  flags: readonly FlagName[],
): readonly { readonly source: Source; readonly flag: FlagName }[] {
  return sources.flatMap((source) => flags.map((flag) => ({ source, flag })));
}

function unlessEqual(
  pod: SettledPod,
  { flag }: FlagName,
  found: string | undefined,
  entry: Parameters<typeof breach>[1],
): Breach | undefined {
  const wanted = flagOf(pod, flag);
  if (wanted === undefined) return breach(`the command of ${pod.name} has no flag --${flag}`, pod.change);
  if (found === wanted) return undefined;
  return breach(`${pod.name} has ${found ?? 'nothing'} where --${flag} says ${wanted}`, pod.change, entry);
}

function flagOf(pod: SettledPod, flag: string): string | undefined {
  const command = (pod.change.object.spec?.containers[0]?.command ?? []).join(' ');
  return new RegExp(`--${flag}=(\\S+)`).exec(command)?.[1];
}

/**
 * A flag that is changed in the manifest changes what the servers have.
 *
 * Verified: at the first moment the file of each Pod has the one value, at the second, in Pods that are others, the other.
 * Not verified: how the change was rolled out.
 */
export function propertyFollows(
  set: OrdinalSet,
  ordinals: readonly number[],
  file: string,
  change: { readonly property: string; readonly from: string; readonly to: string },
  moments: { readonly before: Asked; readonly after: Asked },
): Guarantee {
  const span = { from: moments.before.from, to: moments.after.to };
  return guarantee('propertyFollows', ['pods'], span, (window) => {
    const before = printedBy(window, set, ordinals, ['cat', file], moments.before);
    const after = printedBy(window, set, ordinals, ['cat', file], moments.after);
    if (typeof before === 'string') return undecided(before);
    if (typeof after === 'string') return undecided(after);
    const same = after.find(({ pod }) => before.some((was) => was.pod.uid === pod.uid));
    if (same !== undefined) return undecided(`${same.pod.name} was not replaced`);
    const { property } = change;
    const wrongBefore = before.map((one) => unlessHas(one, property, change.from)).find((each) => each !== undefined);
    if (wrongBefore !== undefined) return undecided(`before the change: ${wrongBefore.because}`);
    return each(after, 'files after the change', (one) => unlessHas(one, property, change.to));
  });
}

function unlessHas(one: Printed, property: string, value: string): Breach | undefined {
  const found = propertiesIn(one.output.stdout).get(property);
  if (one.output.exitCode !== 0) return failureOf(one);
  const because = `${one.pod.name} has ${property} ${found ?? 'nowhere'}, not ${value}`;
  return found === value ? undefined : breach(because, one.pod.change, one.output);
}

/**
 * All servers have the same configuration.
 *
 * Verified: the file is the same in every Pod, byte by byte, and what the running servers say differs in nothing but these properties.
 * Not verified: whether it is the right one.
 */
export function configurationIsTheSame(
  set: OrdinalSet,
  ordinals: readonly number[],
  file: string,
  own: readonly string[],
  asked: Asked,
): Guarantee {
  return guarantee('configurationIsTheSame', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const printed = printedBy(window, set, ordinals, ['cat', file], asked);
    const servers = serversAt(window, set, ordinals, 'conf', asked);
    if (typeof printed === 'string') return undecided(printed);
    if (typeof servers === 'string') return undecided(servers);
    const [first, ...rest] = printed;
    const [speaker, ...others] = servers;
    if (first === undefined || speaker === undefined || rest.length === 0)
      return undecided(`there are not two servers to compare (${asked.moment})`);
    const common = (text: string): string =>
      [...propertiesIn(text)]
        .filter(([property]) => !own.includes(property))
        .map(([property, value]) => `${property}=${value}`)
        .toSorted()
        .join('\n');
    return together(
      each(
        [first, ...rest],
        'files',
        (one) =>
          failureOf(one) ??
          (one.output.stdout === first.output.stdout
            ? undefined
            : breach(`${one.pod.name} has another file than ${first.pod.name}`, first.output, one.output)),
      ),
      each(others, 'servers that say the same', ({ pod, said }) =>
        common(textOf(said)) === common(textOf(speaker.said))
          ? undefined
          : breach(`${pod.name} says something else than ${speaker.pod.name}`, speaker.said, said),
      ),
    );
  });
}

/**
 * "The logging configuration will cause the process to write all of its logs to the standard output."
 *
 * Verified: in the file of each Pod the root logger has at least one appender, every appender that it has writes to the console, and no other is defined.
 * Not verified: that the process read it (see `theLogIsTheServers`).
 */
export function logsGoToTheConsole(
  set: OrdinalSet,
  ordinals: readonly number[],
  file: string,
  asked: Asked,
): Guarantee {
  return guarantee('logsGoToTheConsole', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const printed = printedBy(window, set, ordinals, ['cat', file], asked);
    if (typeof printed === 'string') return undecided(printed);
    return each(printed, 'logging configurations', (one) => failureOf(one) ?? unlessConsole(one));
  });
}

function unlessConsole(one: Printed): Breach | undefined {
  const properties = propertiesIn(one.output.stdout);
  const resolved = (value: string): string =>
    value.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => properties.get(name) ?? '');
  const root = resolved(properties.get('log4j.rootLogger') ?? '');
  const levels = /^(ALL|TRACE|DEBUG|INFO|WARN|ERROR|FATAL|OFF)$/;
  const named = root
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && !levels.test(word));
  const defined = [...properties].filter(([property]) => /^log4j\.appender\.[^.]+$/.test(property));
  const because = (what: string) => breach(`${one.pod.name}: ${what}`, one.pod.change, one.output);
  if (named.length === 0) return because('the root logger has no appender');
  const missing = named.find((name) => !defined.some(([property]) => property === `log4j.appender.${name}`));
  if (missing !== undefined) return because(`the appender ${missing} is not defined`);
  const other = defined.find(([, kind]) => kind !== 'org.apache.log4j.ConsoleAppender');
  return other === undefined ? undefined : because(`${other[0]} is ${other[1]}`);
}
