// Writes the reference data beside this file with Hugging Face's own library: npm i tokenizers@0.23.2, then node generate.cjs.
// One JSON object a line. Texts and vocabularies are our own.
const fs = require('fs');
const { Tokenizer } = require('tokenizers');

const texts = [
  '', ' ', 'Hello, world!', '  two  spaces  ', 'tab\tnew\nline\r\n\r\nend ', "It's DON'T we'll I'VE 'sm", 'naïve café e\u0301 A\u030a\u0327 Å ÅÅ',
  'ﬁ ﬂ ½ ² ℃ ㍿ ﷺ Ⅷ', '한국어 텍스트 \u1112\u1161\u11ab', 'こんにちは世界ー カタカナ', '我在apple工作1314天。', 'Привет, МИР! Ёлка', 'İstanbul ıI ẞß ΣΑΣ',
  'हिन्दी कक्षा', 'العربية ١٢٣', '😀👩‍👩‍👧 🇩🇪 ✅\ufe0f', '12345 1,234.56 ¾٣', '__init__ a_b-c d.e!?...', '\u0001\u0007x\u007f\u200b\u200f\ufeff y\u00a0z\u3000w\u2028v',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐨 \ue000 \u0378', '▁marked▁▁text ▁', "$1+2=3 <b>x^2</b> `code` ~ |", 'e\u0323\u0307 e\u0307\u0323 \u0344 \u1e9b\u0323', 'ＡＢＣ　ｘｙｚ！',
];

function random(seed) {
  let state = seed >>> 0;
  return n => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 4294967296 * n); };
}
function randomTexts(count, seed) {
  const next = random(seed);
  const ranges = [[32, 95], [97, 26], [65, 26], [48, 10], [9, 5], [0xa0, 0x160], [0x300, 0x70], [0x370, 0x190], [0x5d0, 0x30], [0x900, 0x80], [0x1100, 0x100],
    [0x2000, 0x70], [0x2070, 0x140], [0x3040, 0xc0], [0x4e00, 0x200], [0xac00, 0x200], [0xf900, 0x80], [0xff00, 0x60], [0x1d400, 0x80], [0x1f300, 0x300]];
  return Array.from({ length: count }, () => {
    let text = '';
    for (let i = 0, n = 1 + next(14); i < n; i++) {
      const [first, size] = ranges[next(3) === 0 ? next(ranges.length) : next(5)];
      text += String.fromCodePoint(first + next(size));
    }
    return text;
  });
}

const charsmap = (() => {
  // A double array over two rules: "ﬁ" -> "fi", "Ａ" -> "A". Built by hand: unit = label | leaf bit 8 | offset << 10.
  const units = new Uint32Array(4096), rules = [['ﬁ', 0], ['Ａ', 3], ['㍿', 5]];
  const strings = Buffer.from('fi\0A\0Inc\0');
  let free = 256;
  const trie = { next: new Map() };
  for (const [key, value] of rules) {
    let node = trie;
    for (const b of Buffer.from(key)) { if (!node.next.has(b)) node.next.set(b, { next: new Map() }); node = node.next.get(b); }
    node.value = value;
  }
  function place(node, at) {
    const base = free; free += 256;
    units[at] = (units[at] & 0xff) | ((base ^ at) << 10) | (node.value !== undefined ? 1 << 8 : 0);
    if (node.value !== undefined) units[base] = (node.value | 0x80000000) >>> 0;
    for (const [b, child] of node.next) { units[base ^ b] = b; place(child, base ^ b); }
  }
  place(trie, 0);
  const size = Buffer.alloc(4); size.writeUInt32LE(units.length * 4);
  return Buffer.concat([size, Buffer.from(units.buffer), strings]).toString('base64');
})();

const normalizers = [
  { type: 'NFC' }, { type: 'NFD' }, { type: 'NFKC' }, { type: 'NFKD' }, { type: 'Lowercase' }, { type: 'StripAccents' }, { type: 'Nmt' },
  { type: 'Strip', strip_left: true, strip_right: true }, { type: 'Strip', strip_left: true, strip_right: false },
  { type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }, { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
  { type: 'Replace', pattern: { Regex: ' {2,}' }, content: '▁' }, { type: 'ByteLevel' }, { type: 'Precompiled', precompiled_charsmap: charsmap },
  { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: false, strip_accents: false, lowercase: false },
  { type: 'BertNormalizer', clean_text: false, handle_chinese_chars: true, strip_accents: true, lowercase: false },
  { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }] },
  { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] },
];

const split = (pattern, behavior, invert = false) => ({ type: 'Split', pattern, behavior, invert });
const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const preTokenizers = [
  { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }, { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: false },
  { type: 'Whitespace' }, { type: 'WhitespaceSplit' }, { type: 'BertPreTokenizer' }, { type: 'UnicodeScripts' }, { type: 'Digits', individual_digits: true },
  { type: 'Digits', individual_digits: false }, { type: 'CharDelimiterSplit', delimiter: 'e' }, { type: 'FixedLength', length: 3 },
  ...behaviors.map(behavior => ({ type: 'Punctuation', behavior })),
  ...behaviors.flatMap(behavior => [split({ String: ' ' }, behavior), split({ Regex: '\\s+|[aeiou]' }, behavior), split({ Regex: '\\w+' }, behavior, true)]),
  ...['always', 'first', 'never'].flatMap(prepend_scheme => [true, false].map(split => ({ type: 'Metaspace', replacement: '▁', prepend_scheme, split }))),
  { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }] },
  { type: 'Sequence', pretokenizers: [{ type: 'Punctuation', behavior: 'Contiguous' }, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    { type: 'Digits', individual_digits: false }, split({ Regex: '[0-9][0-9][0-9]' }, 'Isolated')] },
  { type: 'Sequence', pretokenizers: [{ type: 'UnicodeScripts' }, { type: 'Digits', individual_digits: true }] },
  ...[
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
    ' ?[^(\\s|[.,!?…。，、।۔،])]+', '[\\p{Han}]+|[\\p{L}&&[^\\p{Han}]]+', '\\d{1,3}(?=(?:\\d{3})*\\b)', '(?=(\\d{3})+(?!\\d))', '(?<=[a-z])(?=[A-Z])', '(?<!\\s)\\s|\\b',
    '[[:alpha:]]+|[[:^alpha:][:space:]]', '\\s+$|^\\w', '(?:ab|a)(?:c|bcd)?', '(a+?)(b*)|x??y', '(?i)ſ|K|σ|θ', '\\p{^L}+|\\P{^N}', '.', '(?m:.)+', '(a*)*b|(?:)',
    '[^\\p{L}\\p{M}]+', '(?>\\s+)\\S', '\\p{N}{2}+', '[\\x{4e00}-\\x{9fff}\\u3040-\\u309f]', '\\h+|\\R?', '[a-c-e]+|[]a]|[a\\]]', '(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+',
  ].flatMap(Regex => [split({ Regex }, 'Isolated'), split({ Regex }, 'Removed')]),
];

const shell = parts => ({ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null,
  model: { type: 'BPE', vocab: { a: 0 }, merges: [] }, ...parts });
const open = parts => Tokenizer.fromString(JSON.stringify(shell(parts)));
const write = (name, rows) => fs.writeFileSync(`${__dirname}/${name}.jsonl`, rows.map(row => JSON.stringify(row) + '\n').join(''));

const normalizerTexts = [...texts, ...randomTexts(24, 1)];
write('normalizers', normalizers.map(config => {
  const normalizer = open({ normalizer: config }).getNormalizer();
  return { config, cases: normalizerTexts.map(text => [text, normalizer.normalizeString(text)]) };
}));

const splitTexts = [...texts.filter(text => text.length > 0), ...randomTexts(12, 2), 'aaabbbcd ab abcd xyxy y', 'fooBarBaz FOObar', '1234567 12 1234', 'a b c STRASSE straße K ſ Σ', 'x\ny \n z  '];
write('pretokenizers', preTokenizers.flatMap(config => {
  let pre;
  try { pre = open({ pre_tokenizer: config }).getPreTokenizer(); } catch (e) { console.error('refused by the reference:', JSON.stringify(config), e.message); return []; }
  return [{ config, cases: splitTexts.map(text => [text, pre.preTokenizeString(text).map(piece => piece[0])]) }];
}));
module.exports = { shell, texts, randomTexts, write, charsmap };
if (require.main === module) require('./generate-tokenizers.cjs');
