import { Controller, Get, Res } from '@nestjs/common';
import { type HealthDto, healthSchema } from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Describe } from '../openapi/describe.js';
import { Public } from '../http/access.js';
import { HealthService } from './health.service.js';

const liveSchema = z.object({ status: z.literal('ok') });

/** Outside `/api/v1`, for probes. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Describe('State of everything this instance depends on', healthSchema, {
    details: '`degraded` when something is away without which it can work.',
    also: { 503: { description: 'It cannot work', answer: healthSchema } },
  })
  @Get()
  @Public()
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    return withStatus(reply, await this.health.all());
  }

  @Describe('Whether this process lives', liveSchema, {
    details: 'Asks nothing but the process itself: for liveness probes.',
  })
  @Get('live')
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Describe('Whether this instance can work', healthSchema, {
    details:
      'Asks only what it cannot work without. 503 also from the moment in which it begins to shut down.',
    also: { 503: { description: 'It cannot work', answer: healthSchema } },
  })
  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    return withStatus(reply, await this.health.ready());
  }
}

function withStatus(reply: FastifyReply, health: HealthDto): HealthDto {
  if (health.status === 'down') void reply.status(503);
  return health;
}
