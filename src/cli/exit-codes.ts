/** What the process ends with; scripts rely on it, and the root help lists it. */
export const exitCodes = {
  done: 0,
  /** A fault of evenkeel itself, or of the machine (doctor). */
  unexpected: 1,
  /** Wrong usage, config, data or folder: the person can mend it. */
  input: 2,
  /** Ended, but some parts failed: trials of a study for good, or images that predict or evaluate could not read. */
  failedParts: 3,
  /** A check that was asked for found something (audit --fail-on). */
  failedCheck: 4,
  /** Stopped by Ctrl-C or SIGTERM; the same command goes on. */
  interrupted: 130,
} as const
