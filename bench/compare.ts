import type { Measured, Side } from "./sides.js";
import { median, rounded } from "./statistics.js";
import type { Work } from "./works.js";

/** One row of the report; ratios and `ofLimit` are ours over theirs in the work's own unit. */
export type Row = { readonly work: string; readonly unit: string } & Readonly<Record<string, number | string>>;

/** Interleaved rounds of every side, then medians. */
export async function compare(work: Work, sides: readonly Side[], rounds: number, threads: number): Promise<Row> {
  const measured = new Map<Side, Measured[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [side, results] of measured) {
      const result = await side.measure(work);
      results.push(result);
      console.log(`${work.name} round ${round + 1} ${side.name}: ${rounded(result.value)} ${work.unit}`);
    }
  }
  const figures = [...measured].map(
    ([side, results]) => [side.name, median(results.map(({ value }) => value))] as const,
  );
  const own = [...measured].filter(([side]) => side.name === "ours").flatMap(([, results]) => results);
  const limits = own.flatMap(({ limit }) => limit ?? []);
  return rowOf(work, Object.fromEntries(figures), limits, { rounds, threads });
}

type Figures = Readonly<Partial<Record<Side["name"], number>>>;

function rowOf(work: Work, { ours = Number.NaN, builtIn, torch, jax }: Figures, limits: number[], facts: object): Row {
  const limit = limits.length > 0 ? median(limits) : undefined;
  return {
    work: work.name,
    unit: work.unit,
    ours: rounded(ours),
    ...(builtIn !== undefined && { builtIn: rounded(builtIn), ofBuiltIn: rounded(ours / builtIn) }),
    ...(torch !== undefined && { torch: rounded(torch), ratio: rounded(ours / torch) }),
    ...(jax !== undefined && { jax: rounded(jax), ratioJax: rounded(ours / jax) }),
    ...(limit !== undefined && { limit: rounded(limit), ofLimit: rounded(ours / limit) }),
    ...facts,
  };
}
