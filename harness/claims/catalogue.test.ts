import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, claim, claimIds, claimsOf, isClaimId, isTutorial, tutorialNames, tutorials } from './catalogue.ts';
import type { Tutorial } from './catalogue.ts';
import type { Claim } from './claim.ts';
import { claimsNotRun, notRun, reasonNotRun } from './notRun.ts';

const counts: Record<Tutorial, number> = {
  'web-basics': 73,
  'web-parallel': 12,
  'wordpress-mysql': 24,
  cassandra: 32,
  zookeeper: 81,
  'mongodb-local-pv': 28,
  'go-demo-3-deployment': 19,
  'go-demo-3-statefulset': 29,
  'go-demo-3-sidecar': 10,
  jenkins: 12,
  'mysql-replicated': 18,
  concepts: 28,
  reference: 42,
};

describe('the catalogue', () => {
  it.each(tutorialNames)('has every claim of %s', (tutorial) => {
    expect(claimsOf(tutorial)).toHaveLength(counts[tutorial]);
  });

  it('has 366 claims of tutorials and articles and 42 of the reference pages', () => {
    expect(claimIds).toHaveLength(366 + 42);
  });

  it('loses no claim of any file to another of the same id', async () => {
    const files = readdirSync(new URL('./catalogue/', import.meta.url));
    const ids = (await Promise.all(files.map(idsIn))).flat();
    expect(files).toHaveLength(tutorialNames.length);
    expect(ids.toSorted()).toEqual([...claimIds].toSorted());
  });

  it('knows its ids and its tutorials, and nothing that every object has', () => {
    expect(isClaimId('web.ordered-creation')).toBe(true);
    expect(isClaimId('web.ordered')).toBe(false);
    expect(isClaimId('toString')).toBe(false);
    expect(isTutorial('jenkins')).toBe(true);
    expect(isTutorial('constructor')).toBe(false);
  });

  it('has a different sentence for each claim of a tutorial', () => {
    for (const tutorial of tutorialNames) {
      const sentences = claimsOf(tutorial).map((id) => claim(id).says);
      expect(sentences.filter((says, index) => sentences.indexOf(says) !== index)).toEqual([]);
    }
  });
});

describe.each(Object.entries<Claim>(catalogue))('%s', (id, { tutorial, section, says, observed, source, needs }) => {
  it('belongs to a tutorial, says something and can be looked up', () => {
    expect(isTutorial(tutorial)).toBe(true);
    expect(id.startsWith(`${tutorials[tutorial].prefix}.`)).toBe(true);
    for (const text of [section, says, observed, ...needs]) expect(text).toMatch(/^\S(.*\S)?$/);
    expect(says).not.toMatch(/^\[[A-Z]\]/);
    expect(URL.canParse(source)).toBe(true);
    const url = new URL(source);
    expect(url.protocol).toBe('https:');
    expect(url.hash).toMatch(/^#[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(url.href).toBe(source);
  });
});

describe('what is not run', () => {
  it('has a reason for whole tutorials, but for those that have a suite', () => {
    const folders = readdirSync(new URL('../../suites', import.meta.url));
    for (const tutorial of tutorialNames)
      expect([tutorial, folders.includes(tutorial)]).toEqual([tutorial, !Object.hasOwn(notRun, tutorial)]);
    expect(reasonNotRun('web.ordered-creation')).toBeUndefined();
    for (const reason of Object.values(notRun)) expect(reason).toMatch(/^[a-z].*[a-z]$/);
  });

  it('has a reason for a single claim only where its tutorial is judged', () => {
    for (const [id, reason] of Object.entries(claimsNotRun)) {
      expect(reason).toMatch(/^[a-z].*[a-z0-9)]$/);
      expect([id, isClaimId(id) && notRun[claim(id).tutorial]]).toEqual([id, undefined]);
    }
  });
});

async function idsIn(file: string): Promise<readonly string[]> {
  const module = (await import(new URL(`./catalogue/${file}`, import.meta.url).href)) as Record<string, object>;
  return Object.values(module).flatMap((claims) => Object.keys(claims));
}
