import type { Rendered, RenderOptions } from '../../model/api.js';
import type { TemplateScope } from '../../model/scope.js';
import { TemplateError } from '../../template/error.js';
import { renderSegments } from '../../template/render.js';
import type { Hole } from '../../template/template.js';
import { analysePosix, type HolePlace } from './analysis.js';
import { quotePosix } from './quote.js';
import type { Word } from './syntax.js';

/** Renders a command for a POSIX shell; refuses what validation would refuse. @throws TemplateError */
export function renderPosix(template: string, scope: TemplateScope, options: RenderOptions): Rendered {
  const { segments, problems, places } = analysePosix(template);
  const [problem] = problems;
  if (problem) throw new TemplateError(problem.message, problem.offset);
  const started = new Set<Word>();
  return renderSegments(segments, scope, options, (value, hole) => {
    const place = places.get(hole);
    if (!place) throw new TemplateError('a template cannot stand here', hole.offset);
    checkText(value, hole);
    if (place.integer && !/^-?[0-9]{1,18}$/.test(value)) {
      throw new TemplateError('only a whole number can stand here', hole.offset);
    }
    if (place.noDash && value.startsWith('-') && startsWord(place, hole, started)) {
      throw new TemplateError(
        'this value begins with "-" and would be taken for an option: put -- before it if the command knows that, or write --option={{ … }}',
        hole.offset,
      );
    }
    if (value !== '') started.add(place.word);
    return quotePosix(value, place.quote);
  });
}

/** Text that no command line can carry unchanged. */
export function checkText(value: string, hole: Hole): void {
  if (value.includes('\0'))
    throw new TemplateError('this value has a NUL character, which no command can be given', hole.offset);
  if (/\p{Surrogate}/u.test(value)) throw new TemplateError('this value is not valid Unicode', hole.offset);
}

/** True when nothing but empty values stands before the hole in its word. */
function startsWord(place: HolePlace, hole: Hole, started: Set<Word>): boolean {
  if (started.has(place.word)) return false;
  for (const part of place.word.parts) {
    if (part.type === 'hole' && part.hole === hole) return true;
    if (part.type === 'text' && part.text !== '') return false;
  }
  return true;
}
