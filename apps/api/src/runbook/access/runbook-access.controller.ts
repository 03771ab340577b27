import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import {
  idSchema,
  type RunbookAccessDto,
  type RunbookAccessInput,
  runbookAccessInputSchema,
  runbookAccessSchema,
} from '@aiops/contracts';
import { type Actor, Allow, CurrentActor, Describe } from '../../platform/index.js';
import { RunbookAccessService } from './runbook-access.service.js';

@Controller('runbooks/:id/access')
export class RunbookAccessController {
  constructor(private readonly access: RunbookAccessService) {}

  @Describe('Who may run and approve a runbook, and what that means for who asks', runbookAccessSchema)
  @Get()
  @Allow('viewer')
  get(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<RunbookAccessDto> {
    return this.access.view(id, actor);
  }

  @Describe('Sets who may run and approve a runbook', runbookAccessSchema, {
    details:
      'Anybody who may write runbooks may make it stricter. Looser only who may approve as it is set now, or an ' +
      'administrator; only an administrator sets `self_approval` back to true.',
  })
  @Put()
  @Allow('engineer')
  set(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: runbookAccessInputSchema }) input: RunbookAccessInput,
    @CurrentActor() actor: Actor,
  ): Promise<RunbookAccessDto> {
    return this.access.set(id, input, actor);
  }
}
