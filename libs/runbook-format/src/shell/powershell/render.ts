import type { Rendered, RenderOptions } from '../../model/api.js';
import type { TemplateScope } from '../../model/scope.js';
import { TemplateError } from '../../template/error.js';
import { renderSegments } from '../../template/render.js';
import type { Hole } from '../../template/template.js';
import { checkText } from '../posix/render.js';
import { analysePowerShell, type PsReader } from './analysis.js';
import { quotePowerShell } from './quote.js';

/** Renders a command for PowerShell; refuses what validation would refuse. @throws TemplateError */
export function renderPowerShell(template: string, scope: TemplateScope, options: RenderOptions): Rendered {
  const { segments, problems, places } = analysePowerShell(template);
  const [problem] = problems;
  if (problem) throw new TemplateError(problem.message, problem.offset);
  return renderSegments(segments, scope, options, (value, hole) => {
    const place = places.get(hole);
    if (!place) throw new TemplateError('a template cannot stand here', hole.offset);
    checkText(value, hole);
    checkForReader(value, place.reader, hole);
    return quotePowerShell(value, place.quote);
  });
}

/**
 * Quoting ends at PowerShell. A cmdlet expands wildcards even in quoted text, so `*` could stop every service; and
 * Windows PowerShell hands native programs one command line, in which a quote, a final backslash or nothing at all
 * shifts the arguments. Such values are refused rather than guessed at.
 */
function checkForReader(value: string, reader: PsReader, hole: Hole): void {
  const refuse = (why: string): never => {
    throw new TemplateError(why, hole.offset);
  };
  if (reader === 'literal' || reader === 'expression') return;
  if (/[*?[\]]/.test(value))
    refuse('this value has a wildcard (* ? [ ]), which PowerShell commands expand even in quotes');
  if (reader === 'cmdlet') return;
  if (value === '') refuse('this value is empty, and PowerShell leaves empty arguments of programs out');
  if (/^[-/\u2013\u2014\u2015]/.test(value))
    refuse('this value begins with "-" or "/" and would be taken for an option');
  if (/["\\]$/.test(value) || value.includes('"')) {
    refuse(
      'this value has a double quote or ends with a backslash, which Windows PowerShell cannot hand to a program unchanged',
    );
  }
}
