import { runCommand } from './command.ts';
import { sitesTool } from './sites/tool.ts';

await runCommand(sitesTool);
