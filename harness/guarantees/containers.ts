import type { Recorded } from '../history/objects.ts';

type PodSpec = Recorded<'pods'>['spec'];

/** Each container with how often it was restarted, in one comparable text. */
export function restartsOf(pod: Recorded<'pods'> | undefined): string {
  const counts = (pod?.status?.containerStatuses ?? []).map((each) => `${each.name} ${each.restartCount}`);
  return counts.toSorted().join();
}

/** Each container with the image it asks for, in one comparable text. */
export function imagesOf(spec: PodSpec): string {
  return (spec?.containers ?? []).map((container) => `${container.name} ${container.image}`).join(', ');
}
