import { EvenkeelError } from '../base/errors.ts'
import { printable } from '../base/printable.ts'

/** Whether a call of the file system failed: no space, no permission, no such folder. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

/** What is said of a file or folder that is there and cannot be read. */
export function unreadable(path: string, error: unknown): EvenkeelError {
  const reason = error instanceof Error ? error.message : String(error)
  return new EvenkeelError('data.unreadable', `cannot read ${printable(path)}: ${printable(reason)}`, undefined, {
    cause: error,
  })
}
