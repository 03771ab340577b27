import type { AlertDto } from '@aiops/contracts';
import { Box, Checkbox, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { AlertStatusMark, RemediationMark, severityColour, SeverityMark } from '../../shared/ui/badges';
import { Age } from '../../shared/ui/time';

interface Props {
  alerts: AlertDto[];
  selected: ReadonlySet<string>;
  active: number;
  toggle(alert: AlertDto): void;
  selectAll(all: boolean): void;
  open(alert: AlertDto): void;
}

export const targetOf = (alert: AlertDto): string =>
  alert.labels['instance'] ?? alert.labels['host'] ?? alert.labels['service'] ?? alert.labels['job'] ?? '—';

/** A table where there is room, cards where there is none. */
export function AlertTable(props: Props) {
  const narrow = useMediaQuery('(max-width: 48em)');
  return narrow ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows({ alerts, selected, active, toggle, selectAll, open }: Props) {
  const all = alerts.every((alert) => selected.has(alert.id));
  return (
    <Table stickyHeader stickyHeaderOffset={52} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={36}>
            <Checkbox
              size="xs"
              aria-label="Select all shown"
              checked={all}
              indeterminate={!all && selected.size > 0}
              onChange={() => selectAll(!all)}
            />
          </Table.Th>
          <Table.Th>Severity</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Alert</Table.Th>
          <Table.Th>Target</Table.Th>
          <Table.Th ta="right" title="How often it was delivered">
            ×
          </Table.Th>
          <Table.Th>Since</Table.Th>
          <Table.Th>Last</Table.Th>
          <Table.Th>Remediation</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {alerts.map((alert, index) => (
          <Table.Tr
            key={alert.id}
            className="row"
            data-active={index === active}
            onClick={() => open(alert)}
            style={{ boxShadow: `inset 4px 0 0 ${severityColour(alert.severity)}` }}
          >
            <Table.Td onClick={(event) => event.stopPropagation()}>
              <Checkbox
                size="xs"
                aria-label={`Select ${alert.alert_name}`}
                checked={selected.has(alert.id)}
                onChange={() => toggle(alert)}
              />
            </Table.Td>
            <Table.Td>
              <SeverityMark severity={alert.severity} />
            </Table.Td>
            <Table.Td>
              <AlertStatusMark status={alert.status} />
            </Table.Td>
            <Table.Td maw={420}>
              <Link
                to="/alerts/$id"
                params={{ id: alert.id }}
                className="plain"
                onClick={(event) => event.stopPropagation()}
              >
                <Text fw={500} truncate>
                  {alert.alert_name}
                </Text>
              </Link>
              {alert.annotations['summary'] !== undefined && (
                <Text size="xs" c="dimmed" truncate>
                  {alert.annotations['summary']}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{targetOf(alert)}</Table.Td>
            <Table.Td ta="right">{alert.occurrences}</Table.Td>
            <Table.Td>
              <Age at={alert.starts_at} />
            </Table.Td>
            <Table.Td>
              <Age at={alert.last_received_at} />
            </Table.Td>
            <Table.Td>
              <RemediationMark remediation={alert.remediation} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Cards({ alerts, selected, active, toggle, open }: Props) {
  return (
    <Stack gap={0} component="ul" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {alerts.map((alert, index) => (
        <Box
          component="li"
          key={alert.id}
          p="sm"
          className="row"
          data-active={index === active}
          onClick={() => open(alert)}
          style={{
            borderLeft: `4px solid ${severityColour(alert.severity)}`,
            borderBottom: '1px solid var(--c-hairline)',
          }}
        >
          <Group justify="space-between" wrap="nowrap">
            <SeverityMark severity={alert.severity} />
            <Text size="sm" c="dimmed">
              <Age at={alert.starts_at} />
            </Text>
          </Group>
          <Link
            to="/alerts/$id"
            params={{ id: alert.id }}
            className="plain"
            onClick={(event) => event.stopPropagation()}
          >
            <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
              {alert.annotations['summary'] ?? alert.alert_name}
            </Text>
          </Link>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {targetOf(alert)} · ×{alert.occurrences}
          </Text>
          <Group justify="space-between" mt={4}>
            <Group gap="xs">
              <AlertStatusMark status={alert.status} />
              <RemediationMark remediation={alert.remediation} />
            </Group>
            <Checkbox
              aria-label={`Select ${alert.alert_name}`}
              checked={selected.has(alert.id)}
              onClick={(event) => event.stopPropagation()}
              onChange={() => toggle(alert)}
            />
          </Group>
        </Box>
      ))}
    </Stack>
  );
}
