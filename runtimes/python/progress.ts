/** Told what is being done, in words for a progress line. */
export type OnProgress = (message: string) => void;
