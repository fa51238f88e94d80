import { reportFailure } from './failure.ts'
import { createProgram } from './program.ts'

/** Runs a command line; how it went is in `process.exitCode`. */
export async function main(args: readonly string[]): Promise<void> {
  process.stdout.on('error', leaveClosedPipe)
  try {
    await createProgram().parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = reportFailure(error, args)
  }
}

/** Whoever reads our output may stop reading (`| head`); that is no error. */
function leaveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  throw error
}
