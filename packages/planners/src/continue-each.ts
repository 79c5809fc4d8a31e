import type { Proposal } from "@lowerbound/core";

/** `k` continuations of each node, [nodes][k], by a function that continues a node once for each time it stands there. */
export async function continueEach<Node>(
  nodes: readonly Node[],
  k: number,
  advance: (repeated: readonly Node[]) => Promise<readonly Proposal<Node>[]>,
): Promise<readonly (readonly Proposal<Node>[])[]> {
  const flat = await advance(nodes.flatMap((node) => Array.from({ length: k }, () => node)));
  return nodes.map((_, n) => flat.slice(n * k, (n + 1) * k));
}
