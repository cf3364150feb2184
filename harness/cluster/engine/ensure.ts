import { spawn } from 'node:child_process';
import { open, readFile, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { RunError } from '../../errors.ts';
import { cachePath } from '../cache.ts';
import { inStep, type Progress } from '../progress.ts';
import { attempt, type Outcome } from '../run.ts';
import { dockerEngine } from './docker.ts';
import type { Engine } from './engine.ts';
import { enginePackages, installPackages, osRelease } from './install.ts';
import { planEngine, type EngineState } from './preflight.ts';

const startDeadlineMs = 60_000;

/** A running engine: the one that runs, else one that is started, else one that is installed, where that is allowed. */
export async function ensureEngine(progress: Progress): Promise<Engine> {
  const plan = planEngine({
    engine: await engineState(),
    isRoot: process.getuid?.() === 0,
    osId: (await osRelease()).id,
    installForbidden: process.env['STEADFAST_NO_INSTALL'] === '1',
  });
  if (plan === 'install')
    await inStep(progress, 'Install Docker and kind', 'no container engine was found on this machine', async (step) =>
      installPackages(await enginePackages(), step),
    );
  if (plan !== 'use' && (await engineState()) !== 'running')
    await inStep(progress, 'Start Docker', 'the engine is installed but not running', startDaemon);
  return dockerEngine();
}

/** The engine that runs now, or undefined. Changes nothing. */
export async function runningEngine(): Promise<Engine | undefined> {
  return (await engineState()) === 'running' ? dockerEngine() : undefined;
}

export async function engineState(): Promise<EngineState> {
  const info = await attempt('docker', ['info', '--format', '{{.ServerVersion}}']);
  const daemon = await attempt('dockerd', ['--version']);
  return readEngineState(info, daemon.code === 0);
}

/** A client alone is not an engine: where no daemon is installed there is nothing to start. */
export function readEngineState(info: Outcome, daemonInstalled: boolean): EngineState {
  if (info.code === 0 && info.stdout.trim() !== '') return 'running';
  if (/permission denied/i.test(info.stderr)) return 'forbidden';
  return daemonInstalled ? 'stopped' : 'absent';
}

/** The daemon outlives this command, so that the next one finds the cluster running. */
async function startDaemon(): Promise<void> {
  const logFile = join(await cachePath('engine'), 'dockerd.log');
  const log = await open(logFile, 'w');
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  const failed = new Promise<never>((_resolve, reject) => {
    daemon.once('error', (error) => reject(new RunError(`dockerd cannot be started: ${error.message}`)));
    daemon.once('exit', (code) =>
      reject(new RunError(`dockerd ended at once with exit code ${code}; its log is ${logFile}`)),
    );
  });
  daemon.unref();
  const stop = new AbortController();
  try {
    await Promise.race([failed, listening(logFile, stop.signal), lateness(stop.signal, logFile)]);
  } finally {
    stop.abort();
    daemon.removeAllListeners();
  }
}

/** dockerd writes one line when its socket answers. */
async function listening(logFile: string, signal: AbortSignal): Promise<void> {
  const isListening = async () => (await readFile(logFile, 'utf8')).includes('API listen on');
  const changes = watch(logFile, { signal });
  if (await isListening()) return;
  for await (const change of changes) if (change.eventType === 'change' && (await isListening())) return;
}

async function lateness(signal: AbortSignal, logFile: string): Promise<never> {
  await after(startDeadlineMs, undefined, { signal, ref: false });
  throw new RunError(`dockerd did not answer within ${startDeadlineMs / 1000} s; its log is ${logFile}`);
}
