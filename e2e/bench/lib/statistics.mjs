/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below which this share of all lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** All values in a few words, so that a median can be judged. */
export function spread(values) {
  const rounded = values.map((value) => Math.round(value));
  return `median of ${values.length} (${Math.min(...rounded)}–${Math.max(...rounded)})`;
}
