import { type Engine, overRows, type Termination, type Transitions, terminationProgram } from "@lowerbound/core";

/** Rows that go through the rule at once. */
const ROWS = 1000;
/** Share of the logged steps up to which a rule may go wrong before it is taken for another task's. */
const TOLERANCE = 0.05;

type Logged = Pick<
  Transitions,
  "observation" | "action" | "count" | "observations" | "actions" | "nextObservations" | "terminations"
>;

/** A sentence for the user where a termination rule ends episodes at steps after which the log goes on; undefined where it does not. */
export async function ruleAgainstLogNote(
  engine: Engine,
  termination: Termination,
  logged: Logged,
): Promise<string | undefined> {
  const { count, terminations } = logged;
  const program = await engine.compile(terminationProgram(termination, logged, ROWS));
  const inputs = { observation: logged.observations, action: logged.actions, nextObservation: logged.nextObservations };
  const { ends } = await overRows(program, new Map(), { inputs, count }).finally(() => program.dispose());
  const wrongly = ends?.reduce((total, end, row) => total + (end === 1 && terminations[row] !== 1 ? 1 : 0), 0) ?? 0;
  if (wrongly <= TOLERANCE * count) return undefined;
  const share = Math.round((100 * wrongly) / count);
  return (
    `the termination rule ends episodes at ${share} % of the logged steps, after which the log goes on: it is not this ` +
    "log's. Policies learn to fear states that end nothing; set termination.type to the task's rule, or to never if it has none"
  );
}
