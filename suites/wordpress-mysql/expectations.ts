import type { References } from '../../harness/guarantees/kustomizing.ts';
import type { BackedDirectory } from '../../harness/guarantees/mounts.ts';
import type { TierService } from '../../harness/guarantees/services.ts';
import type { Fate, FoundByName, Lasting } from '../../harness/guarantees/site.ts';
import type { Statement } from '../../harness/guarantees/statements.ts';
import { statements } from './acts.ts';
import { mysql, postsStatement, shown, wordpress, type Words } from './site.ts';

/** How often each Deployment takes the password from the Secret. */
export const references: References = { 'wordpress-mysql': 2, wordpress: 1 };

/** A refusal for the password, and for what a user may not do. */
const accessDenied = ['ER_ACCESS_DENIED_ERROR'] as const;
const notAllowed = ['ER_TABLEACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR'] as const;

const asRoot = (statement: string): string => `root in wordpress: ${statement}`;
const asUser = (statement: string): string => `wordpress in wordpress: ${statement}`;

export const loggedIn: readonly Statement[] = [{ request: asRoot(statements.root), is: 'done' }];
export const refused: readonly Statement[] = [{ request: asRoot(statements.root), is: 'refused', by: accessDenied }];
export const confined: readonly Statement[] = [
  { request: asUser(statements.databases), is: 'answered', row: { Database: 'wordpress' } },
  { request: asUser(statements.table), is: 'done' },
  { request: asUser(statements.passwords), is: 'refused', by: notAllowed },
];
/** An answer in MySQL's protocol, which says as well where the data is. */
export const spoken: readonly Statement[] = [
  { request: asRoot(statements.datadir), is: 'answered', row: { datadir: '/var/lib/mysql/' } },
];
export const keptPost = ({ post }: Words): readonly Statement[] => [
  { request: asRoot(postsStatement), is: 'answered', row: { post_title: post, post_status: 'publish' } },
];

export const databaseVolume: BackedDirectory = {
  directory: '/var/lib/mysql',
  claim: 'mysql-pv-claim',
  files: ['ibdata1'],
};
export const siteVolume: BackedDirectory = {
  directory: '/var/www/html',
  claim: 'wp-pv-claim',
  files: ['wp-config.php', 'wp-content'],
};

export const mysqlService: TierService = { name: 'wordpress-mysql', port: 3306, tier: mysql, other: wordpress };

export const foundByName = (words: Words): FoundByName => ({
  site: wordpress,
  database: mysql,
  variable: 'WORDPRESS_DB_HOST',
  service: 'wordpress-mysql',
  shown: shown.front(words),
});

/** What has to last when something befalls the Pod of the database, and that of the site. */
export const lasting = {
  database: (words: Words, fate: Fate): Lasting => ({
    site: wordpress,
    shown: shown.front(words),
    struck: mysql,
    fate,
    claim: 'mysql-pv-claim',
  }),
  files: (words: Words, fate: Fate): Lasting => ({
    site: wordpress,
    shown: shown.file(words),
    struck: wordpress,
    fate,
    claim: 'wp-pv-claim',
  }),
};
