/** Paths inside a volume stay inside it. */
export function checkDescendingPath(path: string): string[] {
  const errors = path.startsWith('/') ? ['must be a relative path'] : []
  return path.split('/').includes('..') ? [...errors, "must not contain '..'"] : errors
}

/** Names that begin with two dots are the kubelet's own. */
export function checkOwnPath(path: string): string[] {
  const errors = checkDescendingPath(path)
  return path.startsWith('..') && !path.startsWith('../') ? [...errors, "must not start with '..'"] : errors
}
