import { Controller, Post, Req, Res, type Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { ingestResultSchema, ingestSourceSchema } from '@aiops/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowIngest, Describe, UserError } from '../../platform/index.js';
import type { IngestAdapter } from './adapter.js';
import { IngestService } from './ingest.service.js';

/** The route of one adapter. */
export function createIngestController(adapter: IngestAdapter): Type {
  const { about, accepted } = adapter;
  @Controller('ingest')
  class IngestController {
    constructor(private readonly ingest: IngestService) {}

    @Describe(about.summary, accepted.body === 'count' ? ingestResultSchema : null, {
      status: accepted.status,
    })
    @ApiBody({ schema: { example: about.example } })
    @Post(adapter.path)
    @AllowIngest()
    async receive(
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<{ received: number } | undefined> {
      const received = await this.ingest.receive(adapter, request.body, sourceName(adapter, request.params));
      void reply.status(accepted.status);
      return accepted.body === 'count' ? { received } : undefined;
    }
  }
  return IngestController;
}

// Read here and not through a pipe: that would cost every request of every source.
function sourceName(adapter: IngestAdapter, params: unknown): string {
  if (typeof params !== 'object' || params === null || !('source' in params)) return adapter.name;
  const parsed = ingestSourceSchema.safeParse(params.source);
  if (parsed.success) return parsed.data;
  throw UserError.invalid('source', parsed.error.issues.map((issue) => issue.message).join(', '));
}
