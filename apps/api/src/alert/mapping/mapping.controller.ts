import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  type IngestMappingDto,
  type IngestMappingInput,
  ingestMappingInputSchema,
  ingestMappingSchema,
  ingestSourceSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import { Allow, Describe, reading, toSparseDto, toSparsePage } from '../../platform/index.js';
import { mappingFields as fields, toMappingDto as toDto } from './mapping.mapper.js';
import { IngestMappingService } from './mapping.service.js';

/** Mappings of `POST /ingest/generic/{source}`. */
@Controller('ingest-mappings')
export class IngestMappingController {
  constructor(private readonly mappings: IngestMappingService) {}

  @Describe('Lists the field mappings of generic sources', pageSchema(ingestMappingSchema), {
    details: 'A source without a mapping is read by guesses.',
  })
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<IngestMappingDto>> {
    return toSparsePage(await this.mappings.list(reading(fields, query)), fields, query);
  }

  @Describe('The field mapping of a source', ingestMappingSchema)
  @Get(':source')
  @Allow('viewer')
  async get(
    @Param('source', { schema: ingestSourceSchema }) source: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<IngestMappingDto> {
    return toSparseDto(await this.mappings.read(source, reading(fields, query)), fields, query.fields);
  }

  @Describe('Sets the field mapping of a source', ingestMappingSchema, {
    details:
      'A path says where a field stands in the JSON of that source (`event.labels.host`, `events.0.name`). What has no path is guessed.',
  })
  @Put(':source')
  @Allow('engineer')
  async put(
    @Param('source', { schema: ingestSourceSchema }) source: string,
    @Body({ schema: ingestMappingInputSchema }) input: IngestMappingInput,
  ): Promise<IngestMappingDto> {
    return toDto(await this.mappings.put(source, input));
  }

  @Describe('Removes the field mapping of a source', null, {
    details: 'From then on its fields are guessed.',
  })
  @Delete(':source')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('source', { schema: ingestSourceSchema }) source: string): Promise<void> {
    await this.mappings.remove(source);
  }
}
