/** What the kernel says when a file operation fails. */
const errorTexts = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EIO: 'Input/output error',
  ENXIO: 'No such device or address',
  EBADF: 'Bad file descriptor',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EXDEV: 'Invalid cross-device link',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  ENOTEMPTY: 'Directory not empty',
  EPIPE: 'Broken pipe',
  ELOOP: 'Too many levels of symbolic links',
  ENOEXEC: 'Exec format error',
} as const

/** The short name of a failure. */
export type FileErrorCode = keyof typeof errorTexts

/** A file operation that failed; its message is `path: text`, as most programs print it. */
export class FileError extends Error {
  readonly code: FileErrorCode
  readonly path: string

  constructor(code: FileErrorCode, path: string) {
    super(`${path}: ${errorTexts[code]}`)
    this.code = code
    this.path = path
  }

  /** The kernel's words without the path: `No such file or directory`. */
  get text(): string {
    return errorTexts[this.code]
  }
}
