import type { Rendered, RenderOptions } from '../model/api.js';
import type { CommandTemplate, Shell } from '../model/runbook.js';
import type { TextProblem } from '../model/problem.js';
import type { TemplateScope } from '../model/scope.js';
import { TemplateError } from '../template/error.js';
import { parseTemplate } from '../template/template.js';
import { analysePosix } from './posix/analysis.js';
import { renderPosix } from './posix/render.js';
import { analysePowerShell } from './powershell/analysis.js';
import { renderPowerShell } from './powershell/render.js';

/**
 * Renders a command for the shell that will read it. Every value is quoted for the place where it stands: it is one
 * argument or a part of one, never syntax. A command that validation refuses is refused here too.
 * @throws TemplateError for unsafe places, undefined names, and values that cannot stand where they would
 */
export function renderCommand(
  command: string | CommandTemplate,
  shell: Shell,
  scope: TemplateScope,
  options: RenderOptions = {},
): Rendered {
  const template = typeof command === 'string' ? command : command[shell];
  if (template === null) throw new TemplateError(`this step has no command for ${shell}`, 0);
  if (parseTemplate(template).every((segment) => segment.type === 'text'))
    return { text: template, masked: template, unknown: [] };
  return shell === 'posix'
    ? renderPosix(template, scope, options)
    : renderPowerShell(template, scope, options);
}

/** Everything that is wrong with a command text for a shell. Text without templates is the author's own and not judged. */
export function commandProblems(template: string, shell: Shell): TextProblem[] {
  try {
    if (parseTemplate(template).every((segment) => segment.type === 'text')) return [];
    return (shell === 'posix' ? analysePosix(template) : analysePowerShell(template)).problems;
  } catch (error) {
    if (error instanceof TemplateError) return [{ offset: error.offset, message: error.message }];
    throw error;
  }
}
