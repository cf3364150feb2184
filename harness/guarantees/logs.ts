import { isRunningAndReady } from '../history/pods.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';

/** What the lines of a container's log are expected to be. */
export interface LogLines {
  readonly pod: string;
  readonly lines: number;
  /** Every line that begins with a date is of this form; others belong to the one before them. */
  readonly form: RegExp;
  /** And one of them at least has this in it. */
  readonly some: string;
}

/**
 * "Use kubectl logs to retrieve the last 20 log lines."
 *
 * Verified: the API server, asked for so many of the last lines of the Pod's log, gave at least one line and no more than that; those that begin with a date, one at least, are of the form in which
 * the server writes, and one tells of what is expected.
 * Not verified: that no line of the log is missing before them.
 */
export function theLogIsTheServers(moment: string, { pod, lines, form, some }: LogLines, span: Span = {}): Guarantee {
  return guarantee('theLogIsTheServers', [], span, (window) => {
    const request = `get pods/${pod}/log tailLines=${lines}`;
    const answers = window.observations('api', moment).filter((answer) => answer.request === request);
    const mute = answers.find(({ code }) => code === 429 || code >= 500);
    if (mute !== undefined) return undecided(`${request} was answered with ${mute.code}`);
    return each(answers, 'logs', (answer) => {
      if (answer.code !== 200) return breach(`${request} was answered with ${answer.code}`, answer);
      const found = String(answer.body)
        .split('\n')
        .filter((line) => line !== '');
      if (found.length === 0 || found.length > lines) return breach(`there are ${found.length} lines`, answer);
      const entries = found.filter((line) => /^\d{4}-\d\d-\d\d/.test(line));
      if (entries.length === 0) return breach('no line begins with a date', answer);
      const other = entries.find((line) => !form.test(line));
      if (other !== undefined) return breach(`a line of the log is “${other}”`, answer);
      return found.some((line) => line.includes(some)) ? undefined : breach(`no line tells of ${some}`, answer);
    });
  });
}

/** How much was written, and what the node may keep of it. */
export interface Retention {
  readonly pod: string;
  readonly node: { readonly moment: string; readonly argv: readonly string[] };
  readonly written: number;
  readonly mostFiles: number;
  readonly fileBytes: number;
}

/**
 * "Kubernetes will handle log rotation for you", and its retention policy ensures that logs "do not exhaust local storage media".
 *
 * Verified: the container wrote more than the node may keep; on the node there are more than one and no more than so many files of it, and together they have fewer bytes than that; and its log can be
 * read through the API server.
 * Not verified: other settings of the kubelet, and how large a file may grow between two rounds of it: one file more is allowed for that.
 */
export function theLogIsRotated(
  moment: string,
  { pod, node, written, mostFiles, fileBytes }: Retention,
  span: Span = {},
): Guarantee {
  return guarantee('theLogIsRotated', ['pods'], span, (window) => {
    const most = (mostFiles + 1) * fileBytes;
    const there = [...window.stateAtEnd('pods').values()].find((each) => each.metadata.name === pod);
    if (there === undefined || !isRunningAndReady(there)) return undecided(`${pod} has not written all`);
    if (written <= most) return undecided(`${pod} wrote no more than the node may keep`);
    const look = window
      .observations('node', node.moment)
      .findLast(({ argv }) => argv.join('\n') === node.argv.join('\n'));
    if (look === undefined) return undecided(`nobody looked at the files of ${pod}`);
    const answers = window
      .observations('api', moment)
      .filter(({ request }) => request.startsWith(`get pods/${pod}/log `));
    const mute = answers.find(({ code }) => code === 429 || code >= 500);
    if (mute !== undefined) return undecided(`${mute.request} was answered with ${mute.code}`);
    const lines = look.stdout.split('\n').filter((line) => line !== '');
    const total = lines.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0);
    // While a file is compressed it is there a second time, under a name of its own.
    const files = lines.filter((line) => !line.endsWith('.tmp'));
    return together(
      each([look], 'folders of logs', () => {
        if (files.length > 1 && files.length <= mostFiles && total <= most) return undefined;
        return breach(`${pod} has ${files.length} files of ${total} bytes together`, look);
      }),
      each(answers, 'answers of the API server', (answer) =>
        answer.code === 200 && String(answer.body).trim() !== ''
          ? undefined
          : breach(`${answer.request} was answered with ${answer.code}`, answer),
      ),
    );
  });
}
