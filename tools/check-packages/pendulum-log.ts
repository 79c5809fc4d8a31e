// A log of a pendulum pushed at random, as a user's own program would write it.
import { writeFile } from "node:fs/promises";
import { Random } from "@lowerbound/core";
import { environmentFactory } from "@lowerbound/environments";

/** Ten runs of fifty steps as JSON Lines. */
export async function writePendulumLog(path: string): Promise<void> {
  const environment = await environmentFactory("pendulum").create();
  const random = Random.fromSeed(1);
  const rows: string[] = [];
  for (let run = 0; run < 10; run++) {
    let observation = environment.reset(run);
    for (let step = 0; step < 50; step++) {
      const action = random.uniform(new Float32Array(1)).map((unit) => 2 * unit - 1);
      const next = environment.step(action);
      const flags = { terminated: false, truncated: step === 49 };
      rows.push(
        JSON.stringify({ run, observation: [...observation], action: [...action], reward: next.reward, ...flags }),
      );
      observation = next.observation;
    }
  }
  environment.close();
  await writeFile(path, `${rows.join("\n")}\n`);
}
