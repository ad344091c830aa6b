const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
/** Less than the time that Jest gives a test, so that what is waited for is named. */
const LONGEST_WAIT_MS = 55_000;

/**
 * Looks again until the condition holds, less and less often: what is waited for needs the same
 * core. Rejects with the text of the condition where it does not come true.
 */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (
    let pause = FIRST_PAUSE_MS;
    !(await holds());
    pause = Math.min(pause * 1.2, LONGEST_PAUSE_MS)
  ) {
    if (Date.now() > deadline) throw new Error(`Still not so: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
