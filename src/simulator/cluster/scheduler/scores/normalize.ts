/** Makes the best rating 100. */
export function scaleToHundred(ratings: readonly number[]): number[] {
  const most = Math.max(0, ...ratings)
  return ratings.map(rating => (most > 0 ? Math.floor((rating * 100) / most) : 0))
}

/** Makes no fault 100 and the most faults 0. */
export function invertToHundred(ratings: readonly number[]): number[] {
  return scaleToHundred(ratings).map(rating => 100 - rating)
}
