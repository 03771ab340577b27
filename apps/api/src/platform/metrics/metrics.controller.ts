import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../http/access.js';
import { Describe } from '../openapi/describe.js';
import { MetricsAccess } from './metrics-access.service.js';
import { Metrics } from './metrics.service.js';

/** Outside `/api/v1`, for Prometheus. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly access: MetricsAccess,
  ) {}

  @Describe('Metrics of this instance, in Prometheus’ text format', z.string(), {
    details: 'With the setting `METRICS_TOKEN`, for who sends that token as `Authorization: Bearer`.',
  })
  @ApiProduces('text/plain')
  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Public()
  async read(@Headers('authorization') authorization: string | undefined): Promise<string> {
    this.access.check(authorization);
    return this.metrics.text();
  }
}
