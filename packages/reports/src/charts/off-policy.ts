import { numberText } from "../page/numbers.js";
import type { Ope } from "../runs/ope.js";
import { type RunRecord, runNames } from "../runs/read-run.js";
import type { Chart, ChartSection, Table } from "./chart.js";
import { type Dot, dots } from "./dots.js";
import { present } from "./frame.js";

/** One comparison of policies, which may lie in several runs' directories. */
interface Compared {
  readonly ope: Ope;
  /** Behind the identifiers of its charts. */
  readonly suffix: string;
  /** Before its titles and sentences. */
  readonly prefix: string;
}

/** Returns of policies as their data let them be estimated, and their ranking; undefined where no run has an `ope.json`. */
export function offPolicyCharts(runs: readonly RunRecord[]): ChartSection | undefined {
  const found = comparedOf(runs);
  if (found.length === 0) return undefined;
  return {
    id: "ope",
    title: "Off-policy evaluation",
    lead: found.flatMap(verdictsOf),
    charts: present(...found.flatMap((each) => [estimatesChart(each), truthChart(each)])),
    notes: remarksOf(found),
    tables: found.map(({ ope }) => estimatesTable(ope)),
  };
}

/** Each comparison once, under the first of the runs that keep it. */
function comparedOf(runs: readonly RunRecord[]): readonly Compared[] {
  const found = new Map<string, { readonly name: string; readonly ope: Ope }>();
  for (const { name, ope } of runs) {
    const key = JSON.stringify(ope);
    if (ope !== undefined && !found.has(key)) found.set(key, { name, ope });
  }
  return [...found.values()].map(({ name, ope }, at) =>
    found.size === 1 ? { ope, suffix: "", prefix: "" } : { ope, suffix: `-${at + 1}`, prefix: `${name}: ` },
  );
}

type Policy = Ope["policies"][number];

/** How policies are called: by what tells them apart. */
function labelsOf({ policies }: Ope): ReadonlyMap<string, string> {
  const runs = [...new Set(policies.map(({ run }) => run))];
  const names = runNames(runs);
  return new Map(
    policies.map(({ run, policy }) => [
      `${run} ${policy}`,
      runs.length === 1 ? policy : `${names[runs.indexOf(run)]} · ${policy}`,
    ]),
  );
}

const hasTruth = ({ policies }: Ope, key: string): boolean =>
  policies.some(({ run, policy, truth }) => `${run} ${policy}` === key && truth !== undefined);

function verdictsOf({ ope, prefix }: Compared): readonly string[] {
  const labels = labelsOf(ope);
  return ope.rankings.map(({ method, selection: { order, quality } }) => {
    const chosen = `${prefix}${method} chooses ${labels.get(order[0] ?? "") ?? order[0]} of ${order.length}`;
    if (quality === undefined) return `${chosen}.`;
    const { candidates, rankCorrelation, regretAtOne } = quality;
    const judged = order.find((key) => hasTruth(ope, key));
    const choice =
      judged === order[0] || judged === undefined ? "the choice" : `choosing ${labels.get(judged)} of those`;
    const agrees = rankCorrelation === null ? "not defined" : numberText(rankCorrelation);
    const lost = regretAtOne === null ? "not known" : numberText(regretAtOne);
    return (
      `${chosen}. Against the true returns of ${candidates}, which it did not see: rank correlation ${agrees}, ` +
      `return lost by ${choice} ${lost}.`
    );
  });
}

/** Why estimates are missing or to be taken with care, each reason once. */
function remarksOf(found: readonly Compared[]): readonly string[] {
  const outcomes = found.flatMap(({ ope }) => ope.policies.flatMap((policy) => policy.outcomes));
  const remarks = outcomes.flatMap(({ method, estimate, refused }) => {
    if (refused !== undefined) return [`${method} refused: ${refused}`];
    return estimate?.warning === undefined ? [] : [`${method}: ${estimate.warning}`];
  });
  return [...new Set(remarks)];
}

/** Policies with their labels, those that the first method ranks highest first. */
function rowsOf(ope: Ope): readonly { readonly label: string; readonly policy: Policy }[] {
  const labels = labelsOf(ope);
  const order = ope.rankings[0]?.selection.order ?? [];
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return ope.policies
    .map((policy) => ({ policy, key: `${policy.run} ${policy.policy}` }))
    .sort((a, b) => rank(a.key) - rank(b.key))
    .map(({ policy, key }) => ({ policy, label: labels.get(key) ?? key }));
}

const methodsOf = ({ policies }: Ope): readonly string[] => [
  ...new Set(policies.flatMap(({ outcomes }) => outcomes.map(({ method }) => method))),
];

function estimatesChart({ ope, suffix, prefix }: Compared): Chart | undefined {
  const { discount, confidence } = ope.options;
  return dots({
    id: `ope-estimates${suffix}`,
    title: `${prefix}Estimated return of each policy`,
    subtitle:
      `From the data alone; line: ${100 * confidence} % interval over logged episodes, without the errors of fitted ` +
      "values, densities and models",
    x: `return discounted by ${discount} (reward units)`,
    kinds: methodsOf(ope),
    dots: rowsOf(ope).flatMap(({ label, policy }) =>
      policy.outcomes.flatMap(({ method, estimate }): readonly Dot[] => {
        if (estimate === undefined || estimate.value === null) return [];
        const { low, high } = estimate.interval;
        const interval = low === null || high === null ? {} : { low, high };
        return [{ row: label, kind: method, value: estimate.value, ...interval }];
      }),
    ),
  });
}

/** A chart of its own: true returns are not discounted, so that their size says nothing of the estimates'. */
function truthChart({ ope, suffix, prefix }: Compared): Chart | undefined {
  return dots({
    id: `ope-truth${suffix}`,
    title: `${prefix}True return of the same policies`,
    subtitle: "As the runs recorded it; no estimate has seen it. Policies in the order of the first method's estimates",
    x: "return (undiscounted, reward units)",
    kinds: ["true return"],
    dots: rowsOf(ope).flatMap(({ label, policy: { truth } }) =>
      truth === undefined ? [] : [{ row: label, kind: "true return", value: truth }],
    ),
  });
}

function estimatesTable(ope: Ope): Table {
  const rankOf = (method: string, { run, policy }: Policy): number | undefined => {
    const order = ope.rankings.find((each) => each.method === method)?.selection.order ?? [];
    const at = order.indexOf(`${run} ${policy}`);
    return at < 0 ? undefined : at + 1;
  };
  return {
    columns: [
      "policy",
      "method",
      "rank",
      "estimate",
      "interval from",
      "interval to",
      "effective episodes",
      "true return, undiscounted",
    ],
    rows: rowsOf(ope).flatMap(({ label, policy }) =>
      policy.outcomes.map(({ method, estimate }) => [
        label,
        method,
        rankOf(method, policy),
        estimate?.value ?? undefined,
        estimate?.interval.low ?? undefined,
        estimate?.interval.high ?? undefined,
        estimate?.effectiveSampleSize ?? undefined,
        policy.truth,
      ]),
    ),
  };
}
