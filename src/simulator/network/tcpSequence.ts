/** How far one sequence number lies behind another; negative when it lies before. Numbers wrap at 2³². */
export function distance(from: number, to: number): number {
  return (to - from) | 0
}
