import { type Episode, Random } from "@lowerbound/core";
import { environmentFactory } from "@lowerbound/environments";

/** Episodes of Reacher with smooth random torques: what a planner needs to learn the arm from. */
export async function reacherEpisodes(count: number): Promise<readonly Episode[]> {
  const environment = await environmentFactory("reacher").create();
  const random = Random.fromSeed(5);
  const length = environment.timeLimit;
  try {
    return Array.from({ length: count }, (_, seed): Episode => {
      const observations = new Float32Array(10 * (length + 1));
      const [actions, rewards] = [new Float32Array(2 * length), new Float32Array(length)];
      const torque = new Float32Array(2);
      observations.set(environment.reset(seed));
      for (let t = 0; t < length; t++) {
        const pushed = random.normal(new Float32Array(2));
        torque.set(pushed.map((push, joint) => Math.max(-1, Math.min(1, 0.8 * torque[joint]! + 0.3 * push))));
        const step = environment.step(torque);
        actions.set(torque, 2 * t);
        rewards[t] = step.reward;
        observations.set(step.observation, 10 * (t + 1));
      }
      const sizes = { observation: 10, action: 2, length };
      const ends = { terminated: false, truncated: true, finalObservationKnown: true };
      return { ...sizes, observations, actions, rewards, ...ends };
    });
  } finally {
    environment.close();
  }
}
