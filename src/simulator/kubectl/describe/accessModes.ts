const letters: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** Access modes by their letters: `RWO,RWX`. */
export function accessModes(modes: readonly string[] | undefined): string {
  return Object.keys(letters)
    .filter(mode => modes?.includes(mode))
    .map(mode => letters[mode])
    .join(',')
}
