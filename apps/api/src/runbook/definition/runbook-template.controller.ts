import { Controller, Get } from '@nestjs/common';
import { type PageDto, pageSchema, type RunbookTemplateDto, runbookTemplateSchema } from '@aiops/contracts';
import { parseRunbook, RUNBOOK_TEMPLATES, type RunbookTemplate } from '@aiops/runbook-format';
import { Allow, Describe, toPageDto } from '../../platform/index.js';

/** Runbooks to begin with, as they come with the format. */
@Controller('runbook-templates')
export class RunbookTemplateController {
  @Describe('Runbooks to begin with', pageSchema(runbookTemplateSchema))
  @Get()
  @Allow('viewer')
  list(): PageDto<RunbookTemplateDto> {
    const items = [...RUNBOOK_TEMPLATES];
    return toPageDto({ items, total: items.length, nextCursor: null }, toTemplateDto);
  }
}

function toTemplateDto({ name, yaml }: RunbookTemplate): RunbookTemplateDto {
  const { runbook } = parseRunbook(yaml);
  const { description = '', category = null, tags = [] } = runbook ?? {};
  return { name, description, category: category ?? 'general', tags, yaml };
}
