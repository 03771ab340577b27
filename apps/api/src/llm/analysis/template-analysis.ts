import type { AnalysisFacts, AnalysisResult } from './facts.js';
import { median, span, trackRecords, type TrackRecord } from './history.js';

type Evidence = AnalysisResult['evidence'][number];

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/**
 * An analysis from what the engine itself knows, with no model at all: what this alert did before, what fixed it
 * how often, what else fires now, and which runbook matches and why. It never guesses a cause.
 */
export function templateAnalysis(facts: AnalysisFacts): AnalysisResult {
  const records = trackRecords(facts.runs);
  const recommended = recommend(facts, records);
  return {
    summary: [headline(facts), historySentence(facts), fixSentence(records)]
      .filter((text) => text !== '')
      .join(' '),
    rootCause: causeSentence(facts, records),
    impact: impactSentence(facts),
    confidence: confidence(recommended, records),
    evidence: evidence(facts, records),
    recommendedRunbook: recommended,
  };
}

function headline({ alert, now }: AnalysisFacts): string {
  const place = alert.labels['instance'] ?? alert.labels['host'] ?? alert.labels['node'];
  const service = alert.labels['service'] ?? alert.labels['job'];
  const where = [service, place].filter((part) => part !== undefined).join(' on ');
  const since = span(Date.parse(now) - Date.parse(alert.startsAt));
  const said = alert.annotations['summary'] ?? alert.annotations['description'];
  const quote = said === undefined ? '' : ` It says: “${said.slice(0, 200)}”.`;
  const state =
    alert.status === 'resolved' ? `fired ${since} ago and is resolved` : `has been firing for ${since}`;
  return `${alert.alertName}${where === '' ? '' : ` (${where})`} ${state}, severity ${alert.severity}.${quote}`;
}

function historySentence({ episodes }: AnalysisFacts): string {
  if (episodes.length === 0) return 'It has not fired before.';
  const lengths = episodes.flatMap((episode) =>
    episode.resolvedAt === null ? [] : [Date.parse(episode.resolvedAt) - Date.parse(episode.startedAt)],
  );
  const typical = median(lengths);
  const oldest = episodes.at(-1)?.startedAt.slice(0, 10) ?? '';
  const lasted = typical === null ? '' : `, typically for ${span(typical)}`;
  return `It fired ${plural(episodes.length, 'time')} before since ${oldest}${lasted}.`;
}

function fixSentence(records: TrackRecord[]): string {
  const best = records[0];
  if (best === undefined) return 'No runbook has been run for it yet.';
  const time = best.medianMs === null ? '' : `, in ${span(best.medianMs)} on median`;
  return `The runbook ${best.name} fixed it ${best.fixed} of ${plural(best.runs, 'time')}${time}.`;
}

function causeSentence(facts: AnalysisFacts, records: TrackRecord[]): string {
  const best = records[0];
  const earliest = facts.related
    .filter((other) => other.sharedLabels.length > 0 && other.startsAt < facts.alert.startsAt)
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt))[0];
  const hint =
    earliest === undefined
      ? ''
      : ` ${earliest.alertName} started earlier and shares ${earliest.sharedLabels.join(', ')}: look there first.`;
  const pattern =
    best !== undefined && best.fixed > 0
      ? ` Since ${best.name} fixed it before, the cause is likely what that runbook mends.`
      : '';
  return `Not determined: no model took part, this is what the engine has on record.${hint}${pattern}`;
}

function impactSentence({ related, alert }: AnalysisFacts): string {
  const near = related.filter((other) => other.sharedLabels.length > 0);
  if (related.length === 0) return 'Nothing else fires right now.';
  if (near.length === 0)
    return `${plural(related.length, 'other alert')} open, none sharing a label with ${alert.alertName}.`;
  const names = near.slice(0, 3).map((other) => `${other.alertName} (${other.sharedLabels.join(', ')})`);
  const more = near.length > 3 ? ` and ${near.length - 3} more` : '';
  return `${plural(near.length, 'related alert')} also open: ${names.join('; ')}${more}.`;
}

function recommend(facts: AnalysisFacts, records: TrackRecord[]): AnalysisResult['recommendedRunbook'] {
  const matching = facts.candidates.filter((candidate) => candidate.matches);
  const score = (id: string): number => {
    const record = records.find((entry) => entry.runbookId === id);
    return record === undefined ? 0.5 : record.fixed / record.runs;
  };
  const best = [...matching].sort((a, b) => score(b.id) - score(a.id) || a.name.localeCompare(b.name))[0];
  if (best === undefined) return null;
  const record = records.find((entry) => entry.runbookId === best.id);
  const past =
    record === undefined
      ? 'It has not been run for this alert yet.'
      : `It fixed it ${record.fixed} of ${record.runs} times.`;
  return { id: best.id, name: best.name, reason: `${best.reasons.join('; ')}. ${past}` };
}

function confidence(recommended: AnalysisResult['recommendedRunbook'], records: TrackRecord[]): number {
  if (recommended === null) return 0.1;
  const record = records.find((entry) => entry.runbookId === recommended.id);
  if (record === undefined) return 0.3;
  // Laplace's rule of succession: a short record weighs little.
  return Math.round(((record.fixed + 1) / (record.runs + 2)) * 100) / 100;
}

function evidence(facts: AnalysisFacts, records: TrackRecord[]): Evidence[] {
  const earlier = facts.episodes.slice(0, 3).map((episode) => ({
    kind: 'episode',
    text:
      episode.resolvedAt === null
        ? `Fired ${episode.startedAt}, not resolved on record`
        : `Fired ${episode.startedAt} for ${span(Date.parse(episode.resolvedAt) - Date.parse(episode.startedAt))}`,
    ref: null,
  }));
  const runs = records.map((record) => ({
    kind: 'runbook',
    text: `${record.name}: ${record.fixed} of ${plural(record.runs, 'run')} succeeded`,
    ref: record.runbookId,
  }));
  const related = facts.related.slice(0, 5).map((other) => ({
    kind: 'alert',
    text: `${other.alertName} is ${other.severity} since ${other.startsAt}`,
    ref: other.id,
  }));
  const rejected = facts.candidates
    .filter((candidate) => !candidate.matches)
    .slice(0, 3)
    .map((candidate) => ({
      kind: 'no_match',
      text: `${candidate.name}: ${candidate.reasons.join('; ')}`,
      ref: candidate.id,
    }));
  return [...earlier, ...runs, ...related, ...rejected];
}
