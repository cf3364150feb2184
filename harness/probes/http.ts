import type { HttpAnswer } from '../history/observations.ts';

const facts = '\\n--answer %{http_code} %{remote_ip} %{errormsg}\\n';

/** `curl` for all URLs in one go: body, then a line of facts for each. No proxy, no redirect, three seconds each. */
export function curlArguments(urls: readonly string[]): readonly string[] {
  return ['--silent', '--noproxy', '*', '--connect-timeout', '2', '--max-time', '3', '--write-out', facts, ...urls];
}

/** What `curl` printed, one answer for each request, in their order. A request whose facts are missing was not answered: status 0. */
export function parseCurl(
  stdout: string,
  requests: readonly { readonly target: string; readonly url: string }[],
  moment: string,
): readonly HttpAnswer[] {
  const parts = [...stdout.matchAll(/([\s\S]*?)\n--answer (\d{3}) (\S*) ?(.*)(?:\n|$)/g)];
  return requests.map(({ target }, position) => {
    const [, body = '', code = '0', address = '', message = ''] = parts[position] ?? [];
    const status = Number(code);
    return {
      of: 'http',
      moment,
      target,
      status,
      body: status === 0 ? '' : body,
      ...(address === '' ? {} : { address }),
      ...(status === 0 ? { because: message === '' ? 'no answer' : message } : {}),
    };
  });
}
