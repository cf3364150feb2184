import { deadlines, patience } from '../deadlines.ts';
import type { DnsAnswer, HttpAnswer } from '../history/observations.ts';
import { describePod, isRunningAndReady } from '../history/pods.ts';
import { exec } from '../kube/exec.ts';
import { awaitRecorded, byName, runIn, sawInTime, type Lab } from '../story/lab.ts';
import type { Probe } from '../story/verbs.ts';
import { digArguments, parseDig, zoneOf } from './dns.ts';
import { curlArguments, parseCurl } from './http.ts';
import { repeat } from './repeat.ts';

const podName = 'probe';

/** Makes the probe's Pod in the story's namespace and resolves once it is Ready. */
export async function startProbe(lab: Lab): Promise<Probe> {
  await lab.kube.create({ resource: 'pods', namespace: lab.namespace }, probePod(), { signal: lab.signal });
  const pod = (): ReturnType<typeof lookUp> => lookUp(lab);
  await awaitRecorded(
    lab,
    'the probe to be Ready',
    () => {
      const found = pod();
      return found !== undefined && isRunningAndReady(found);
    },
    deadlines.podReadyMs,
    () => {
      const found = pod();
      return found === undefined ? 'no Pod' : describePod(found);
    },
  );
  const resolver = await runIn(lab, 'the probe is there', podName, ['cat', '/etc/resolv.conf']);
  return {
    zone: zoneOf(resolver, lab.namespace),
    asksDns: async (moment, questions) => {
      const { stdout } = await ask(lab, ['dig', ...digArguments(questions)]);
      for (const answer of parseDig(stdout, questions, moment)) record(lab, answer);
    },
    asksDnsUntil: (moment, question, until) => askUntil(lab, moment, question, until),
    gets: async (moment, requests) => {
      const { stdout } = await ask(lab, ['curl', ...curlArguments(requests.map((request) => request.url))]);
      for (const answer of parseCurl(stdout, requests, moment)) record(lab, answer);
    },
    follows: (moment, target, url) => follow(lab, moment, target, url),
    runs: (moment, argv) => runIn(lab, moment, podName, argv),
  };
}

function lookUp(lab: Lab) {
  return byName(lab.recording, 'pods').get(podName);
}

function ask(lab: Lab, argv: readonly string[]) {
  const { kube, namespace, signal } = lab;
  return exec(kube, { namespace, pod: podName, argv, signal, deadlineMs: deadlines.commandMs });
}

function record(lab: Lab, answer: DnsAnswer | HttpAnswer): void {
  lab.recording.append({ kind: 'observation', ...answer });
}

/** DNS has no watch: the client in the cluster asks a few times a second, and each answer unlike the one before is recorded. */
async function askUntil(
  lab: Lab,
  moment: string,
  question: { readonly name: string; readonly type: 'A' | 'SRV' },
  until: (answer: DnsAnswer) => boolean,
): Promise<boolean> {
  let last: DnsAnswer | undefined;
  let found = false;
  const client = repeat(lab, podName, ['dig', ...digArguments([question])], (text) => {
    const [answer] = parseDig(text, [question], moment);
    if (answer === undefined) return;
    found ||= until(answer);
    // The answer that satisfies is recorded even if it equals the one before: an entry is what wakes the wait.
    if (same(answer, last) && !found) return;
    last = answer;
    record(lab, answer);
  });
  const what = `DNS to answer ${question.type} ${question.name} as awaited (${moment})`;
  const lastSeen = (): string => JSON.stringify(last ?? 'no answer');
  const seen = awaitRecorded(lab, what, () => found, deadlines.dnsMs, lastSeen);
  const inTime = sawInTime(seen);
  await client.lasts(inTime, what);
  await client.stop();
  return inTime;
}

async function follow(lab: Lab, moment: string, target: string, url: string): ReturnType<Probe['follows']> {
  const answers: HttpAnswer[] = [];
  const client = repeat(lab, podName, ['curl', ...curlArguments([url])], (text) => {
    const [answer] = parseCurl(text, [{ target, url }], moment);
    if (answer === undefined || same(answer, answers.at(-1))) return;
    answers.push(answer);
    record(lab, answer);
  });
  return {
    until: async (what, seen) => {
      const from = Math.max(0, answers.length - 1);
      const wait = awaitRecorded(
        lab,
        `the client of ${target} to see ${what}`,
        () => answers.slice(from).some(seen),
        deadlines.dnsMs + patience.podMs,
        () => JSON.stringify(answers.at(-1) ?? 'no answer yet'),
      );
      await client.lasts(sawInTime(wait), what);
    },
    stop: () => client.stop(),
  };
}

function same(a: DnsAnswer | HttpAnswer, b: DnsAnswer | HttpAnswer | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function probePod(): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName, labels: { 'steadfast.dev/probe': 'true' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: podName,
          image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', 'while true; do sleep 3600; done'],
        },
      ],
    },
  };
}
