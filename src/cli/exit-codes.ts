/** What the process ends with; scripts rely on it, and the root help lists it. */
export const exitCodes = {
  done: 0,
  /** A fault of evenkeel itself, or of the machine (doctor). */
  unexpected: 1,
  /** Wrong usage, config, data or folder: the person can mend it. */
  input: 2,
  /** The study ended, but some trials failed for good. */
  failedTrials: 3,
  /** A check that was asked for found something (audit --fail-on). */
  failedCheck: 4,
  /** Stopped by Ctrl-C or SIGTERM; the same command goes on. */
  interrupted: 130,
} as const
