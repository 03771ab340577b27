import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import {
  alertActionSchema,
  alertBulkActionSchema,
  alertListQuerySchema,
  alertSchema,
  alertTimelineEntrySchema,
  idSchema,
  listQuerySchema,
  type AlertDto,
  type AlertListQuery,
  type AlertTimelineEntryDto,
  type BulkResult,
  type ListQuery,
  type PageDto,
} from '@aiops/contracts';
import { Allow, CurrentActor, pickFields, toPageDto, type Actor } from '../platform/index.js';
import { toAlertDto } from './alert.mapper.js';
import { AlertService } from './alert.service.js';
import { AlertLifecycle } from './lifecycle/alert-lifecycle.service.js';
import { toTimelineEntryDto } from './timeline/timeline.mapper.js';

type ActionBody = z.infer<typeof alertActionSchema>;
type BulkBody = z.infer<typeof alertBulkActionSchema>;
const optionalAction = alertActionSchema.optional().transform((body) => body ?? {});
const fields = Object.keys(alertSchema.shape);
const timelineFields = Object.keys(alertTimelineEntrySchema.shape);
const fieldsQuerySchema = listQuerySchema.pick({ fields: true });

@Controller('alerts')
export class AlertController {
  constructor(
    private readonly alerts: AlertService,
    private readonly lifecycle: AlertLifecycle,
  ) {}

  @Get()
  @Allow('viewer')
  async list(@Query({ schema: alertListQuerySchema }) query: AlertListQuery): Promise<PageDto<AlertDto>> {
    return toPageDto(await this.alerts.list(query), toAlertDto, query, fields);
  }

  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: Pick<ListQuery, 'fields'>,
  ): Promise<AlertDto | undefined> {
    return pickFields([toAlertDto(await this.alerts.get(id))], query.fields, fields)[0];
  }

  @Get(':id/timeline')
  @Allow('viewer')
  async timeline(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<AlertTimelineEntryDto>> {
    return toPageDto(await this.alerts.timeline(id, query), toTimelineEntryDto, query, timelineFields);
  }

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

  @Post('bulk/acknowledge')
  @HttpCode(200)
  @Allow('responder')
  acknowledgeMany(
    @Body({ schema: alertBulkActionSchema }) { ids, note }: BulkBody,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.lifecycle.changeMany(ids, 'acknowledge', actor, note);
  }

  @Post('bulk/resolve')
  @HttpCode(200)
  @Allow('responder')
  resolveMany(
    @Body({ schema: alertBulkActionSchema }) { ids, note }: BulkBody,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.lifecycle.changeMany(ids, 'resolve', actor, note);
  }

  @Post('bulk/delete')
  @HttpCode(200)
  @Allow('engineer')
  deleteMany(@Body({ schema: alertBulkActionSchema }) { ids }: BulkBody): Promise<BulkResult> {
    return this.lifecycle.deleteMany(ids);
  }
}
