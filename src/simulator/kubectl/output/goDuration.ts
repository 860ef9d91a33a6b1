/** Milliseconds as Go prints a duration: `1m30s`, `1h0m0s`, `500ms`. */
export function formatGoDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s'
  if (Math.abs(milliseconds) < 1000) return `${milliseconds}ms`
  const sign = milliseconds < 0 ? '-' : ''
  const all = Math.abs(milliseconds) / 1000
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor((all % 3600) / 60)
  const seconds = `${Number((all % 60).toFixed(3))}s`
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`
  return `${sign}${minutes > 0 ? `${minutes}m` : ''}${seconds}`
}
