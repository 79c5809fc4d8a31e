/** Calls of several lanes that are answered together. */
export interface JoinedCalls<Call, Answer> {
  /** Answered once every lane that has not left waits for an answer. */
  call(lane: number, call: Call): Promise<Answer>;
  /** The lane asks no more. */
  leave(): void;
}

interface Waiting<Call, Answer> {
  readonly lane: number;
  readonly call: Call;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Plans run side by side and ask one model: their questions wait for each other, in the order of lanes. */
export function joinCalls<Call, Answer>(
  lanes: number,
  answer: (calls: readonly Call[]) => Promise<readonly Answer[]>,
): JoinedCalls<Call, Answer> {
  let active = lanes;
  let waiting: Waiting<Call, Answer>[] = [];
  const flush = (): void => {
    if (waiting.length === 0 || waiting.length < active) return;
    const batch = waiting.sort((a, b) => a.lane - b.lane);
    waiting = [];
    answer(batch.map(({ call }) => call)).then(
      (answers) => {
        batch.forEach(({ resolve }, i) => {
          resolve(answers[i]!);
        });
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error);
      },
    );
  };
  return {
    call: (lane, call) =>
      new Promise((resolve, reject) => {
        waiting.push({ lane, call, resolve, reject });
        flush();
      }),
    leave: () => {
      active--;
      flush();
    },
  };
}

/** Calls of the same sort answered by one question each; answers in the order of the calls. */
export async function answerBySort<Call, Answer>(
  calls: readonly Call[],
  sortOf: (call: Call) => string,
  answer: (same: readonly Call[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  const sorts = new Map<string, number[]>();
  calls.forEach((call, i) => {
    const sort = sortOf(call);
    sorts.set(sort, [...(sorts.get(sort) ?? []), i]);
  });
  const answers: Answer[] = [];
  for (const indices of sorts.values()) {
    const found = await answer(indices.map((i) => calls[i]!));
    indices.forEach((index, i) => {
      answers[index] = found[i]!;
    });
  }
  return answers;
}
