import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  type AnalysisDto,
  analysisSchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { analysisFields as fields, toAnalysisDto } from '../../llm/index.js';
import { type Actor, Allow, CurrentActor, Describe, reading, toSparsePage } from '../../platform/index.js';
import { AlertAnalyst } from './alert-analyst.service.js';

@Controller('alerts/:id')
export class AlertAnalysisController {
  constructor(private readonly analyst: AlertAnalyst) {}

  @Describe('Has an alert analysed', analysisSchema, {
    details:
      'In the background: read `/alerts/{id}/analyses` for the result, or listen for `analysis.completed`. Providers are asked in their order; without one the engine answers from its own records.',
  })
  @Post('analyze')
  @HttpCode(202)
  @Allow('responder')
  async analyze(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnalysisDto> {
    const analysis = await this.analyst.requestBy(actor, id);
    void reply.header('Location', `/api/v1/alerts/${id}/analyses`);
    return toAnalysisDto(analysis);
  }

  @Describe('Analyses of an alert', pageSchema(analysisSchema), {
    details: 'Newest first. `hops` says who was asked, how long it took and what came of it.',
  })
  @Get('analyses')
  @Allow('viewer')
  async list(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<AnalysisDto>> {
    return toSparsePage(await this.analyst.list(id, reading(fields, query)), fields, query);
  }
}
