import type { HttpRequest, Rendered, RenderOptions } from '../model/api.js';
import type { HttpTemplate } from '../model/runbook.js';
import type { TemplateScope } from '../model/scope.js';
import { renderHeader, renderJson, renderText } from '../template/render.js';
import { renderUrl } from '../template/url.js';

/** Renders the whole request of an http step. A JSON body brings its content type unless the step names one. @throws TemplateError */
export function renderHttp(
  http: HttpTemplate,
  scope: TemplateScope,
  options: RenderOptions = {},
): Rendered<HttpRequest> {
  const unknown = new Set<string>();
  const note = <T>(rendered: Rendered<T>): Rendered<T> => {
    for (const name of rendered.unknown) unknown.add(name);
    return rendered;
  };
  const url = note(renderUrl(http.url, scope, options));
  const headers = Object.entries(http.headers).map(
    ([name, value]) => [name, note(renderHeader(value, scope, options))] as const,
  );
  const body = http.body && note(renderBody(http.body, scope, options));
  const request = (pick: 'text' | 'masked'): HttpRequest => {
    const named = Object.fromEntries(headers.map(([name, value]) => [name, value[pick]]));
    const typed =
      http.body?.kind !== 'json' || Object.keys(named).some((name) => name.toLowerCase() === 'content-type');
    return {
      method: http.method,
      url: url[pick],
      headers: typed ? named : { ...named, 'Content-Type': 'application/json' },
      body: body ? body[pick] : null,
    };
  };
  return { text: request('text'), masked: request('masked'), unknown: [...unknown] };
}

function renderBody(
  body: NonNullable<HttpTemplate['body']>,
  scope: TemplateScope,
  options: RenderOptions,
): Rendered {
  if (body.kind === 'text') return renderText(body.text, scope, options);
  const { text, masked, unknown } = renderJson(body.json, scope, options);
  return { text: JSON.stringify(text), masked: JSON.stringify(masked), unknown };
}
