import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentTraceId } from '../observability/trace-context.js';
import { describeError, PROBLEM_MEDIA_TYPE } from './problem.js';

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? request.url;

/** For what Fastify refuses before a route is found, such as an address that it cannot read. */
export function answerFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { problem } = describeError(error, pathOf(request), currentTraceId(request));
  void reply.status(problem.status).header('Content-Type', PROBLEM_MEDIA_TYPE).send(problem);
}

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  /** @param inTraceOf does something in the trace of a request, which is not always at hand when it fails early */
  constructor(private readonly inTraceOf: (request: FastifyRequest, work: () => void) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const path = pathOf(request);
    const { problem, level, retryAfterSeconds } = describeError(error, path, currentTraceId(request));
    if (level === 'error' || level === 'warn') {
      this.inTraceOf(request, () => this.logger[level]({ err: error }, `${request.method} ${path}`));
    }
    if (reply.sent) return;
    if (retryAfterSeconds !== undefined) void reply.header('Retry-After', String(retryAfterSeconds));
    // RFC 9110, 15.5.2: a 401 says what would be accepted. The guard may have said more.
    if (problem.status === 401 && !reply.hasHeader('WWW-Authenticate')) {
      void reply.header('WWW-Authenticate', 'Bearer realm="aiops"');
    }
    void reply.status(problem.status).header('Content-Type', PROBLEM_MEDIA_TYPE).send(problem);
  }
}
