/** Whether a call of the file system failed: no space, no permission, no such folder. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
