import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import type { DnsAnswer, HttpAnswer } from '../history/observations.ts';
import { describePod, isRunningAndReady } from '../history/pods.ts';
import { exec, execLines } from '../kube/exec.ts';
import { awaitRecorded, byName, runIn, sawInTime, type Lab } from '../story/lab.ts';
import type { Probe } from '../story/verbs.ts';
import { digArguments, parseDig } from './dns.ts';
import { curlArguments, parseCurl } from './http.ts';

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
  return {
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

/** DNS has no watch: the client in the cluster asks five times a second, and each answer unlike the one before is recorded. */
async function askUntil(
  lab: Lab,
  moment: string,
  question: { readonly name: string; readonly type: 'A' | 'SRV' },
  until: (answer: DnsAnswer) => boolean,
): Promise<void> {
  const script = `while true; do dig ${digArguments([question]).join(' ')}; echo ${endOfAnswer}; sleep 0.2; done`;
  await repeatedly(lab, script, {
    what: `DNS to answer ${question.type} ${question.name} as awaited (${moment})`,
    parse: (text) => parseDig(text, [question], moment)[0],
    satisfied: until,
  });
}

async function follow(lab: Lab, moment: string, target: string, url: string): ReturnType<Probe['follows']> {
  const script = `while true; do curl ${curlArguments([url]).map(quoted).join(' ')}; echo ${endOfAnswer}; sleep 0.1; done`;
  const ended = new AbortController();
  const answers: HttpAnswer[] = [];
  const client = stream(lab, script, AbortSignal.any([lab.signal, ended.signal]), (text) => {
    const answer = parseCurl(text, [{ target, url }], moment)[0];
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
        deadlines.dnsMs + deadlines.podReadyMs,
        () => JSON.stringify(answers.at(-1) ?? 'no answer yet'),
      );
      await before(client, sawInTime(wait), `the client of ${target} ended before it saw ${what}`);
    },
    stop: async () => {
      ended.abort();
      await client;
    },
  };
}

/** Waits as long as the client runs; a client that ends first can see nothing more. */
async function before(client: Promise<void>, wait: Promise<unknown>, otherwise: string): Promise<void> {
  const first = await Promise.race([wait.then(() => 'seen'), client.then(() => 'ended')]);
  if (first === 'ended') throw new RunError(otherwise);
}

async function repeatedly<Answer extends DnsAnswer | HttpAnswer>(
  lab: Lab,
  script: string,
  options: {
    readonly what: string;
    readonly parse: (text: string) => Answer | undefined;
    readonly satisfied: (answer: Answer) => boolean;
  },
): Promise<void> {
  const ended = new AbortController();
  let last: Answer | undefined;
  let found = false;
  const client = stream(lab, script, AbortSignal.any([lab.signal, ended.signal]), (text) => {
    const answer = options.parse(text);
    if (answer === undefined) return;
    found ||= options.satisfied(answer);
    if (same(answer, last)) return;
    last = answer;
    record(lab, answer);
  });
  try {
    const lastSeen = (): string => JSON.stringify(last ?? 'no answer');
    const seen = awaitRecorded(lab, options.what, () => found, deadlines.dnsMs, lastSeen);
    await before(client, sawInTime(seen), `the client ended before it saw ${options.what}`);
  } finally {
    ended.abort();
    await client;
  }
}

/** Runs a shell loop in the probe and hands over the text of each answer. Resolves when the loop was ended. */
function stream(lab: Lab, script: string, signal: AbortSignal, onAnswer: (text: string) => void): Promise<void> {
  let lines: string[] = [];
  const { kube, namespace } = lab;
  const client = execLines(kube, { namespace, pod: podName, argv: ['sh', '-c', script], signal }, (line) => {
    if (line !== endOfAnswer) {
      lines.push(line);
      return;
    }
    onAnswer(lines.join('\n'));
    lines = [];
  });
  // Whoever awaits the client hears of its failure; between two awaits it must not end the process.
  client.catch(() => undefined);
  return client;
}

const endOfAnswer = '--end-of-answer--';

function same(a: DnsAnswer | HttpAnswer, b: DnsAnswer | HttpAnswer | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
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
