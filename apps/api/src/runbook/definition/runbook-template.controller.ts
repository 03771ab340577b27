import { Controller, Get, Query } from '@nestjs/common';
import {
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type RunbookTemplateDto,
  runbookTemplateSchema,
} from '@aiops/contracts';
import { Allow, Describe, type Fields, fieldsOf, Lists, toSparsePage } from '../../platform/index.js';
import { type DescribedTemplate, describedTemplates } from './runbook-templates.js';

const { same } = fieldsOf<DescribedTemplate>();
const fields: Fields<DescribedTemplate, RunbookTemplateDto> = {
  name: same('name'),
  description: same('description'),
  category: same('category'),
  tags: same('tags'),
  yaml: same('yaml'),
};

/** Runbooks to begin with, as they come with the format. */
@Controller('runbook-templates')
export class RunbookTemplateController {
  constructor(private readonly lists: Lists) {}

  @Describe('Runbooks to begin with', pageSchema(runbookTemplateSchema), {
    details: 'As they come with the engine: copy the `yaml`, change it and post it to `/runbooks`.',
  })
  @Get()
  @Allow('viewer')
  list(@Query({ schema: listQuerySchema }) query: ListQuery): PageDto<RunbookTemplateDto> {
    const page = this.lists.pageOf(describedTemplates, query, {
      name: 'runbook-templates',
      id: ({ name }) => name,
      columns: { name: ({ name }) => name, category: ({ category }) => category },
      fallback: 'name',
      texts: ({ name, description, category }) => [name, description, category],
    });
    return toSparsePage(page, fields, query);
  }
}
