/** How many of all pods a field stands for that is a count or a percentage, like `maxUnavailable: 25%`. */
export function portion(value: number | string, total: number, round: (count: number) => number = Math.ceil): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * total) / 100)
}
