import { Tooltip } from '@mantine/core';
import { ageOf, useNow } from '../live/clock';

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** How long ago, with the exact time on hover and for machines. */
export function Age({ at, suffix = '' }: { at: string; suffix?: string }) {
  const now = useNow();
  return (
    <Tooltip label={absolute.format(new Date(at))} openDelay={300}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {ageOf(now - Date.parse(at))}
        {suffix}
      </time>
    </Tooltip>
  );
}

/** The exact time of day, with the date on hover. */
export function At({ at }: { at: string }) {
  return (
    <time dateTime={at} title={absolute.format(new Date(at))} style={{ whiteSpace: 'nowrap' }}>
      {clock.format(new Date(at))}
    </time>
  );
}
