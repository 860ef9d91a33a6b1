/** Rows as crictl prints them: every cell but the last takes twenty places, or three more than the longest. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const count = rows[0]?.length ?? 0
  const widths = Array.from({ length: count }, (_, column) => Math.max(20, ...rows.map(row => row[column]!.length + 3)))
  return rows
    .map(row => `${row.map((cell, column) => (column === count - 1 ? cell : cell.padEnd(widths[column]!))).join('')}\n`)
    .join('')
}

/** How long ago something was, as Docker's tools say it: `2 minutes ago`. */
export function agoText(duration: number): string {
  const seconds = Math.floor(duration / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60 + 0.5)
  const text =
    seconds < 1
      ? 'Less than a second'
      : seconds === 1
        ? '1 second'
        : seconds < 60
          ? `${seconds} seconds`
          : minutes === 1
            ? 'About a minute'
            : minutes < 60
              ? `${minutes} minutes`
              : hours === 1
                ? 'About an hour'
                : hours < 48
                  ? `${hours} hours`
                  : `${Math.floor(hours / 24)} days`
  return `${text} ago`
}

/** An id as tables show it. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 13)
}

/** A size as tables show it: with three digits, in steps of a thousand. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${Number(value.toPrecision(3))}${units[unit]}`
}
