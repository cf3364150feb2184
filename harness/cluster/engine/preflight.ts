import { UsageError } from '../../errors.ts';

/** What `docker info` said: it answered, there is nobody to ask, or this user may not ask. */
export type EngineState = 'running' | 'forbidden' | 'stopped' | 'absent';

export interface Machine {
  readonly engine: EngineState;
  readonly isRoot: boolean;
  readonly osId: string;
  /** `STEADFAST_NO_INSTALL=1`: nothing may be installed or started on this machine. */
  readonly installForbidden: boolean;
}

export type EnginePlan = 'use' | 'start' | 'install';

/** What is to be done to have an engine; throws a UsageError with the remedy where nothing may be done. */
export function planEngine(machine: Machine): EnginePlan {
  switch (machine.engine) {
    case 'running':
      return 'use';
    case 'forbidden':
      throw new UsageError('this user may not use the container engine: its socket refuses access', {
        remedy: 'Add the user to the group `docker` and log in again, or run the command as root.',
      });
    case 'stopped':
      requireChangeable(
        machine,
        'a container engine is installed but not running',
        'Start Docker (`systemctl start docker`).',
      );
      return 'start';
    case 'absent':
      requireChangeable(machine, 'no container engine was found', 'Install Docker and start it.');
      requireApt(machine.osId);
      return 'install';
  }
}

function requireChangeable(machine: Machine, problem: string, remedy: string): void {
  if (machine.installForbidden)
    throw new UsageError(`${problem}, and STEADFAST_NO_INSTALL forbids changing this machine`, {
      remedy: `${remedy} Or unset STEADFAST_NO_INSTALL to have it done.`,
    });
  if (!machine.isRoot)
    throw new UsageError(`${problem}, and only root can change that`, { remedy: `${remedy} Or run this as root.` });
}

/** Installing is known for Debian and Ubuntu only. */
export function requireApt(osId: string): void {
  if (osId === 'debian' || osId === 'ubuntu') return;
  throw new UsageError(
    `no container engine was found, and installing one is only known for Debian and Ubuntu, not for ${osId}`,
    {
      remedy: 'Install Docker and kind, and start Docker.',
    },
  );
}
