/** What names of requests, answers of a target or records of a machine may hold at worst. */
export const HOSTILE = [
  "\u001b[2J",
  "\u001b]0;owned\u0007",
  "\u001b[8m",
  "\u009b31m",
  "\u007f",
  "\r",
  "\n",
  "\t",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u061c",
  "::error::owned",
  "::stop-commands::owned",
  "##[error]owned",
  "##vso[task.complete]owned",
  "section_start:1:owned\r\u001b[0K",
  "  ",
  "###",
  ":",
];

/** What a terminal or a CI system obeys: nothing of it may be written. */
export const OBEYED = /[^\P{Cc}\n\t]|[\p{Bidi_Control}\u2028\u2029]|^\s*::|##\w*\[/mu;

/** All of it in one text. It begins as a command and has a second line that would pass for one of ours. */
export const HOSTILE_TEXT = `::warning::owned${HOSTILE.join("")}\nowned line`;
