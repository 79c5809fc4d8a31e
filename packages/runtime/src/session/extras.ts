/**
 * Settings of every session that is made, the first one above all.
 *
 * Denormal numbers count as zero: moments of parameters that get no gradient fade into them, and each would cost a
 * hundred times what a number costs. onnxruntime asks the first session of a process alone what its thread shall do, and
 * keeps to that. Without the spinning stop, a session's threads go on spinning after its run and take the cores from the
 * next session's.
 */
export const sessionExtras = (spinning: boolean) => ({
  set_denormal_as_zero: "1",
  intra_op: { allow_spinning: spinning ? "1" : "0" },
  force_spinning_stop: "1",
});
