import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import {
  alertActionSchema,
  alertBulkActionSchema,
  type AlertDto,
  type AlertListQuery,
  alertListQuerySchema,
  alertSchema,
  type AlertTimelineEntryDto,
  alertTimelineEntrySchema,
  type BulkResult,
  bulkResultSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  reading,
  toSparseDto,
  toSparsePage,
} from '../platform/index.js';
import { alertFields as fields, toAlertDto } from './alert.mapper.js';
import { AlertService } from './alert.service.js';
import { AlertLifecycle } from './lifecycle/alert-lifecycle.service.js';
import { timelineFields } from './timeline/timeline.mapper.js';

type ActionBody = z.infer<typeof alertActionSchema>;
type BulkBody = z.infer<typeof alertBulkActionSchema>;
const optionalAction = alertActionSchema.optional().transform((body) => body ?? {});

@Controller('alerts')
export class AlertController {
  constructor(
    private readonly alerts: AlertService,
    private readonly lifecycle: AlertLifecycle,
  ) {}

  @Describe('Lists alerts', pageSchema(alertSchema), {
    details:
      'One row per episode: the same alert that fires again after its end is another row. Filters are combined with *and*; several values of one, with commas between, with *or*. A label is filtered by `label.<name>=<value>`, and an empty value finds alerts without it.',
  })
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: alertListQuerySchema }) query: AlertListQuery): Promise<PageDto<AlertDto>> {
    return toSparsePage(await this.alerts.list(query, reading(fields, query)), fields, query);
  }

  @Describe('One alert', alertSchema)
  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<AlertDto> {
    return toSparseDto(await this.alerts.read(id, reading(fields, query)), fields, query.fields);
  }

  @Describe('What happened to an alert, and who did it', pageSchema(alertTimelineEntrySchema), {
    details: 'In the order in which it happened, from its first firing on.',
  })
  @Get(':id/timeline')
  @Allow('viewer')
  async timeline(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<AlertTimelineEntryDto>> {
    const page = await this.alerts.timeline(id, reading(timelineFields, query));
    return toSparsePage(page, timelineFields, query);
  }

  @Describe('Acknowledges an alert: somebody is on it', alertSchema, {
    details: 'Twice changes nothing; a resolved alert is a conflict. The note stands on the timeline.',
  })
  @Post(':id/acknowledge')
  @HttpCode(200)
  @Allow('responder')
  async acknowledge(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: optionalAction }) { note }: ActionBody,
    @CurrentActor() actor: Actor,
  ): Promise<AlertDto> {
    return toAlertDto(await this.lifecycle.change(id, 'acknowledge', actor, note));
  }

  @Describe('Takes an acknowledgement back', alertSchema, { details: 'The alert fires again for everybody.' })
  @Post(':id/unacknowledge')
  @HttpCode(200)
  @Allow('responder')
  async unacknowledge(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: optionalAction }) { note }: ActionBody,
    @CurrentActor() actor: Actor,
  ): Promise<AlertDto> {
    return toAlertDto(await this.lifecycle.change(id, 'unacknowledge', actor, note));
  }

  @Describe('Resolves an alert by hand', alertSchema, {
    details:
      'For what the sender will not end by itself. When the sender still says that it fires, that is a new alert.',
  })
  @Post(':id/resolve')
  @HttpCode(200)
  @Allow('responder')
  async resolve(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: optionalAction }) { note }: ActionBody,
    @CurrentActor() actor: Actor,
  ): Promise<AlertDto> {
    return toAlertDto(await this.lifecycle.change(id, 'resolve', actor, note));
  }

  @Describe('Acknowledges up to 1,000 alerts', bulkResultSchema, {
    details:
      'Each by itself: `failed` says of every alert that could not be acknowledged why, and the others are done.',
  })
  @Post('bulk/acknowledge')
  @HttpCode(200)
  @Allow('responder')
  acknowledgeMany(
    @Body({ schema: alertBulkActionSchema }) { ids, note }: BulkBody,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.lifecycle.changeMany(ids, 'acknowledge', actor, note);
  }

  @Describe('Resolves up to 1,000 alerts', bulkResultSchema, {
    details:
      'Each by itself: `failed` says of every alert that could not be resolved why, and the others are done.',
  })
  @Post('bulk/resolve')
  @HttpCode(200)
  @Allow('responder')
  resolveMany(
    @Body({ schema: alertBulkActionSchema }) { ids, note }: BulkBody,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.lifecycle.changeMany(ids, 'resolve', actor, note);
  }

  @Describe('Deletes up to 1,000 alerts', bulkResultSchema, {
    details: 'With their timelines. Executions for them stay.',
  })
  @Post('bulk/delete')
  @HttpCode(200)
  @Allow('engineer')
  deleteMany(@Body({ schema: alertBulkActionSchema }) { ids, note }: BulkBody): Promise<BulkResult> {
    return this.lifecycle.deleteMany(ids, note);
  }
}
