import { Controller, Get, Res } from '@nestjs/common';
import type { HealthDto } from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Public } from '../http/access.js';
import { HealthService } from './health.service.js';

/** Outside `/api/v1`, for probes. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @Public()
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    const health = await this.health.check();
    if (health.status === 'down') void reply.status(503);
    return health;
  }

  @Get('live')
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    return this.all(reply);
  }
}
