import { parseRunbook, RUNBOOK_TEMPLATES } from '@aiops/runbook-format';

/** A runbook to begin with, and what its own text says of it. */
export interface DescribedTemplate {
  name: string;
  description: string;
  category: string;
  tags: string[];
  yaml: string;
}

const described: DescribedTemplate[] = RUNBOOK_TEMPLATES.map(({ name, yaml }) => {
  const { runbook } = parseRunbook(yaml);
  const { description = '', category = null, tags = [] } = runbook ?? {};
  return { name, description, category: category ?? 'general', tags, yaml };
});

/** Templates with a text in their name, description or category; all when none is given. */
export function templatesWith(text = ''): DescribedTemplate[] {
  const wanted = text.toLowerCase();
  return described.filter(({ name, description, category }) =>
    [name, description, category].some((part) => part.toLowerCase().includes(wanted)),
  );
}
