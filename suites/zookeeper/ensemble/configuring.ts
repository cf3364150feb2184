import { claim, describe } from '../../../harness/test.ts';
import {
  configurationIsTheSame,
  flagsReachTheServers,
  logsGoToTheConsole,
} from '../../../harness/guarantees/configuration.ts';
import { theLogIsTheServers } from '../../../harness/guarantees/logs.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import { eachPodPrints } from '../../../harness/guarantees/outputs.ts';
import { theProcessRunsAs } from '../../../harness/guarantees/owners.ts';
import type { Asked } from '../../../harness/guarantees/settled.ts';
import { asWritten, files, logLevel, ordinals } from '../zookeeper.ts';
import { ensemble } from './ensemble.ts';

describe('Ensuring consistent configuration', () => {
  claim('zk.config-consistent', ensemble, ({ serves }) =>
    configurationIsTheSame(asWritten, ordinals, files.configuration, ['serverId'], serves),
  );
});

describe('Configuring logging', () => {
  claim('zk.log-config-console', ensemble, ({ serves }) =>
    logsGoToTheConsole(asWritten, ordinals, files.logging, serves),
  );
  claim('zk.log-level-flag', ensemble, ({ serves }) =>
    flagsReachTheServers(asWritten, ordinals, files.logging, [logLevel], serves),
  );
  claim('zk.logs-via-kubectl', ensemble, ({ serves }) => theLastLinesAreTheServers(serves));
});

describe('Configuring a non-privileged user', () => {
  claim('zk.security-context', ensemble, ({ serves: { to } }) => thePodsHaveTheContext(to));
  claim('zk.process-not-root', ensemble, ({ serves }) => theServersAreNotRoot(serves));
  claim('zk.uid-gid-names', ensemble, ({ serves }) => theNamesAreZooKeeper(serves));
});

export function theLastLinesAreTheServers(serves: Asked) {
  return theLogIsTheServers(serves.moment, {
    pod: 'zk-0',
    lines: 20,
    form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[myid:1\] - [A-Z]+ +\[.+\] - /,
    some: 'Processing ruok command',
  });
}

export function thePodsHaveTheContext(to: string) {
  const context = { 'spec.securityContext.runAsUser': 1000, 'spec.securityContext.fsGroup': 1000 };
  return ordinals.map((ordinal) => theObjectSays('pods', `zk-${ordinal}`, context, { to }));
}

export function theServersAreNotRoot(serves: Asked) {
  return [
    theProcessRunsAs(asWritten, ordinals, { program: 'java', user: 1000, group: 1000 }, serves),
    eachPodPrints(asWritten, ordinals, ['id', '-un'], () => 'zookeeper\n', serves),
  ] as const;
}

export function theNamesAreZooKeeper(serves: Asked) {
  return [
    eachPodPrints(
      asWritten,
      ordinals,
      ['getent', 'passwd', '1000'],
      () => 'zookeeper:x:1000:1000::/opt/zookeeper:/bin/sh\n',
      serves,
    ),
    eachPodPrints(asWritten, ordinals, ['getent', 'group', '1000'], () => 'zookeeper:x:1000:\n', serves),
  ] as const;
}
