import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './folders.ts';

/** A file in breach of a rule, and the rule that must fire on it. The imports lead nowhere: only their names count. */
interface Planted {
  readonly file: string;
  readonly text: string;
  readonly rule: string;
}

function importing(file: string, from: string, rule = 'no-restricted-imports'): Planted {
  return { file, text: `import { thing } from '${from}';\nexport const used = thing;\n`, rule };
}

const boundaries: readonly Planted[] = [
  importing('suites/web-basics/kube.ts', '../../harness/kube/connect.ts'),
  importing('suites/web-basics/story.ts', '../../harness/story/verbs.ts'),
  importing('suites/web-basics/updating/kube.ts', '../../../harness/kube/connect.ts'),
  importing('suites/web-basics/updating/neighbour.ts', '../../web-parallel/workloads.ts'),
  importing('suites/web-basics/neighbour.ts', '../web-parallel/web-parallel.suite.ts'),
  importing('suites/web-basics/library.ts', '@kubernetes/client-node'),
  importing('suites/web-basics/node.ts', 'node:fs'),
  importing('harness/guarantees/kube.ts', '../kube/connect.ts'),
  importing('harness/guarantees/story.ts', '../story/verbs.ts'),
  importing('harness/guarantees/node.ts', 'node:fs'),
  importing('harness/history/kube.ts', '../kube/connect.ts'),
  importing('harness/history/client.ts', '@kubernetes/client-node'),
  importing('harness/claims/history.ts', '../history/history.ts'),
  importing('harness/claims/catalogue/kube.ts', '../../kube/connect.ts'),
  importing('harness/kube/story.ts', '../story/verbs.ts'),
  importing('harness/kube/guarantees.ts', '../guarantees/guarantee.ts'),
  importing('harness/cluster/kube.ts', '../kube/connect.ts'),
  importing('harness/cluster/images/cli.ts', '../../cli/folders.ts'),
  importing('harness/report/guarantees.ts', '../guarantees/guarantee.ts'),
  importing('harness/report/kube.ts', '../kube/connect.ts'),
  importing('harness/report/page/story.ts', '../../story/verbs.ts'),
  importing('suites/web-basics/clients.ts', '../../harness/clients/zookeeper.ts'),
  importing('suites/web-basics/zookeeper.ts', 'node-zookeeper-client'),
  importing('harness/guarantees/clients.ts', '../clients/clients.ts'),
  importing('harness/clients/story.ts', '../story/lab.ts'),
  importing('harness/clients/claims.ts', '../claims/catalogue.ts'),
  importing('harness/clients/guarantees.ts', '../guarantees/guarantee.ts'),
  importing('harness/clients/cluster.ts', '../cluster/index.ts'),
  importing('harness/clients/library.ts', '@kubernetes/client-node'),
  importing('harness/kube/clients.ts', '../clients/clients.ts'),
  importing('harness/story/zookeeper.ts', 'node-zookeeper-client'),
  importing('harness/probes/mysql.ts', 'mysql2/promise'),
  importing('harness/kube/cassandra.ts', 'cassandra-driver'),
  importing('harness/story/cli.ts', '../cli/turns.ts'),
  importing('harness/story/report.ts', '../report/terminal/terminal.ts'),
  importing('harness/story/client.ts', '@kubernetes/client-node'),
  importing('harness/workload/cli.ts', '../cli/turns.ts'),
  importing('harness/probes/cli.ts', '../cli/turns.ts'),
  importing('harness/disruption/cli.ts', '../cli/turns.ts'),
  importing('harness/mutants/cli.ts', '../cli/run.ts'),
  importing('harness/mutants/kube.ts', '../kube/connect.ts'),
  importing('harness/mutants/report/guarantees.ts', '../../guarantees/guarantee.ts'),
  importing('harness/cluster/mutants.ts', '../mutants/mutant.ts'),
  importing('harness/report/mutants.ts', '../mutants/results.ts'),
  importing('harness/claims/mutants.ts', '../mutants/mutant.ts'),
  importing('harness/cli/suite.ts', '../../suites/web-basics/web-basics.suite.ts'),
  importing('harness/cli/client.ts', '@kubernetes/client-node'),
];

const habits: readonly Planted[] = [
  {
    file: 'harness/kube/floating.ts',
    text: 'export function go(): void {\n  Promise.resolve(1);\n}\n',
    rule: 'no-floating-promises',
  },
  {
    file: 'harness/kube/misused.ts',
    text: 'export function go(list: readonly number[]): void {\n  list.forEach(async (each) => Promise.resolve(each));\n}\n',
    rule: 'no-misused-promises',
  },
  {
    file: 'harness/kube/thenable.ts',
    text: 'export async function go(): Promise<number> {\n  return await 1;\n}\n',
    rule: 'await-thenable',
  },
  {
    file: 'harness/kube/empty.ts',
    text: 'export function go(): void {\n  try {\n    go();\n  } catch {}\n}\n',
    rule: 'no-empty',
  },
  { file: 'harness/kube/console.ts', text: "console.log('here');\nexport {};\n", rule: 'no-console' },
  { file: 'harness/kube/later.ts', text: `// ${'TO'}DO: later\nexport {};\n`, rule: 'no-warning-comments' },
  {
    file: 'harness/kube/types.test.ts',
    text: "import { Kube } from './other.ts';\nexport type Other = Kube;\n",
    rule: 'consistent-type-imports',
  },
  {
    file: 'harness/kube/only.test.ts',
    text: "import { test } from 'vitest';\ntest.only('this', () => undefined);\n",
    rule: 'no-focused-tests',
  },
  {
    file: 'harness/kube/skip.test.ts',
    text: "import { test } from 'vitest';\ntest.skip('this', () => undefined);\n",
    rule: 'no-disabled-tests',
  },
  {
    file: 'harness/guarantees/clock.ts',
    text: 'export const now = (): number => Date.now();\n',
    rule: 'no-restricted-properties',
  },
  {
    file: 'harness/guarantees/chance.ts',
    text: 'export const chance = (): number => Math.random();\n',
    rule: 'no-restricted-properties',
  },
];

const allowed: readonly Planted[] = [
  importing('suites/web-basics/test.ts', '../../harness/test.ts'),
  importing('suites/web-basics/updating/test.ts', '../../../harness/test.ts'),
  importing('suites/web-basics/updating/workload.ts', '../nginx.ts'),
  importing('suites/web-basics/guarantee.ts', '../../harness/guarantees/creation.ts'),
  importing('suites/web-basics/own.ts', './nginx.ts'),
  importing('harness/guarantees/history.ts', '../history/history.ts'),
  importing('harness/guarantees/own.ts', './findings.ts'),
  importing('harness/history/errors.ts', '../errors.ts'),
  importing('harness/kube/client.ts', '@kubernetes/client-node'),
  importing('harness/cli/kube.ts', '../kube/connect.ts'),
  importing('harness/mutants/cluster.ts', '../cluster/components.ts'),
  importing('harness/mutants/report.ts', '../report/words.ts'),
  importing('harness/cli/mutants.ts', '../mutants/campaign.ts'),
  importing('harness/story/words.ts', '../report/describe.ts'),
  importing('harness/story/clients.ts', '../clients/clients.ts'),
  importing('harness/clients/tunnel.ts', '../kube/tunnel.ts'),
  importing('harness/clients/history.ts', '../history/recording.ts'),
  importing('harness/clients/zookeeper.ts', 'node-zookeeper-client'),
];

let folder = '';
let fired: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-lint-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
    await cp(join(root, file), join(folder, file));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, text } of [...boundaries, ...habits, ...allowed]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  fired = await lint(folder);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

describe('the folders’ boundaries', () => {
  test.each(boundaries)('$file is refused', ({ file, rule }) => {
    expect(fired.get(file)).toContain(rule);
  });

  test.each(allowed)('$file is not', ({ file }) => {
    expect(fired.get(file) ?? []).not.toContain('no-restricted-imports');
  });
});

describe('habits that hide failures', () => {
  test.each(habits)('$rule refuses $file', ({ file, rule }) => {
    expect(fired.get(file)).toContain(rule);
  });
});

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

/** The rules that fired in each file: `typescript(no-floating-promises)` by its last part. */
async function lint(where: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const binaries = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${binaries}:${process.env['PATH'] ?? ''}` };
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      join(binaries, 'oxlint'),
      ['--type-aware', '--format', 'json'],
      { cwd: where, env, maxBuffer: 1e8 },
      (error, stdout) => {
        // It ends with 1 because it found something, as it should.
        if (error === null || error.code === 1) resolve(stdout);
        else reject(error);
      },
    );
  });
  const { diagnostics } = JSON.parse(output) as Report;
  const rules = diagnostics.map(({ code, filename }) => ({ filename, rule: /\(([^)]+)\)/.exec(code)?.[1] ?? code }));
  return new Map(
    [...Map.groupBy(rules, (each) => each.filename)].map(([file, each]) => [file, each.map(({ rule }) => rule)]),
  );
}
