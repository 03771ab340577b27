import { notifications } from '@mantine/notifications';
import { messageOf } from '../api/client';

/** The result of something the person did whose place is not on the screen any more. */
export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 6_000, color: 'gray' });
}

/** An action failed; stays until it is closed. */
export function notifyError(what: string, error: unknown): void {
  notifications.show({ title: what, message: messageOf(error), autoClose: false, color: 'dark' });
}
