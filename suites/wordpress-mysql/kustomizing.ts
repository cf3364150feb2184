import { breaks, claim, describe, inKustomization, story } from '../../harness/test.ts';
import { theSuffixIsOfTheContent } from '../../harness/guarantees/kustomizing.ts';
import { directory, generated, referenceName } from './site.ts';

const builds = { first: 'built', again: 'built again', other: 'built with another password', reference: referenceName };

const withPassword = (word: string) =>
  inKustomization(`the password is ${word}`, (fields) => ({
    ...fields,
    secretGenerator: [{ name: 'mysql-pass', literals: [`password=${word}`] }],
  }));

const built = story('the kustomization is built, twice and with another password', async ({ namespace }) => {
  await namespace.builds(builds.first, directory());
  await namespace.builds(builds.again, directory());
  await namespace.builds(builds.other, directory(withPassword('ANOTHER_PASSWORD')));
});

describe('Add a Secret generator', () => {
  claim('wp.secret-hash-content-derived', built, () => theSuffixIsOfTheContent(generated, builds));
});

describe('controls of building', () => {
  const plain = inKustomization('generated names get no suffix', (fields) => ({
    ...fields,
    generatorOptions: { disableNameSuffixHash: true },
  }));
  const unsuffixed = story('the kustomization is built without suffixes', async ({ namespace }) => {
    await namespace.builds(builds.first, directory(plain));
    await namespace.builds(builds.again, directory(plain));
    await namespace.builds(builds.other, directory(withPassword('ANOTHER_PASSWORD'), plain));
  });
  breaks('wp.secret-hash-content-derived', unsuffixed, () => theSuffixIsOfTheContent(generated, builds));
});
