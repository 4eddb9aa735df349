/** Called with the current step, in words for a progress line. */
export type OnProgress = (message: string) => void;
