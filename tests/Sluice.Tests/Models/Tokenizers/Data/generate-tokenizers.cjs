// Second half of generate.cjs: whole tokenizers over small vocabularies of our own.
const { Tokenizer } = require('tokenizers');
const { shell, texts, randomTexts, write, charsmap } = require('./generate.cjs');

const corpus = ('the quick brown fox jumps over the lazy dog. she sells sea shells on the sea shore! unbelievable, isn\'t it? '
  + 'naïve café déjà vu 12345 1,000.50 don\'t do not they\'ve we\'re こんにちは 世界 你好 привет мир ').repeat(2);
const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);

/** Trains BPE over words of single-character symbols. */
function bpe(words, count, { prefix = '', suffix = '', extra = [] } = {}) {
  const vocab = new Map(extra.map((token, id) => [token, id]));
  const add = token => vocab.has(token) || vocab.set(token, vocab.size);
  let lists = words.map(word => [...word].map((c, i, all) => (i > 0 ? prefix : '') + c + (i === all.length - 1 ? suffix : '')));
  lists.flat().forEach(add);
  const merges = [];
  while (merges.length < count) {
    const pairs = new Map();
    for (const list of lists) for (let i = 0; i + 1 < list.length; i++) { const key = list[i] + '\0' + list[i + 1]; pairs.set(key, (pairs.get(key) ?? 0) + 1); }
    const best = [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (!best || best[1] < 2) break;
    const [left, right] = best[0].split('\0'), merged = left + right.slice(prefix.length);
    merges.push([left, right]);
    add(merged);
    lists = lists.map(list => { const out = []; for (let i = 0; i < list.length; i++) if (list[i] === left && list[i + 1] === right) { out.push(merged); i++; } else out.push(list[i]); return out; });
  }
  return { vocab: Object.fromEntries(vocab), merges };
}
const words = corpus.split(/\s+/).filter(w => w);
const marked = corpus.trim().split(' ').map(w => '▁' + w);

const bpePlain = bpe(words, 60, { extra: ['<unk>'] });
const bpeSuffix = bpe(words, 60, { suffix: '</w>', extra: ['<unk>'] });
const bpePrefix = bpe(words, 60, { prefix: '##', extra: ['<unk>'] });
const bpeMarked = bpe(marked, 80, { extra: ['<unk>', '<s>', '</s>', ...bytes] });
const { byteLevelAlphabet } = { byteLevelAlphabet: () => { const out = []; let n = 256; for (let b = 0; b < 256; b++) out.push(
  (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174 ? String.fromCharCode(b) : String.fromCharCode(n++)); return out; } };
const alphabet = byteLevelAlphabet();
const toBytes = text => [...Buffer.from(text)].map(b => alphabet[b]).join('');
const bpeBytes = bpe((corpus.match(/ ?\S+/g)).map(toBytes), 120, { extra: alphabet });

const unigramVocab = (() => {
  const counts = new Map();
  for (const word of marked) for (let i = 0; i < word.length; i++) for (let n = 1; n <= 5 && i + n <= word.length; n++) { const s = word.slice(i, i + n); counts.set(s, (counts.get(s) ?? 0) + 1); }
  const chosen = [...counts].filter(([s, n]) => s.length === 1 || n >= 4).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 160);
  return [['<pad>', 0], ['</s>', 0], ['<unk>', 0], ...chosen.map(([s, n], i) => [s, Math.log(n / 2000) + s.length * 0.7 - i * 1e-5])];
})();
const wordPieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...new Set([...corpus.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f\s]/g, '')].flatMap(c => [c, '##' + c])),
  'the', 'quick', 'sea', '##lls', 'un', '##believ', '##able', 'fox', 'jump', '##s', 'do', 'not', '##n', 't', "'", 's', 've', 're', 'm', 'naive', 'cafe', '12', '##345'];
const byId = list => Object.fromEntries([...new Set(list)].map((token, id) => [token, id]));
const token = (id, content, flags = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...flags });
const model = (parts, base) => ({ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false, ...base, ...parts });
const template = (before, after, ids) => ({ type: 'TemplateProcessing',
  single: [...before.map(id => ({ SpecialToken: { id, type_id: 0 } })), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(id => ({ SpecialToken: { id, type_id: 0 } }))],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries([...before, ...after].map(id => [id, { id, ids: [ids[id]], tokens: [id] }])) });
const metaspace = scheme => ({ type: 'Metaspace', replacement: '▁', prepend_scheme: scheme, split: true });
const llamaDecoder = { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] };
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const bpeSize = m => Object.keys(m.vocab).length;

const configs = {
  'bpe-unk': shell({ pre_tokenizer: { type: 'Whitespace' }, model: model({ unk_token: '<unk>' }, bpePlain) }),
  'bpe-fused-unk': shell({ pre_tokenizer: { type: 'WhitespaceSplit' }, model: model({ unk_token: '<unk>', fuse_unk: true }, bpePlain) }),
  'bpe-drop-unknown': shell({ pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: { type: 'Fuse' }, model: model({}, bpePlain) }),
  'bpe-suffix': shell({ pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: { type: 'BPEDecoder', suffix: '</w>' }, model: model({ end_of_word_suffix: '</w>', unk_token: '<unk>' }, bpeSuffix) }),
  'bpe-prefix': shell({ pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: { type: 'WordPiece', prefix: '##', cleanup: false }, model: model({ continuing_subword_prefix: '##', unk_token: '<unk>' }, bpePrefix) }),
  'bpe-ignore-merges': shell({ pre_tokenizer: { type: 'Sequence', pretokenizers: [byteLevel] }, decoder: byteLevel,
    model: model({ ignore_merges: true }, { vocab: { ...bpeBytes.vocab, ...Object.fromEntries(['Ġunbelievablexyz', 'jumpsĠover', 'lazzy'].map((t, i) => [t, bpeSize(bpeBytes) + i])) }, merges: bpeBytes.merges }) }),
  'bytes': shell({ normalizer: { type: 'NFC' }, pre_tokenizer: byteLevel, decoder: byteLevel, post_processor: byteLevel, model: model({}, bpeBytes),
    added_tokens: [token(bpeSize(bpeBytes), '<|end|>'), token(bpeSize(bpeBytes) + 1, '<tool>', { special: false }), token(bpeSize(bpeBytes) + 2, '<ñ>', { special: false, normalized: true })] }),
  'bytes-prefix-space': shell({ pre_tokenizer: { ...byteLevel, add_prefix_space: true }, decoder: byteLevel, model: model({}, bpeBytes),
    post_processor: { type: 'RobertaProcessing', sep: ['<|end|>', bpeSize(bpeBytes)], cls: ['<|begin|>', bpeSize(bpeBytes) + 1], trim_offsets: true, add_prefix_space: true },
    added_tokens: [token(bpeSize(bpeBytes), '<|end|>'), token(bpeSize(bpeBytes) + 1, '<|begin|>')] }),
  'byte-level-normalizer': shell({ normalizer: { type: 'ByteLevel' }, pre_tokenizer: { type: 'Split', pattern: { String: 'Ġ' }, behavior: 'MergedWithNext', invert: false }, decoder: byteLevel, model: model({}, bpeBytes) }),
  'llama': shell({ normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] }, decoder: llamaDecoder,
    post_processor: template(['<s>'], [], { '<s>': 1 }), model: model({ unk_token: '<unk>', fuse_unk: true, byte_fallback: true }, bpeMarked),
    added_tokens: [token(0, '<unk>'), token(1, '<s>'), token(2, '</s>', { rstrip: true })] }),
  'llama-metaspace-first': shell({ pre_tokenizer: { ...metaspace('first'), split: false }, decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }] },
    model: model({ unk_token: '<unk>', fuse_unk: true, byte_fallback: true }, bpeMarked), added_tokens: [token(1, '<s>'), token(2, '</s>')] }),
  't5': shell({ normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap }, pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace('always')] }, decoder: metaspace('always'),
    post_processor: template([], ['</s>'], { '</s>': 1 }), model: { type: 'Unigram', unk_id: 2, vocab: unigramVocab, byte_fallback: false }, added_tokens: [token(0, '<pad>'), token(1, '</s>'), token(2, '<unk>')] }),
  'unigram-bytes': shell({ pre_tokenizer: metaspace('always'), decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, metaspace('always')] },
    model: { type: 'Unigram', unk_id: 2, vocab: [...unigramVocab, ...bytes.map(b => [b, 0])], byte_fallback: true }, added_tokens: [token(1, '</s>')] }),
  'unigram-whole': shell({ normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' }, decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'never' }, model: { type: 'Unigram', unk_id: 2, vocab: unigramVocab, byte_fallback: false } }),
  'bert': shell({ normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true }, pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] }, decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 20, vocab: byId(wordPieces) },
    added_tokens: [token(0, '[PAD]'), token(1, '[UNK]'), token(2, '[CLS]'), token(3, '[SEP]'), token(4, '[MASK]', { lstrip: true })] }),
  'word-level': shell({ pre_tokenizer: { type: 'Whitespace' }, model: { type: 'WordLevel', unk_token: '<unk>', vocab: byId(['<unk>', ...words, ',', '.', '!', "'"]) } }),
  'ctc': shell({ pre_tokenizer: { type: 'Split', pattern: { Regex: '' + '.' }, behavior: 'Isolated', invert: false }, decoder: { type: 'CTC', pad_token: '<pad>', word_delimiter_token: '|', cleanup: true },
    model: { type: 'WordLevel', unk_token: '<unk>', vocab: byId(['<pad>', '<unk>', '|', ...'abcdefghijklmnopqrstuvwxyz\'.,']) } }),
  'added-flags': shell({ normalizer: { type: 'Lowercase' }, pre_tokenizer: { type: 'WhitespaceSplit' }, model: model({ unk_token: '<unk>' }, bpePlain), post_processor: { type: 'Sequence', processors: [
      byteLevel, template(['<a>'], ['<b>'], { '<a>': bpeSize(bpePlain), '<b>': bpeSize(bpePlain) + 1 })] },
    added_tokens: [token(bpeSize(bpePlain), '<a>', { lstrip: true }), token(bpeSize(bpePlain) + 1, '<b>', { rstrip: true }), token(bpeSize(bpePlain) + 2, 'DOG', { special: false, normalized: true, single_word: true }),
      token(bpeSize(bpePlain) + 3, 'Sea', { special: false, single_word: true }), token(bpeSize(bpePlain) + 4, 'Sea shore', { special: false, lstrip: true, rstrip: true }), token(bpeSize(bpePlain) + 5, '<a><b>')] }),
};

const special = ['<s>the fox</s>  jumps', 'the <a> quick  <b>  fox<a><b>', 'a dog, DOG hotdog dog-house Sea Sea- Seas Sea shore!', '[CLS] the [MASK] fox [SEP]', '<|end|><tool>x<|begin|> y <ñ> <n\u0303>', '<unk> <pad>x'];
const own = ['the quick brown fox', 'unbelievable, isn\'t it?', 'she sells sea shells.', 'jumps over unbelievablexyz lazzy', 'they\'ve don\'t do not we\'re I \' m', 'xyzzy Ж 你好世界 😀😀 12345'];
const all = [...texts, ...own, ...special, ...randomTexts(12, 3)];

(async () => {
  const rows = [];
  for (const [name, tokenizer] of Object.entries(configs)) {
    const t = Tokenizer.fromString(JSON.stringify(tokenizer));
    const cases = [];
    for (const text of all) {
      const ids = [...(await t.encode(text, null, { addSpecialTokens: false })).getIds()];
      const special = [...(await t.encode(text, null, { addSpecialTokens: true })).getIds()];
      cases.push([text, ids, special, await t.decode(special, false), await t.decode(special, true)]);
    }
    rows.push({ name, tokenizer, cases });
  }
  write('tokenizers', rows);
})();
