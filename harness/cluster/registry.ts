const registryUrl = 'https://registry.k8s.io/v2/';
const deadlineMs = 5_000;

/** The way the images come: pulled as their authors published them, or built here from package registries. */
export type Way = 'upstream' | 'built';

/** Upstream's images where a registry answers. `STEADFAST_IMAGES` set to `upstream` or `built` decides it without asking. */
export async function chooseWay(env: NodeJS.ProcessEnv = process.env): Promise<Way> {
  const forced = env['STEADFAST_IMAGES'];
  if (forced === 'upstream' || forced === 'built') return forced;
  return (await registryAnswers(registryUrl)) ? 'upstream' : 'built';
}

export async function registryAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs), redirect: 'follow' });
    await response.body?.cancel();
    return isRegistry(response.status, response.headers);
  } catch {
    return false; // No name, no route, no answer in time: there is no registry to pull from.
  }
}

/** A registry answers `/v2/` with this header, or asks for a token with it; a proxy's error page has none. */
export function isRegistry(status: number, headers: Headers): boolean {
  const speaksRegistry = headers.get('docker-distribution-api-version')?.startsWith('registry/2') === true;
  return speaksRegistry && (status === 200 || status === 401);
}
