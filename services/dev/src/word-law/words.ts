/** Words that the product's English does without, each with what to write instead. Matched as whole words, in any case. */
export const words: readonly { word: RegExp; say: string }[] = [
  // Also the name of a Unix account, in quotes.
  { word: /\b(nobody|no one)\b(?!["`])/gi, say: "name what is absent: no caller, no consumer, nothing" },
  { word: /\b(somebody|someone|anybody|anyone)\b/gi, say: "name the subject: a caller, a user, another user" },
  { word: /\b(everybody|everyone)\b/gi, say: "name the subject: all users, every service" },
  { word: /\b(whoever|whosoever)\b/gi, say: "name the subject: the caller that, the service that" },
  { word: /\banew\b/gi, say: "again, from zero" },
  { word: /\bfor ever\b/gi, say: "forever, without limit, permanently" },
  { word: /\b(is|are|was|were) told\b/gi, say: "receives, is notified, learns" },
  { word: /\bso many\b/gi, say: "maximum, at most, the number of" },
  { word: /\bbegun\b/gi, say: "started" },
  { word: /\bsigns\b(?! (\w+ ){0,2}(in|out|up|off|sessions?)\b)/gi, say: "characters" },
  { word: /\baloud\b/gi, say: "leave it out, or say where it is reported" },
  { word: /\bwears\b/gi, say: "has" },
  { word: /\b(himself|herself|his(?! her))\b/gi, say: "their, its, or the noun" },
  { word: /\bstands? (in(?! for)|by|before|beside|there|at|on|here|under)\b/gi, say: "is in, is next to, precedes" },
  { word: /\blies? (in|at|beside|there|on|under|before|behind|between)\b/gi, say: "is in, is at, waits in" },
  { word: /\b(is|are|was|were) to be\b/gi, say: "must, should, will" },
  { word: /\bcomes of\b/gi, say: "results from" },
];
