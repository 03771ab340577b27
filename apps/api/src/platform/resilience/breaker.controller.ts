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
import { Lists } from '../database/lists.js';
import { toSparsePage } from '../http/page.js';
import { Describe } from '../openapi/describe.js';
import { breakerFields as fields } from './breaker.mapper.js';
import { BreakerReader } from './breaker.reader.js';

@Controller('breakers')
export class BreakerController {
  constructor(
    private readonly breakers: BreakerReader,
    private readonly lists: Lists,
  ) {}

  @Describe('Lists the circuit breakers around everything outside the engine', pageSchema(breakerSchema), {
    details:
      'Those that were used since the engine started. While one is open no call is made to that thing; after a while one call may try.',
  })
  @Get()
  @Allow('viewer')
  async list(
    @Query({ schema: breakerListQuerySchema }) query: z.infer<typeof breakerListQuerySchema>,
  ): Promise<PageDto<BreakerDto>> {
    const page = this.lists.pageOf(await this.breakers.list(query), query, {
      name: JSON.stringify(['breakers', query.state, query.kind]),
      id: ({ name }) => name,
      columns: {
        name: ({ name }) => name,
        state: ({ state }) => state,
        changed_at: ({ changedAt }) => changedAt.toISOString(),
      },
      fallback: 'name',
      texts: ({ name, reason }) => [name, reason],
    });
    return toSparsePage(page, fields, query);
  }
}
