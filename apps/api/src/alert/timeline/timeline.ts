import type { ActorDto } from '@aiops/contracts';

/** Who did it, as far as a timeline shows it. */
export type TimelineActor = ActorDto;

/** One thing that happened to an alert. */
export interface TimelineEntry {
  id: string;
  alertId: string;
  at: Date;
  kind: string;
  actor: TimelineActor;
  /** One sentence for a person. */
  summary: string;
  details: Record<string, unknown>;
}

/** What a module says when it adds to a timeline. */
export interface NewTimelineEntry {
  kind: string;
  actor: TimelineActor;
  summary: string;
  details?: Record<string, unknown>;
  /** Now, when not given. */
  at?: Date;
}
