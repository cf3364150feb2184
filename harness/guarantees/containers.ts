import type { Recorded } from '../history/objects.ts';

type PodSpec = Recorded<'pods'>['spec'];

/** Each container with how often it was restarted, in one comparable text. */
export function restartsOf(pod: Recorded<'pods'> | undefined): string {
  const counts = (pod?.status?.containerStatuses ?? []).map((each) => `${each.name} ${each.restartCount}`);
  return counts.toSorted().join();
}

/** The names of the containers that are reported to run. */
export function runningContainersOf({ status }: Recorded<'pods'>): readonly string[] {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.filter(({ state }) => state?.running !== undefined).map(({ name }) => name);
}

/** Each container with the image it asks for, in one comparable text. */
export function imagesOf(spec: PodSpec): string {
  return (spec?.containers ?? []).map((container) => `${container.name} ${container.image}`).join(', ');
}
