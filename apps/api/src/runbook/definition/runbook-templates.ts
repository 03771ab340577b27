import { parseRunbook, RUNBOOK_TEMPLATES } from '@aiops/runbook-format';

/** A runbook to begin with, and what its own text says of it. */
export interface DescribedTemplate {
  name: string;
  description: string;
  category: string;
  tags: string[];
  yaml: string;
}

/** Those that come with the format. */
export const describedTemplates: readonly DescribedTemplate[] = RUNBOOK_TEMPLATES.map(({ name, yaml }) => {
  const { runbook } = parseRunbook(yaml);
  const { description = '', category = null, tags = [] } = runbook ?? {};
  return { name, description, category: category ?? 'general', tags, yaml };
});
