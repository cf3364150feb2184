import { parseAllDocuments } from 'yaml';
import { RunError } from '../errors.ts';
import type { DnsAnswer } from '../history/observations.ts';

type Question = DnsAnswer['question'];

/** The cluster's zone: what follows `<namespace>.svc.` in the search list of a Pod's resolver. */
export function zoneOf(resolvConf: string, namespace: string): string {
  const searched = /^search\s+(.*)$/m.exec(resolvConf)?.[1]?.split(/\s+/) ?? [];
  const prefix = `${namespace}.svc.`;
  const own = searched.find((domain) => domain.startsWith(prefix));
  if (own === undefined)
    throw new RunError(`the probe's resolver searches no domain of its namespace: ${searched.join(' ')}`);
  return own.slice(prefix.length);
}

/** `dig` for all questions in one go: names as they are (no search list), one try of two seconds each, answers as YAML. */
export function digArguments(questions: readonly Question[]): readonly string[] {
  const each = questions.flatMap((question) => [`${question.name}.`, question.type]);
  return ['+yaml', '+tries=1', '+time=2', '+nosearch', ...each];
}

/**
 * What `dig +yaml` printed, one answer for each question. A question without a readable answer got none: TIMEOUT. An answer counts for a question only if
 * it repeats it.
 */
export function parseDig(stdout: string, questions: readonly Question[], moment: string): readonly DnsAnswer[] {
  const messages = parseAllDocuments(stdout)
    .filter((document) => document.errors.length === 0)
    .flatMap((document) => asList(document.toJS()))
    .map(
      (item) => (item as { message?: { response_message_data?: ResponseData } } | null)?.message?.response_message_data,
    )
    .filter((data) => data !== undefined);
  return questions.map((question) => {
    const data = messages.find((message) => asks(message, question));
    return data === undefined ? unanswered(question, moment) : answered(data, question, moment);
  });
}

interface ResponseData {
  readonly status?: string;
  readonly QUESTION_SECTION?: readonly string[];
  readonly ANSWER_SECTION?: readonly string[];
}

const knownStatuses: ReadonlySet<string> = new Set(['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED']);

function asks(message: ResponseData, question: Question): boolean {
  return (message.QUESTION_SECTION ?? []).some((line) => {
    const [name, , type] = line.split(/\s+/);
    return withoutDot(name ?? '') === question.name.toLowerCase() && type === question.type;
  });
}

function answered(data: ResponseData, question: Question, moment: string): DnsAnswer {
  const records = (data.ANSWER_SECTION ?? []).map((line) => line.split(/\s+/));
  const status = data.status ?? '';
  return {
    of: 'dns',
    moment,
    question,
    status: knownStatuses.has(status) ? (status as DnsAnswer['status']) : 'SERVFAIL',
    addresses: records.filter((record) => record[3] === 'A').map((record) => record[4] ?? ''),
    services: records
      .filter((record) => record[3] === 'SRV')
      .map((record) => ({ target: withoutDot(record[7] ?? ''), port: Number(record[6]) })),
  };
}

function unanswered(question: Question, moment: string): DnsAnswer {
  return { of: 'dns', moment, question, status: 'TIMEOUT', addresses: [], services: [] };
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
