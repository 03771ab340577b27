import { Controller, Param, Post, Req, Res, type Type } from '@nestjs/common';
import { ingestSourceSchema } from '@aiops/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowIngest, UserError } from '../../platform/index.js';
import type { IngestAdapter } from './adapter.js';
import { IngestService } from './ingest.service.js';

/** The route of one adapter. */
export function createIngestController(adapter: IngestAdapter): Type {
  @Controller('ingest')
  class IngestController {
    constructor(private readonly ingest: IngestService) {}

    @Post(adapter.path)
    @AllowIngest()
    async receive(
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
      @Param('source') source: string | undefined,
    ): Promise<{ received: number } | undefined> {
      const received = await this.ingest.receive(adapter, request.body, sourceName(adapter, source));
      void reply.status(adapter.accepted.status);
      return adapter.accepted.body === 'count' ? { received } : undefined;
    }
  }
  return IngestController;
}

function sourceName(adapter: IngestAdapter, source: string | undefined): string {
  if (source === undefined) return adapter.name;
  const parsed = ingestSourceSchema.safeParse(source);
  if (parsed.success) return parsed.data;
  throw UserError.invalid('source', parsed.error.issues.map((issue) => issue.message).join(', '));
}
