import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** What each command does. Each resolves to the process's exit code. */
export interface Actions {
  check(): Promise<number>;
  test(): Promise<number>;
  certify(options: CertifyOptions): Promise<number>;
  judge(run: string, options: JudgeOptions): Promise<number>;
  report(run: string): Promise<number>;
  clean(options: CleanOptions): Promise<number>;
  up(): Promise<number>;
  down(): Promise<number>;
  status(): Promise<number>;
  coverage(options: CoverageOptions): Promise<number>;
  mutants(options: MutantsOptions): Promise<number>;
  bench(run: string | undefined, options: BenchOptions): Promise<number>;
}

/** Which cluster: none of these means the local kind cluster. */
export interface ClusterOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
}

export interface CertifyOptions extends ClusterOptions {
  readonly tutorial?: readonly string[];
  readonly claim?: readonly string[];
  readonly storageClass?: string;
  readonly jobs?: number;
  readonly allowDisruption?: true;
  readonly controls?: true;
  /** The run whose failures are to be judged again; `true` means the latest. */
  readonly onlyFailed?: string | true;
  readonly list?: true;
}

export interface JudgeOptions {
  readonly claim?: readonly string[];
}

export interface CleanOptions extends ClusterOptions {
  readonly run?: string;
  readonly force?: true;
}

export interface BenchOptions {
  readonly jobs?: number;
}

export interface CoverageOptions {
  readonly markdown?: true;
}

export interface MutantsOptions {
  readonly only?: readonly string[];
  readonly component?: string;
  readonly file?: string;
  readonly quick?: true;
  readonly resume?: true;
  readonly list?: true;
  readonly clusters?: number;
}

/** Where the parser writes: help that was asked for, and what is wrong. */
export interface Output {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

export const usageExitCode = 64;

/** Parses the arguments and runs the command they name. Whoever misuses it is told what would be right, and gets exit code 64. */
export async function runProgram(argv: readonly string[], actions: Actions, output: Output): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(actions, output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const askedForHelp = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
    return askedForHelp ? 0 : usageExitCode;
  }
}

function buildProgram(actions: Actions, output: Output, ended: (exitCode: number) => void): Command {
  const program = new Command('steadfast')
    .description(
      'Does a cluster keep its StatefulSet promises? Each documented claim is judged from what the cluster did.',
    )
    .exitOverride()
    .configureOutput({ writeOut: output.print, writeErr: output.complain })
    .showHelpAfterError('Run it with --help to see what it takes.')
    .configureHelp({ showGlobalOptions: true });

  program
    .command('certify')
    .description('tell the stories on a cluster and judge the claims: the main job')
    .option('--tutorial <name...>', 'only these tutorials')
    .option('--claim <id...>', 'only these claims: ids or globs')
    .addOption(contextOption())
    .addOption(kubeconfigOption())
    .option('--storage-class <name>', "a class in place of the cluster's default one")
    .option('--jobs <count>', 'how many stories are told at once', positiveInteger)
    .option('--allow-disruption', 'stories may cordon, drain and restart nodes (always so on the local kind cluster)')
    .option('--controls', 'judge the broken variants as well: they show that the instrument can go red')
    .option(
      '--only-failed [run]',
      'only claims that an earlier run did not see upheld (the latest run, if none is named)',
    )
    .option('--list', 'print what would be judged and touch nothing')
    .action(async (options: CertifyOptions) => ended(await actions.certify(options)));

  program
    .command('test')
    .description('everything: check, cluster, all suites with controls, and the tests that need a cluster or a browser')
    .action(async () => ended(await actions.test()));

  program
    .command('check')
    .description('types, lint, format and unit tests; takes seconds and no cluster')
    .action(async () => ended(await actions.check()));

  program
    .command('judge')
    .description('judge the stored histories of a run again, without a cluster')
    .argument('<run>', 'id of the run, or `latest`')
    .option('--claim <id...>', 'only these claims: ids or globs')
    .action(async (run: string, options: JudgeOptions) => ended(await actions.judge(run, options)));

  program
    .command('report')
    .description('render the report of a stored run again')
    .argument('<run>', 'id of the run, or `latest`')
    .action(async (run: string) => ended(await actions.report(run)));

  program
    .command('clean')
    .description('remove what runs left on a cluster, and nothing else')
    .option('--run <id>', 'only what this run left')
    .addOption(contextOption())
    .addOption(kubeconfigOption())
    .option('--force', 'also what belongs to a run that seems to be going on')
    .action(async (options: CleanOptions) => ended(await actions.clean(options)));

  program
    .command('up')
    .description('set up the local kind cluster, or mend it')
    .action(async () => ended(await actions.up()));
  program
    .command('down')
    .description('delete the local kind cluster')
    .action(async () => ended(await actions.down()));
  program
    .command('status')
    .description('how the local kind cluster is')
    .action(async () => ended(await actions.status()));
  program
    .command('coverage')
    .description('which claims of the catalogue are proved by a test')
    .option('--markdown', 'as a Markdown table')
    .action(async (options: CoverageOptions) => ended(await actions.coverage(options)));
  program
    .command('mutants')
    .description(
      'prove the suites: real components with one promise broken, each swapped into the local cluster and judged',
    )
    .option('--only <id...>', 'only these mutants: ids or globs')
    .option('--component <name>', 'only mutants of this component')
    .option('--file <file>', 'a catalogue from outside in place of the built-in one, YAML or JSON')
    .option('--quick', 'only those that `test` runs')
    .option(
      '--resume',
      'go on with the last run that did not come to its end; with --only, --component or --quick, only with those of its mutants',
    )
    .option('--clusters <count>', 'how many local clusters share the work (each takes about 3 GiB)', positiveInteger)
    .option('--list', 'print the mutants and touch nothing')
    .action(async (options: MutantsOptions) => ended(await actions.mutants(options)));
  program
    .command('bench')
    .description('measure the speed of runs; writes a file, asserts nothing')
    .argument('[run]', 'id of a stored run, or `latest`; without it the suites that exist are run first')
    .option('--jobs <count>', 'how many stories are told at once', positiveInteger)
    .action(async (run: string | undefined, options: BenchOptions) => ended(await actions.bench(run, options)));
  return program;
}

function contextOption(): Option {
  return new Option('--context <name>', 'a context of your kubeconfig; without it the local kind cluster is used');
}

function kubeconfigOption(): Option {
  return new Option('--kubeconfig <file>', 'where that context is; without --context, its current one');
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}
