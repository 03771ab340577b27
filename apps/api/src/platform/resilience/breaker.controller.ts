import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import {
  breakerListQuerySchema,
  breakerSchema,
  pageSchema,
  type BreakerDto,
  type PageDto,
} from '@aiops/contracts';
import { Allow } from '../http/access.js';
import { Describe } from '../openapi/describe.js';
import { toBreakerDto } from './breaker.mapper.js';
import { BreakerReader } from './breaker.reader.js';

@Controller('breakers')
export class BreakerController {
  constructor(private readonly breakers: BreakerReader) {}

  @Describe('Lists the circuit breakers around everything outside the engine', pageSchema(breakerSchema), {
    details:
      'Those that were used since the engine started, in one page, by name. While one is open no call is made to that thing; after a while one call may try.',
  })
  @Get()
  @Allow('viewer')
  async list(
    @Query({ schema: breakerListQuerySchema }) query: z.infer<typeof breakerListQuerySchema>,
  ): Promise<PageDto<BreakerDto>> {
    const data = (await this.breakers.list(query)).map(toBreakerDto);
    return {
      data,
      pagination: { total: data.length, total_is_estimate: false, next_cursor: null, has_more: false },
    };
  }
}
