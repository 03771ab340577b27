import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import {
  type ChannelDto,
  type ChannelInput,
  channelInputSchema,
  channelReplaceSchema,
  channelSchema,
  type ChannelTestResult,
  channelTestResultSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type RevealedDto,
  revealedSchema,
  type RevealInput,
  revealInputSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  Allow,
  Breakers,
  Describe,
  type Fields,
  mapperOf,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { ChannelTester } from '../delivery/channel-tester.service.js';
import { channelFields } from './channel.mapper.js';
import type { Channel } from './channel.repository.js';
import { channelBreaker, ChannelService } from './channel.service.js';

@Controller('notification-channels')
export class ChannelController {
  private readonly fields: Fields<Channel, ChannelDto>;
  private readonly toDto: (channel: Channel) => ChannelDto;

  constructor(
    private readonly channels: ChannelService,
    private readonly tester: ChannelTester,
    breakers: Breakers,
  ) {
    this.fields = channelFields({
      secretNames: (channel) => channels.secretNames(channel),
      breaker: (channel) => breakers.state(channelBreaker(channel)),
    });
    this.toDto = mapperOf(this.fields);
  }

  @Describe('Lists channels', pageSchema(channelSchema))
  @Get()
  @Allow('engineer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<ChannelDto>> {
    return toSparsePage(await this.channels.list(reading(this.fields, query)), this.fields, query);
  }

  @Describe('One channel', channelSchema)
  @Get(':id')
  @Allow('engineer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<ChannelDto> {
    const channel = await this.channels.read(id, reading(this.fields, query));
    return toSparseDto(channel, this.fields, query.fields);
  }

  @Describe('Makes a channel', channelSchema, {
    details: '`config` depends on its kind. Secrets in it never come back.',
  })
  @Post()
  @Allow('admin')
  async create(
    @Body({ schema: channelInputSchema }) input: ChannelInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChannelDto> {
    const channel = await this.channels.create(input);
    void reply.header('Location', `/api/v1/notification-channels/${channel.id}`);
    return this.toDto(channel);
  }

  @Describe('Replaces a channel', channelSchema, {
    details: 'A secret that is `***` or left out stays as it is.',
  })
  @Put(':id')
  @Allow('admin')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: channelReplaceSchema }) input: z.infer<typeof channelReplaceSchema>,
  ): Promise<ChannelDto> {
    return this.toDto(await this.channels.replace(id, input));
  }

  @Describe('Shows the secrets of a channel', revealedSchema, {
    details: 'Leaves an entry in the audit log, with the reason.',
  })
  @Post(':id/reveal')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Allow('admin', 'api')
  async reveal(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: revealInputSchema }) { reason }: RevealInput,
  ): Promise<RevealedDto> {
    return { secrets: await this.channels.reveal(id, reason) };
  }

  @Describe('Removes a channel', null, { details: 'Refused while a policy uses it.' })
  @Delete(':id')
  @HttpCode(204)
  @Allow('admin')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.channels.remove(id);
  }

  /** Sends one test message now and says how it went. */
  @Describe('Sends a test message over a channel', channelTestResultSchema, {
    details: 'Now, and answers how it went.',
  })
  @Post(':id/test')
  @HttpCode(200)
  @Allow('engineer')
  test(@Param('id', { schema: idSchema }) id: string): Promise<ChannelTestResult> {
    return this.tester.test(id);
  }
}
