import { runCommand } from './command.ts';
import { denoiseTool } from './denoising/tool.ts';

await runCommand(denoiseTool);
