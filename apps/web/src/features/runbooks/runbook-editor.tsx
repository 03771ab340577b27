import type { RunbookDto } from '@aiops/contracts';
import { outlineRunbook, parseRunbook } from '@aiops/runbook-format';
import { Alert, Button, Grid, Group, List, Paper, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { UseMutationResult } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ApiError, messageOf } from '../../shared/api/client';
import { YamlEditor, type EditorProblem, type YamlEditorHandle } from './yaml-editor';

interface Props {
  /** Names the draft that survives a closed tab. */
  draftKey: string;
  saved: string;
  isNew: boolean;
  readOnly?: boolean;
  save: UseMutationResult<RunbookDto, Error, string>;
}

const storageKey = (key: string): string => `aiops.runbook-draft.${key}`;

function readDraft(key: string): string | null {
  try {
    return localStorage.getItem(storageKey(key));
  } catch {
    return null;
  }
}
function keepDraft(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(storageKey(key));
    else localStorage.setItem(storageKey(key), text);
  } catch {
    // Without storage a draft lives as long as the page.
  }
}

/** The editor: validated while one types, by the same library that the engine uses. */
export function RunbookEditor({ draftKey, saved, isNew, readOnly = false, save }: Props) {
  const draft = useMemo(() => (readOnly ? null : readDraft(draftKey)), [draftKey, readOnly]);
  const [text, setText] = useState(draft ?? saved);
  const [checked] = useDebouncedValue(text, 200);
  const editor = useRef<YamlEditorHandle>(null);
  const dirty = text !== saved;
  const parsed = useMemo(() => parseRunbook(checked), [checked]);
  const problems = useMemo<EditorProblem[]>(
    () => [
      ...parsed.errors.map((problem) => ({ ...problem, severity: 'error' as const })),
      ...parsed.warnings.map((problem) => ({ ...problem, severity: 'warning' as const })),
    ],
    [parsed],
  );
  useEffect(() => {
    if (!readOnly) keepDraft(draftKey, dirty ? text : null);
  }, [draftKey, text, dirty, readOnly]);
  useBlocker({
    shouldBlockFn: () =>
      !window.confirm('Leave without saving? A draft of your changes is kept in this browser.'),
    enableBeforeUnload: dirty,
    disabled: !dirty || save.isPending || save.isSuccess,
  });
  const canSave = !readOnly && (dirty || isNew) && parsed.errors.length === 0 && checked === text;
  const submit = (): void => {
    if (canSave) save.mutate(text);
  };
  return (
    <Stack>
      {draft !== null && draft !== saved && (
        <Text size="sm">These are your unsaved changes from before.</Text>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <YamlEditor
            ref={editor}
            value={text}
            problems={problems}
            readOnly={readOnly}
            onChange={setText}
            onSave={submit}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            <Problems problems={problems} goTo={(line, column) => editor.current?.goTo(line, column)} />
            {parsed.runbook !== null && (
              <Outline
                outline={outlineRunbook(parsed.runbook)}
                goTo={(line) => editor.current?.goTo(line, 1)}
              />
            )}
          </Stack>
        </Grid.Col>
      </Grid>
      <SaveError error={save.error} />
      {!readOnly && (
        <Group>
          <Button disabled={!canSave} loading={save.isPending} onClick={submit}>
            {isNew ? 'Create runbook' : 'Save version'}
          </Button>
          {dirty && (
            <Button variant="subtle" color="gray" onClick={() => setText(saved)}>
              Undo all changes
            </Button>
          )}
          <Text size="xs" c="dimmed">
            {parsed.errors.length > 0
              ? 'Mend the errors first.'
              : 'Ctrl+S saves. Saving never changes a version: it adds one.'}
          </Text>
        </Group>
      )}
    </Stack>
  );
}

function Problems({
  problems,
  goTo,
}: {
  problems: EditorProblem[];
  goTo(line: number, column: number): void;
}) {
  return (
    <Paper withBorder p="md" aria-live="polite">
      <Title order={2} size="h3" mb="xs">
        {problems.length === 0 ? 'No problems' : `Problems (${problems.length})`}
      </Title>
      {problems.map((problem, index) => (
        <UnstyledButton
          key={index}
          onClick={() => goTo(problem.line, problem.column)}
          display="block"
          w="100%"
          py={3}
          className="row"
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <span style={{ color: problem.severity === 'error' ? 'var(--c-failed)' : 'var(--c-warning)' }}>
              {problem.severity === 'error' ? '✕' : '▲'}
            </span>{' '}
            Line {problem.line}: {problem.message}
          </Text>
        </UnstyledButton>
      ))}
    </Paper>
  );
}

const sectionWords = { steps: 'Step', rollback: 'Rollback', verify: 'Proof' } as const;

function Outline({
  outline,
  goTo,
}: {
  outline: ReturnType<typeof outlineRunbook>;
  goTo(line: number): void;
}) {
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="xs">
        Outline
      </Title>
      {outline.map((item) => (
        <UnstyledButton
          key={`${item.section}:${item.index}`}
          onClick={() => goTo(item.line)}
          display="block"
          w="100%"
          py={3}
          className="row"
        >
          <Text size="sm">
            <Text span c="dimmed">
              {sectionWords[item.section]} {item.index + 1}
            </Text>{' '}
            {item.name} {item.kind === 'http' ? '· HTTP' : ''} {item.approval ? '· ‖ asks' : ''}
          </Text>
        </UnstyledButton>
      ))}
    </Paper>
  );
}

function SaveError({ error }: { error: Error | null }) {
  if (error === null) return null;
  const errors = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return (
    <Alert variant="outline" color="gray" title="Not saved" role="alert">
      <Text size="sm">{messageOf(error)}</Text>
      <List size="sm">
        {errors.map(({ field, message }) => (
          <List.Item key={field + message}>
            {field}: {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
