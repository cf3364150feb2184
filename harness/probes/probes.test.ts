import { describe, expect, test } from 'vitest';
import { digArguments, parseDig, zoneOf } from './dns.ts';
import { curlArguments, parseCurl } from './http.ts';

const a = { name: 'web-0.nginx.ns.svc.cluster.local', type: 'A' } as const;
const srv = { name: '_web._tcp.nginx.ns.svc.cluster.local', type: 'SRV' } as const;

/** One message as `dig +yaml` writes it. */
const message = (question: { name: string; type: string }, status: string, answers: readonly string[]): string => `-
  type: MESSAGE
  message:
    type: RECURSIVE_RESPONSE
    response_message_data:
      opcode: QUERY
      status: ${status}
      QUESTION_SECTION:
        - ${question.name}. IN ${question.type}
${answers.length === 0 ? '' : `      ANSWER_SECTION:\n${answers.map((answer) => `        - ${answer}\n`).join('')}`}`;

describe('the zone', () => {
  test('is what the resolver searches behind the namespace and svc', () => {
    const resolver = 'search web.svc.example.internal svc.example.internal example.internal\nnameserver 10.96.0.10\n';
    expect(zoneOf(resolver, 'web')).toBe('example.internal');
  });
  test('is not made up where the resolver does not search the namespace', () => {
    expect(() => zoneOf('nameserver 10.96.0.10\n', 'web')).toThrow('no domain of its namespace');
  });
});

describe('dig', () => {
  test('asks for names as they are, each with its type', () => {
    expect(digArguments([a, srv]).slice(-4)).toEqual([`${a.name}.`, 'A', `${srv.name}.`, 'SRV']);
  });
  test('an address', () => {
    const [answer] = parseDig(message(a, 'NOERROR', [`${a.name}. 5 IN A 10.0.0.7`]), [a], 'now');
    expect(answer).toMatchObject({ status: 'NOERROR', addresses: ['10.0.0.7'], moment: 'now' });
  });
  test('services, with their ports and without the dot at the end', () => {
    const [answer] = parseDig(message(srv, 'NOERROR', [`${srv.name}. 5 IN SRV 0 50 80 ${a.name}.`]), [srv], 'now');
    expect(answer?.services).toEqual([{ target: a.name, port: 80 }]);
  });
  test('a name that does not exist is not one that nobody answered for', () => {
    expect(parseDig(message(a, 'NXDOMAIN', []), [a], 'now')[0]).toMatchObject({ status: 'NXDOMAIN', addresses: [] });
    expect(parseDig('-\n  type: DIG_ERROR\n  message: no servers could be reached\n', [a], 'now')[0]).toMatchObject({
      status: 'TIMEOUT',
    });
    expect(parseDig('', [a], 'now')[0]).toMatchObject({ status: 'TIMEOUT' });
  });
  test('an answer belongs to the question it repeats, in whatever order they come', () => {
    const text = message(srv, 'NXDOMAIN', []) + message(a, 'NOERROR', [`${a.name}. 5 IN A 10.0.0.7`]);
    expect(parseDig(text, [a, srv], 'now').map((answer) => answer.status)).toEqual(['NOERROR', 'NXDOMAIN']);
  });
});

describe('curl', () => {
  test('asks all in one go', () => {
    expect(curlArguments(['http://a/', 'http://b/']).slice(-2)).toEqual(['http://a/', 'http://b/']);
  });
  test('bodies keep their line ends, answers their order', () => {
    const text = 'web-0\n\n--answer 200 10.0.0.1 \nweb-1\n\n--answer 200 10.0.0.2 \n';
    const requests = ['web-0', 'web-1'].map((target) => ({ target, url: `http://${target}/` }));
    expect(parseCurl(text, requests, 'now')).toMatchObject([
      { target: 'web-0', status: 200, body: 'web-0\n', address: '10.0.0.1' },
      { target: 'web-1', status: 200, body: 'web-1\n', address: '10.0.0.2' },
    ]);
  });
  test('no answer is status 0 with the reason', () => {
    const [answer] = parseCurl(
      '\n--answer 000  Could not resolve host: web-1\n',
      [{ target: 'web-1', url: 'x' }],
      'now',
    );
    expect(answer).toMatchObject({ status: 0, body: '', because: 'Could not resolve host: web-1' });
    expect(parseCurl('', [{ target: 'web-1', url: 'x' }], 'now')[0]).toMatchObject({ status: 0, because: 'no answer' });
  });
});
