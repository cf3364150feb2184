/** One line of `apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)'`. */
export interface IndexTarget {
  readonly repository: string;
  readonly release: string;
  readonly component: string;
}

export const indexTargetsFormat = '$(REPO_URI) $(RELEASE) $(COMPONENT)';

export function parseIndexTargets(output: string): readonly IndexTarget[] {
  return output.split('\n').flatMap((line) => {
    const [repository, release, component] = line.trim().split(/\s+/);
    if (repository === undefined || release === undefined || component === undefined) return [];
    return [{ repository, release, component }];
  });
}

/**
 * The mirror this machine already uses for its own release: the address new packages are taken from, so that no
 * mirror is ever named here. Security and update suites live elsewhere and do not count.
 */
export function mirrorOf(targets: readonly IndexTarget[], release: string): string | undefined {
  return targets.find((target) => target.release === release && target.component === 'main')?.repository;
}

/** A source of a newer release that is only used where a package asks for it by name. */
export function lowPrioritySource(mirror: string, suite: string): { readonly list: string; readonly pin: string } {
  return {
    list: `deb ${mirror} ${suite} main\n`,
    pin: `Package: *\nPin: release n=${suite}\nPin-Priority: 100\n`,
  };
}

/** `/etc/os-release`, as far as it matters here. */
export function parseOsRelease(text: string): { readonly id: string; readonly codename: string } {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const match = /^([A-Z_]+)="?([^"]*)"?$/.exec(line);
      return match?.[1] !== undefined && match[2] !== undefined ? [[match[1], match[2]] as const] : [];
    }),
  );
  return { id: fields.get('ID') ?? 'unknown', codename: fields.get('VERSION_CODENAME') ?? 'unknown' };
}
