import { roleSchema } from '@aiops/contracts';
import { mayCall } from './access-callers.js';
import { accessTable, type RouteAccess } from './access-table.js';

const BEGIN = '<!-- routes: begin -->';
const END = '<!-- routes: end -->';

/** The page about roles with its table of routes made anew. @throws when the marks around the table are not there. */
export function withRoutes(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error('The page has no place for the table of routes');
  return `${page.slice(0, begin)}${BEGIN}\n\n${routes()}\n\n${page.slice(end)}`;
}

function routes(): string {
  const columns = ['route', 'anonymous', ...roleSchema.options, 'scope of a key'];
  const rows = Object.entries(accessTable).map(([route, access]) => [`\`${route}\``, ...marks(access)]);
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function marks(access: RouteAccess): string[] {
  const mark = (allowed: boolean): string => (allowed ? 'yes' : '–');
  return [
    mark(mayCall({ kind: 'anonymous' }, access)),
    ...roleSchema.options.map((role) => mark(mayCall({ kind: 'person', role }, access))),
    access === 'anybody' ? '' : `\`${access[1]}\``,
  ];
}
