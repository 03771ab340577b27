import { Controller, Get } from '@nestjs/common';
import type { PageDto, RunbookTemplateDto } from '@aiops/contracts';
import { parseRunbook, RUNBOOK_TEMPLATES, type RunbookTemplate } from '@aiops/runbook-format';
import { Allow, toPageDto } from '../../platform/index.js';

/** Runbooks to begin with, as they come with the format. */
@Controller('runbook-templates')
export class RunbookTemplateController {
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
