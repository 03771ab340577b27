import { serverNow, useAge } from '../live/clock';

const absolute = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
});
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** The exact time with the zone, for a person. */
export const exactTime = (at: string): string => absolute.format(new Date(at));

/** `02:41:07` today, `22 Nov 02:41:07` on any other day: a time of day alone would be taken for today's. */
export function timeOfDay(at: string, now: number): string {
  const time = new Date(at);
  const today = time.toDateString() === new Date(now).toDateString();
  return today ? clock.format(time) : `${day.format(time)} ${clock.format(time)}`;
}

/** How long ago, with the exact time on hover and for machines. */
export function Age({ at, suffix = '' }: { at: string; suffix?: string }) {
  return (
    <time dateTime={at} title={exactTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {useAge(at)}
      {suffix}
    </time>
  );
}

/** The time of day, with the day when it was another one, and all of it on hover. */
export function At({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {timeOfDay(at, serverNow())}
    </time>
  );
}
