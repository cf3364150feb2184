import { closest } from 'fastest-levenshtein';
import { claimIds, isClaimId, type ClaimId } from '../claims/catalogue.ts';
import { componentNames, isComponentName, type ComponentName } from '../cluster/components.ts';
import type { GoModule, Mutant } from './mutant.ts';

/** Takes a fault: which mutant and field, and what is wrong with it. */
export type Faults = (where: string, what: string) => void;

type Fields = Readonly<Record<string, unknown>>;

const fileFields = ['component', 'module', 'mutants'];
const mutantFields = [
  ...['id', 'component', 'module', 'file', 'search', 'replace', 'breaks'],
  ...['claims', 'explains', 'bug', 'quick', 'equivalent'],
];

/** The mutants of one file's content. What is not as it must be is told to `note`, and a mutant that has a fault is left out. */
export function readMutants(
  content: unknown,
  from: string,
  rules: { readonly claimsRequired: boolean },
  note: Faults,
): readonly Mutant[] {
  if (!isFields(content) || !Array.isArray(content['mutants'])) {
    note('', "it must be an object with a list 'mutants'");
    return [];
  }
  unknownFields(content, fileFields, (field, what) => note(`field '${field}'`, what));
  const { mutants, ...defaults } = content as Fields & { readonly mutants: readonly unknown[] };
  return mutants.flatMap((each, index) => readMutant(each, index, { defaults, from, rules, note }));
}

interface Context {
  readonly defaults: Fields;
  readonly from: string;
  readonly rules: { readonly claimsRequired: boolean };
  readonly note: Faults;
}

function readMutant(given: unknown, index: number, { defaults, from, rules, note }: Context): readonly Mutant[] {
  const name = isFields(given) && typeof given['id'] === 'string' ? `mutant '${given['id']}'` : `mutant ${index + 1}`;
  if (!isFields(given)) {
    note(name, 'it must be an object');
    return [];
  }
  let faults = 0;
  const fault = (field: string, what: string): undefined => {
    faults += 1;
    note(`${name}, ${field}`, what);
  };
  unknownFields(given, mutantFields, fault);
  const fields: Fields = { ...defaults, ...given };
  const text = (field: string): string => readText(fields, field, fault);
  const equivalent = fields['equivalent'] === undefined ? undefined : text('equivalent');
  const mutant = {
    id: readId(text('id'), fault),
    component: readComponent(text('component'), fault),
    module: readModule(text('module'), fault),
    file: readPath(text('file'), fault),
    search: text('search'),
    replace: readReplace(fields, fault),
    breaks: text('breaks'),
    claims: readClaims(fields['claims'], rules.claimsRequired && equivalent === undefined, fault),
    explains: readExplains(fields['explains'], fault),
    quick: readQuick(fields['quick'], fault),
    ...(fields['bug'] === undefined ? {} : { bug: readBug(fields['bug'], fault) }),
    ...(equivalent === undefined ? {} : { equivalent }),
    from,
  };
  if (mutant.search !== '' && mutant.search === mutant.replace)
    fault('replace', "it equals 'search': nothing would change");
  return faults > 0 ? [] : [mutant as Mutant];
}

type Fault = (field: string, what: string) => undefined;

function readText(fields: Fields, field: string, fault: Fault): string {
  const value = fields[field];
  if (value === undefined || value === null) fault(field, 'it is missing');
  else if (typeof value !== 'string') fault(field, `it must be text, not ${JSON.stringify(value)}`);
  else if (value.trim() === '') fault(field, 'it is empty');
  else return value;
  return '';
}

/** The one text that may be empty: something may be left out. */
function readReplace(fields: Fields, fault: Fault): string {
  const { replace } = fields as { readonly replace?: unknown };
  if (replace === undefined) fault('replace', "it is missing; to leave something out, write ''");
  else if (replace !== null && typeof replace !== 'string')
    fault('replace', `it must be text, not ${JSON.stringify(replace)}`);
  return typeof replace === 'string' ? replace : '';
}

function readId(id: string, fault: Fault): string {
  if (id !== '' && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
    fault('id', `'${id}' must be lower-case words joined by hyphens, such as statefulset-create-on-running`);
  return id;
}

function readComponent(name: string, fault: Fault): ComponentName | undefined {
  if (isComponentName(name)) return name;
  if (name === '') return undefined;
  const near = closest(name, [...componentNames]);
  return fault(
    'component',
    `there is no component '${name}'; did you mean '${near}'? There are: ${componentNames.join(', ')}`,
  );
}

function readModule(text: string, fault: Fault): GoModule | undefined {
  const [, path, version] = /^([^@\s]+)@(v[^@\s]+)$/.exec(text) ?? [];
  if (path !== undefined && version !== undefined) return { path, version };
  return text === '' ? undefined : fault('module', `'${text}' must be path@version, such as k8s.io/kubernetes@v1.34.4`);
}

function readPath(path: string, fault: Fault): string {
  if (path.startsWith('/') || path.split('/').includes('..'))
    fault('file', `'${path}' must be a path within the module, such as pkg/controller/statefulset/stateful_set.go`);
  return path;
}

function readClaims(value: unknown, required: boolean, fault: Fault): readonly ClaimId[] | undefined {
  if (value === undefined)
    return required ? fault('claims', 'they are missing: name those that must go red') : undefined;
  if (!Array.isArray(value)) return fault('claims', 'they must be a list of ids');
  if (value.length === 0 && required) return fault('claims', 'the list is empty: name those that must go red');
  const twice = value.find((each, index) => value.indexOf(each) !== index) as unknown;
  if (twice !== undefined) fault('claims', `${JSON.stringify(twice)} stands there twice`);
  return value.length === 0
    ? undefined
    : value.filter((each: unknown): each is ClaimId => isKnown(each, 'claims', fault));
}

function readExplains(value: unknown, fault: Fault): Mutant['explains'] {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) {
    fault('explains', 'it must be an object: a claim id → why it may go red as well');
    return {};
  }
  for (const [id, why] of Object.entries(value)) {
    isKnown(id, 'explains', fault);
    if (typeof why !== 'string' || why.trim() === '') fault('explains', `${id} needs a sentence that says why`);
  }
  return value as Mutant['explains'];
}

function isKnown(id: unknown, field: string, fault: Fault): id is ClaimId {
  if (typeof id === 'string' && isClaimId(id)) return true;
  fault(field, `there is no claim '${String(id)}'; did you mean '${closest(String(id), [...claimIds])}'?`);
  return false;
}

function readQuick(value: unknown, fault: Fault): boolean {
  if (value !== undefined && typeof value !== 'boolean') fault('quick', 'it must be true or false');
  return value === true;
}

function readBug(value: unknown, fault: Fault): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  fault('bug', `it must be the number of an issue of kubernetes/kubernetes, not ${JSON.stringify(value)}`);
  return 0;
}

function unknownFields(given: Fields, known: readonly string[], fault: (field: string, what: string) => void): void {
  for (const field of Object.keys(given))
    if (!known.includes(field)) fault(field, `there is no such field; did you mean '${closest(field, [...known])}'?`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
