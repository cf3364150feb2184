import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aHealthyCluster,
  kubeconfigFor,
  scriptedServer,
  storageClass,
  type Asked,
  type Script,
} from './testing/apiServer.ts';
import { runHere, type Ran } from './testing/commandLine.ts';

/** Said what was wrong and what would be right, ended with this code, and left nothing. */
function expectRefusal(ran: Ran, exitCode: number, ...said: readonly string[]): void {
  for (const each of said) expect(ran.said).toContain(each);
  expect({ exitCode: ran.exitCode, reports: ran.reports }).toEqual({ exitCode, reports: [] });
}

describe('words that are not known', () => {
  test('a command', async () => {
    expectRefusal(await runHere('certfy'), 64, "unknown command 'certfy'", 'Did you mean certify?');
  });

  test('an option', async () => {
    expectRefusal(
      await runHere('certify', '--tutorail', 'web-basics'),
      64,
      "unknown option '--tutorail'",
      'Did you mean --tutorial?',
    );
  });

  test('a tutorial', async () => {
    expectRefusal(
      await runHere('certify', '--tutorial', 'web-basic'),
      64,
      "there is no tutorial 'web-basic'",
      "did you mean 'web-basics'?",
    );
  });

  test('a claim', async () => {
    expectRefusal(
      await runHere('certify', '--claim', 'web.pod-namin'),
      64,
      "there is no claim 'web.pod-namin'",
      "did you mean 'web.pod-naming'?",
    );
  });

  test('a number of jobs that is none', async () => {
    expectRefusal(await runHere('certify', '--jobs', 'many'), 64, 'It must be a whole number of at least 1.');
  });

  test.each(['judge', 'report'])('a run to %s', async (command) => {
    expectRefusal(
      await runHere(command, '20261121-0532-x7k2'),
      64,
      "there is no run '20261121-0532-x7k2'",
      'Make one: npm run certify',
    );
  });

  test('a run whose failures are to be judged again', async () => {
    expectRefusal(await runHere('certify', '--only-failed'), 64, "there is no run 'latest'");
  });

  test('a run to clean up after', async () => {
    expectRefusal(await runHere('clean', '--run', 'yesterday'), 64, "'yesterday' is not the id of a run");
  });
});

describe('a kubeconfig', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steadfast-kubeconfig-'));
    await writeFile(join(folder, 'config'), kubeconfigFor('http://127.0.0.1:1'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('that is not there', async () => {
    expectRefusal(await runHere('certify', '--kubeconfig', join(folder, 'absent')), 64, 'cannot be read', 'KUBECONFIG');
  });

  test('without the context that was asked for', async () => {
    const ran = await runHere('certify', '--kubeconfig', join(folder, 'config'), '--context', 'scriptde');
    expectRefusal(ran, 64, 'unknown context “scriptde”', 'Did you mean “scripted”?');
  });

  test('that leads to a server nobody can reach', async () => {
    const ran = await runHere('certify', '--kubeconfig', join(folder, 'config'));
    expectRefusal(ran, 70, 'the API server http://127.0.0.1:1 cannot be reached', 'It has to answer within 10 s');
  });
});

describe('a cluster that cannot be judged', () => {
  /** Certifies on a server with this script. Nothing may have been asked of it but questions. */
  async function certifyOn(script: Script, ...options: readonly string[]): Promise<Ran> {
    const server = await scriptedServer(script);
    try {
      const ran = await runHere('certify', '--kubeconfig', server.kubeconfig, ...options);
      expect(
        server.asked
          .filter(({ method }) => method !== 'GET')
          .map(({ path }) => path)
          .filter((path) => !path.includes('accessreviews')),
      ).toEqual([]);
      return ran;
    } finally {
      await server.close();
    }
  }

  test.each(['v1.30.14', 'v1.37.0', 'v2.34.0', 'v0.0.0-master'])('for its version %s', async (gitVersion) => {
    const ran = await certifyOn(({ path }) => (path === '/version' ? { gitVersion } : undefined));
    expectRefusal(
      ran,
      64,
      `the server's version ${gitVersion} is not supported`,
      'Supported are Kubernetes 1.31 to 1.36.',
    );
  });

  test('for a right that is missing', async () => {
    const denied = ({ body }: Asked) => {
      const attributes = (body as { spec?: { resourceAttributes?: Record<string, string> } } | undefined)?.spec
        ?.resourceAttributes;
      const isDenied = attributes?.['resource'] === 'namespaces' && attributes['verb'] === 'create';
      return isDenied ? { status: { allowed: false } } : undefined;
    };
    expectRefusal(
      await certifyOn(aHealthyCluster(denied)),
      64,
      'the user of this context may not create namespaces',
      'Grant these verbs',
    );
  });

  test('for a right to a subresource that is missing', async () => {
    const denied = ({ body }: Asked) =>
      JSON.stringify(body ?? '').includes('"exec"') ? { status: { allowed: false } } : undefined;
    expectRefusal(await certifyOn(aHealthyCluster(denied)), 64, 'may not create pods/exec, get pods/exec');
  });

  test('for a class that it does not have', async () => {
    const ran = await certifyOn(aHealthyCluster(), '--storage-class', 'fats');
    expectRefusal(ran, 64, "there is no StorageClass 'fats'", 'The cluster has: fast, standard.');
  });

  test('for want of a default class', async () => {
    const none = ({ path }: Asked) =>
      path.endsWith('/storageclasses') ? { metadata: {}, items: [storageClass('fast', false)] } : undefined;
    expectRefusal(await certifyOn(aHealthyCluster(none)), 64, 'no default StorageClass', '--storage-class', 'fast');
  });

  test('for nodes that an earlier run left cordoned', async () => {
    const annotations = { 'steadfast.dev/cordoned-by': '20261121-0532-x7k2' };
    const node = { metadata: { name: 'worker-3', uid: 'w3', resourceVersion: '1', annotations } };
    const cordoned = ({ path }: Asked) => (path === '/api/v1/nodes' ? { metadata: {}, items: [node] } : undefined);
    const ran = await certifyOn(aHealthyCluster(cordoned));
    expectRefusal(ran, 64, 'nodes were not given back: worker-3 (cordoned by run 20261121-0532-x7k2)', 'npm run clean');
  });

  test('for a node that an earlier run removed', async () => {
    const run = '20261121-0532-x7k2';
    const annotations = { 'steadfast.dev/removed-node': JSON.stringify({ metadata: { name: 'worker-3' } }) };
    const labels = { 'steadfast.dev/run': run };
    const namespace = { metadata: { name: 'steadfast-a-1', uid: 'a1', resourceVersion: '1', labels, annotations } };
    const removed = ({ path }: Asked) =>
      path.startsWith('/api/v1/namespaces') ? { metadata: {}, items: [namespace] } : undefined;
    const ran = await certifyOn(aHealthyCluster(removed));
    expectRefusal(ran, 64, `nodes were not given back: worker-3 (removed by run ${run})`, 'npm run clean');
  });
});

test('--list names the claims with their sentences, and asks no cluster', async () => {
  const ran = await runHere('certify', '--list', '--claim', 'web.pod-*', '--context', 'nowhere');
  expect(ran.exitCode).toBe(0);
  expect(ran.printed).toMatch(/^StatefulSet Basics \(web-basics\): \d+ claims?\n  web\.pod-naming  \S/);
  expect(ran.reports).toEqual([]);
});

test('--help is no misuse', async () => {
  const ran = await runHere('certify', '--help');
  expect(ran.exitCode).toBe(0);
  expect(ran.printed).toContain('--allow-disruption');
});
