import type { ExecutionDto } from '@aiops/contracts';
import { Box, Button, Group, Paper, Text, Title } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useHotkeys } from '../../shared/ui/hotkeys';
import { ErrorState } from '../../shared/ui/states';
import { AnsiText } from './ansi-text';
import { toLines, type OutputLine } from './output-buffer';
import { isFinal } from './progress';
import { useOutput } from './use-output';

interface Props {
  execution: ExecutionDto;
  /** Only this step's output, or all. */
  step: number | null;
  showAll(): void;
}

/** Live output: follows the end until somebody scrolls up. */
export function OutputPane({ execution, step, showAll }: Props) {
  const { output, error, loaded } = useOutput(execution.id);
  const [wrap, setWrap] = useState(true);
  const [times, setTimes] = useState(false);
  const lines = useMemo(
    () => toLines(output.chunks).filter((line) => step === null || line.stepIndex === step),
    [output, step],
  );
  useHotkeys({ w: () => setWrap((on) => !on), t: () => setTimes((on) => !on) });
  const name =
    step === null ? 'all steps' : (execution.steps.find((candidate) => candidate.index === step)?.name ?? '');
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          Output of {name}
        </Title>
        <Group gap={6}>
          {step !== null && (
            <Button size="compact-xs" variant="default" onClick={showAll}>
              All steps
            </Button>
          )}
          <Button size="compact-xs" variant="default" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
            Wrap (w)
          </Button>
          <Button size="compact-xs" variant="default" aria-pressed={times} onClick={() => setTimes(!times)}>
            Times (t)
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={lines.length === 0}
            onClick={() => download(execution, lines)}
          >
            Download
          </Button>
        </Group>
      </Group>
      {error !== null && <ErrorState what="The output" error={error} />}
      {lines.length === 0 && loaded ? (
        <Text c="dimmed">{isFinal(execution.status) ? 'There was no output.' : 'No output yet.'}</Text>
      ) : (
        <Log lines={lines} execution={execution} wrap={wrap} times={times} />
      )}
    </Paper>
  );
}

const LINE_HEIGHT = 19;
const NEAR_END = 24;

function Log({
  lines,
  execution,
  wrap,
  times,
}: {
  lines: OutputLine[];
  execution: ExecutionDto;
  wrap: boolean;
  times: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [seen, setSeen] = useState(0);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 30,
  });
  const toEnd = (): void => rows.scrollToIndex(lines.length - 1, { align: 'end' });
  useEffect(() => {
    if (following && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, lines.length, rows]);
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    if (!atEnd && following) setSeen(lines.length);
    setFollowing(atEnd);
  };
  useHotkeys({ f: () => setFollowing((on) => !on) });
  const several = execution.targets.length > 1;
  return (
    <Box pos="relative">
      <div
        className="log"
        ref={box}
        onScroll={onScroll}
        style={{ maxHeight: '60vh', minHeight: 120 }}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Output"
      >
        <div
          style={{
            height: rows.getTotalSize(),
            position: 'relative',
            minWidth: wrap ? undefined : 'max-content',
          }}
        >
          {rows.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (line === undefined) return null;
            return (
              <div
                key={line.key}
                ref={rows.measureElement}
                data-index={row.index}
                style={{
                  position: 'absolute',
                  top: 0,
                  left: 0,
                  width: '100%',
                  transform: `translateY(${row.start}px)`,
                  whiteSpace: wrap ? 'pre-wrap' : 'pre',
                  overflowWrap: wrap ? 'anywhere' : undefined,
                }}
              >
                <Line
                  line={line}
                  times={times}
                  target={
                    several
                      ? (execution.steps.find((step) => step.index === line.stepIndex)?.target ?? '')
                      : ''
                  }
                />
              </div>
            );
          })}
        </div>
      </div>
      {!following && (
        <Button
          size="compact-sm"
          pos="absolute"
          bottom={12}
          right={20}
          onClick={() => {
            setFollowing(true);
            toEnd();
          }}
        >
          ↓ {lines.length - seen > 0 ? `${lines.length - seen} new lines` : 'To the end'} (f)
        </Button>
      )}
    </Box>
  );
}

function Line({ line, times, target }: { line: OutputLine; times: boolean; target: string }) {
  const colour = line.stream === 'stderr' ? '#FF9C57' : line.stream === 'system' ? '#6FB0FF' : undefined;
  return (
    <>
      {times && <span style={{ color: '#95A0AE' }}>{new Date(line.at).toLocaleTimeString()} </span>}
      {target !== '' && <span style={{ color: '#95A0AE' }}>{target} │ </span>}
      <span style={{ color: colour }}>
        <AnsiText text={line.text === '' ? ' ' : line.text} />
      </span>
    </>
  );
}

function download(execution: ExecutionDto, lines: OutputLine[]): void {
  const url = URL.createObjectURL(
    new Blob([`${lines.map((line) => line.text).join('\n')}\n`], { type: 'text/plain' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${execution.runbook.name}-${execution.id}.log`;
  link.click();
  URL.revokeObjectURL(url);
}
