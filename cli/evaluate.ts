import { runCommand } from './command.ts';
import { evaluateTool } from './evaluation/tool.ts';

await runCommand(evaluateTool);
