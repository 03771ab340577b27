import type { Rendered, RenderOptions } from '../model/api.js';
import type { JsonValue } from '../model/runbook.js';
import type { TemplateScope } from '../model/scope.js';
import { TemplateError } from './error.js';
import { resolveHole, valueText } from './resolve.js';
import { parseTemplate, type Hole, type Segment } from './template.js';

export const MASK = '***';

/** Turns the text of a value into what stands in the output; may refuse it. */
export type Encode = (text: string, hole: Hole, before: string) => string;

/** Renders parsed segments; `encode` sees each value with the text rendered so far. @throws TemplateError */
export function renderSegments(
  segments: Segment[],
  scope: TemplateScope,
  options: RenderOptions,
  encode: Encode,
): Rendered {
  const unknown = new Set<string>();
  let text = '';
  let masked = '';
  for (const segment of segments) {
    if (segment.type === 'text') {
      text += segment.text;
      masked += segment.text;
      continue;
    }
    const resolved = resolveHole(segment.hole, scope, options);
    if (resolved.type === 'placeholder') {
      text += resolved.text;
      masked += resolved.text;
      for (const name of resolved.unknown) unknown.add(name);
      continue;
    }
    const encoded = encode(valueText(resolved.value, segment.hole), segment.hole, text);
    text += encoded;
    masked += resolved.secret ? MASK : encoded;
  }
  return { text, masked, unknown: [...unknown] };
}

/** Renders a text as it stands, with no quoting: bodies, messages. @throws TemplateError */
export function renderText(template: string, scope: TemplateScope, options: RenderOptions = {}): Rendered {
  return renderSegments(parseTemplate(template), scope, options, (text) => text);
}

/** Renders an HTTP header value; a line break in a value would start another header. @throws TemplateError */
export function renderHeader(template: string, scope: TemplateScope, options: RenderOptions = {}): Rendered {
  return renderSegments(parseTemplate(template), scope, options, (text, hole) => {
    if ([...text].some((char) => (char < ' ' && char !== '\t') || char === '\u007f')) {
      throw new TemplateError(
        'this value has a line break or control character, which a header cannot hold',
        hole.offset,
      );
    }
    return text;
  });
}

/**
 * Renders every string inside a JSON value. A string that is one template and nothing else keeps the type of its value,
 * so that `"{{ parameters.count }}"` becomes a number. Keys are not templates. @throws TemplateError
 */
export function renderJson(
  value: JsonValue,
  scope: TemplateScope,
  options: RenderOptions = {},
): Rendered<JsonValue> {
  if (typeof value === 'string') return renderJsonString(value, scope, options);
  if (typeof value !== 'object' || value === null) return { text: value, masked: value, unknown: [] };
  const unknown = new Set<string>();
  const render = (item: JsonValue): Rendered<JsonValue> => {
    const rendered = renderJson(item, scope, options);
    for (const name of rendered.unknown) unknown.add(name);
    return rendered;
  };
  if (Array.isArray(value)) {
    const items = value.map(render);
    return {
      text: items.map((item) => item.text),
      masked: items.map((item) => item.masked),
      unknown: [...unknown],
    };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, render(item)] as const);
  return {
    text: Object.fromEntries(entries.map(([key, item]) => [key, item.text])),
    masked: Object.fromEntries(entries.map(([key, item]) => [key, item.masked])),
    unknown: [...unknown],
  };
}

function renderJsonString(
  template: string,
  scope: TemplateScope,
  options: RenderOptions,
): Rendered<JsonValue> {
  const segments = parseTemplate(template);
  const [only] = segments;
  if (segments.length !== 1 || only?.type !== 'hole') return renderText(template, scope, options);
  const resolved = resolveHole(only.hole, scope, options);
  if (resolved.type === 'placeholder')
    return { text: resolved.text, masked: resolved.text, unknown: resolved.unknown };
  return { text: resolved.value, masked: resolved.secret ? MASK : resolved.value, unknown: [] };
}
