import { z } from 'zod';
import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Up to here rows are counted one by one; beyond it nobody reads the last digit and the planner's estimate does. */
export const COUNT_BOUND = 10_000;

export interface Total {
  total: number;
  totalIsEstimate: boolean;
}

const planSchema = z.tuple([
  z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]) }),
]);

/**
 * How many rows a query leaves: exact up to `COUNT_BOUND`, beyond it what PostgreSQL's statistics say. So that the total
 * of a million rows costs no more than that of ten thousand.
 */
export async function countRows<E extends ObjectLiteral>(
  builder: SelectQueryBuilder<E>,
  manager: EntityManager,
): Promise<Total> {
  const rows = builder.clone().select('1', 'one');
  const [bounded, parameters] = rows
    .clone()
    .limit(COUNT_BOUND + 1)
    .getQueryAndParameters();
  const counted = await manager.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM (${bounded}) AS bounded`,
    parameters,
  );
  const total = counted[0]?.n ?? 0;
  if (total <= COUNT_BOUND) return { total, totalIsEstimate: false };
  const [all] = rows.getQueryAndParameters();
  const [plan] = planSchema.parse(await manager.query(`EXPLAIN (FORMAT JSON) ${all}`, parameters));
  const estimate = Math.round(plan['QUERY PLAN'][0].Plan['Plan Rows']);
  return { total: Math.max(estimate, total), totalIsEstimate: true };
}
