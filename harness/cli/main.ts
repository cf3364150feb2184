import { runCommandLine } from './commandLine.ts';
import { Interruption } from './interruption.ts';
import { openScreen } from './screen.ts';

const interruption = new Interruption().listen();
// Connections that are kept alive for the next request would keep the process alive as well.
process.exit(await runCommandLine({ argv: process.argv.slice(2), interruption, screen: openScreen() }));
