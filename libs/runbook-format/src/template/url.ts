import type { Rendered, RenderOptions } from '../model/api.js';
import type { TemplateScope } from '../model/scope.js';
import { TemplateError } from './error.js';
import { renderSegments } from './render.js';
import { parseTemplate, type Segment } from './template.js';

const SCHEME = /^https?:\/\//i;
/** A host name or address; with a port only where the template leaves room for one. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

/** Why a URL template cannot be used, with the offset; null when it can. */
export function urlProblem(segments: Segment[]): { offset: number; message: string } | null {
  const [first] = segments;
  if (first?.type !== 'text' || !SCHEME.test(first.text)) {
    return {
      offset: 0,
      message:
        'a url starts with http:// or https:// as plain text; a template can be the host or stand after it',
    };
  }
  const authority = /^https?:\/\/([^/?#]*)/i.exec(first.text)?.[1] ?? '';
  if (authority.includes('@'))
    return { offset: 0, message: 'a url holds no user or password; send an Authorization header' };
  return null;
}

/**
 * Renders a URL. Values are percent-encoded, so they stay inside their part of the path or query; in place of the host
 * a value must be a host name or address. A value cannot make a `.` or `..` segment, which would climb. @throws TemplateError
 */
export function renderUrl(template: string, scope: TemplateScope, options: RenderOptions = {}): Rendered {
  const segments = parseTemplate(template);
  const problem = urlProblem(segments);
  if (problem) throw new TemplateError(problem.message, problem.offset);
  const rendered = renderSegments(segments, scope, options, (text, hole, before) => {
    if (/^https?:\/\/[^/?#]*$/i.test(before)) {
      if (!HOST.test(text)) throw new TemplateError('this value is no host name or address', hole.offset);
      return text;
    }
    return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  });
  const path = rendered.text.replace(SCHEME, '').replace(/[?#].*$/s, '');
  const climbs = path
    .split('/')
    .slice(1)
    .some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
  if (climbs && segments.length > 1) {
    throw new TemplateError('the rendered path has a "." or ".." part, which would lead elsewhere', 0);
  }
  return rendered;
}
