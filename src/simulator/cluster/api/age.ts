const second = 1000
const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** A duration as tables show it, at most two units: `47s`, `5m30s`, `2d3h` (k8s.io/apimachinery/pkg/util/duration). */
export function formatAge(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / second)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * minute) return `${seconds}s`
  const minutes = Math.floor(seconds / minute)
  if (minutes < 10) return withRest(minutes, 'm', seconds % minute, 's')
  if (minutes < 3 * 60) return `${minutes}m`
  const hours = Math.floor(seconds / hour)
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (hours < 8 * 24) return withRest(Math.floor(hours / 24), 'd', hours % 24, 'h')
  const days = Math.floor(seconds / day)
  if (days < 2 * 365) return `${days}d`
  if (days < 8 * 365) return withRest(Math.floor(seconds / year), 'y', days % 365, 'd')
  return `${Math.floor(seconds / year)}y`
}

function withRest(count: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`
}
