import { applyDecorators, RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { ApiExtension, ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { z } from 'zod';
import { ACCESS_POLICY, scopeNeeded, type AccessPolicy } from '../http/access.js';

/** Marks a route whose body may also be a YAML document; see `finishDocument`. */
export const ACCEPTS_YAML = 'x-accepts-yaml';

interface Description {
  /** More than the summary says, in Markdown. */
  details?: string;
  /** Status of success; that of the route's own decorators unless given. */
  status?: number;
  /** Takes `application/yaml` besides JSON. */
  yaml?: boolean;
  /** Answers besides success that are no problems. */
  also?: Record<number, { description: string; answer: z.ZodType }>;
}

/**
 * What the API's document says of a route: what it does, and what it answers when it succeeds (null: no body). Stands
 * above the route's other decorators, of which it reads the method, the status and who may call it. Parameters and the
 * body come from the schemas that validate them, problems from the rules in `finishDocument`.
 */
export function Describe(summary: string, answer: z.ZodType | null, more: Description = {}): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function') throw new Error(`${String(key)} is no method`);
    const policy = Reflect.getMetadata(ACCESS_POLICY, handler) as AccessPolicy | undefined;
    const status = more.status ?? statusOf(handler);
    applyDecorators(
      ApiOperation({
        summary,
        description: describe(more.details, policy, methodOf(handler)),
        ...openTo(policy),
      }),
      ...securityOf(policy),
      success(status, answer),
      ...Object.entries(more.also ?? {}).map(([code, { description, answer: schema }]) =>
        ApiResponse({ status: Number(code), description, standardSchema: schema }),
      ),
      ...(more.yaml === true ? [ApiExtension(ACCEPTS_YAML, true)] : []),
    )(target, key, descriptor);
  };
}

const titles: Record<number, string> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted',
  204: 'Done; no body',
  302: 'Sent on',
};

const success = (status: number, answer: z.ZodType | null): MethodDecorator =>
  ApiResponse({
    status,
    description: titles[status] ?? 'Done',
    ...(answer === null ? {} : { standardSchema: answer }),
  });

function statusOf(handler: object): number {
  const said: unknown = Reflect.getMetadata(HTTP_CODE_METADATA, handler);
  if (typeof said === 'number') return said;
  return methodOf(handler) === 'POST' ? 201 : 200;
}

const methodOf = (handler: object): string =>
  RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))] ?? '';

function describe(details: string | undefined, policy: AccessPolicy | undefined, method: string): string {
  const who =
    policy?.kind === 'role'
      ? `Role: \`${policy.role}\`${policy.role === 'admin' ? '' : ' or above'}. Scope of an API key: \`${scopeNeeded(policy, method)}\`.`
      : policy?.kind === 'ingest'
        ? 'For an API key with the scope `ingest`, or the role `engineer` and above.'
        : 'Open to anybody.';
  return details === undefined ? who : `${details}\n\n${who}`;
}

const openTo = (policy: AccessPolicy | undefined): { security?: [] } =>
  policy?.kind === 'public' ? { security: [] } : {};

/** Names of the schemes that `apiDocument` defines. */
function securityOf(policy: AccessPolicy | undefined): MethodDecorator[] {
  if (policy === undefined || policy.kind === 'public') return [];
  const schemes = policy.kind === 'ingest' ? ['bearer', 'basic', 'key'] : ['bearer'];
  return schemes.map((scheme) => ApiSecurity(scheme));
}
