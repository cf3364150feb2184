import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** The contract of `evidence.json` as JSON Schema 2020-12. */
export const evidenceSchema = JSON.parse(
  readFileSync(new URL('evidence.schema.json', import.meta.url), 'utf8'),
) as object;

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(evidenceSchema);

/** Where a value departs from the contract, one sentence each; none when it keeps it. */
export function faultsOf(value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? `: ${String(params['additionalProperty'])}` : '';
    return `${instancePath === '' ? 'evidence' : instancePath} ${message ?? 'is not as it must be'}${extra}`;
  });
}
