/** Figures as people read them, each with its unit. */

export function formatCount(value: number): string {
  return group(value.toFixed(0));
}

export function formatRate(value: number): string {
  return group(value.toFixed(1));
}

/** `1,234,567.8`. Not by toLocaleString: loading the rules of all languages takes 20 ms. */
function group(digits: string): string {
  return digits.replace(/(?<=\d)(?=(\d{3})+(?!\d))/g, ",");
}

/** A response time: `0.4 ms`, `210 ms`, `12.3 s`; nothing was measured: `-`. */
export function formatMs(value: number | null): string {
  if (value === null) return "-";
  if (value >= 10_000) return `${formatRate(value / 1000)} s`;
  return `${value < 10 ? Number(value.toFixed(1)) : formatCount(value)} ms`;
}

export function formatRatio(value: number): string {
  const percent = value * 100;
  // A failure or two among many must not read as none.
  if (percent > 0 && percent < 0.01) return "<0.01%";
  return `${Number(percent.toFixed(2))}%`;
}

/** As Locust writes durations: `45s`, `5m`, `1h30m`. */
export function formatSeconds(value: number): string {
  const total = Math.round(value);
  const parts = [
    [Math.floor(total / 3600), "h"],
    [Math.floor(total / 60) % 60, "m"],
    [total % 60, "s"],
  ] as const;
  return parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : "")).join("") || "0s";
}

export function formatBytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${formatRate(value / 1000)} kB`;
  return `${formatRate(value / 1_000_000)} MB`;
}

export function plural(count: number, noun: string): string {
  const many = noun.endsWith("s") ? `${noun}es` : `${noun}s`;
  return `${formatCount(count)} ${count === 1 ? noun : many}`;
}

/** Hexadecimal digits of a hash that people read. */
const HASH_DIGITS = 8;

/** The beginning of a bundle's hash, which is enough to tell it from another. */
export function shortHash(bundle: string): string {
  return bundle.slice(0, HASH_DIGITS);
}
