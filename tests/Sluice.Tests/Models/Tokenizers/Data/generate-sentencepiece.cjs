// Writes sentencepiece.jsonl with SentencePiece's own code (compiled to WebAssembly): npm i @agnai/sentencepiece-js@1.1.1, then node
// generate-sentencepiece.cjs. Reads the vocabularies of tokenizers.jsonl, so run generate.cjs first.
const fs = require('fs'), os = require('os'), path = require('path');
const { SentencePieceProcessor } = require('@agnai/sentencepiece-js');
const { randomTexts } = require('./generate.cjs');

const varint = n => { const out = []; n = BigInt.asUintN(64, BigInt(n)); do { const b = Number(n & 0x7fn); n >>= 7n; out.push(n ? b | 0x80 : b); } while (n); return Buffer.from(out); };
const number = (field, n) => Buffer.concat([varint(field << 3), varint(n)]);
const bytes = (field, b) => Buffer.concat([varint(field << 3 | 2), varint(b.length), b]);
const float = (field, x) => { const b = Buffer.alloc(4); b.writeFloatLE(x); return Buffer.concat([varint(field << 3 | 5), b]); };

const [NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE] = [1, 2, 3, 4, 5, 6], [UNIGRAM, BPE] = [1, 2];
function model(pieces, type, { byteFallback = false, prefix = true, merge = true, suffix = false, map } = {}) {
  return Buffer.concat([
    ...pieces.map(([text, score, kind]) => bytes(1, Buffer.concat([bytes(1, Buffer.from(text)), float(2, score), number(3, kind)]))),
    bytes(2, Buffer.concat([number(3, type), number(24, suffix ? 1 : 0), number(35, byteFallback ? 1 : 0), number(40, 0), number(41, 1), number(42, 2), number(43, -1)])),
    bytes(3, Buffer.concat([...(map ? [bytes(2, map)] : []), number(3, prefix ? 1 : 0), number(4, merge ? 1 : 0), number(5, 1)])),
  ]);
}

const rows = fs.readFileSync(`${__dirname}/tokenizers.jsonl`, 'utf8').trim().split('\n').map(JSON.parse);
const tokenizer = name => rows.find(row => row.name === name).tokenizer;
const map = Buffer.from(tokenizer('t5').normalizer.precompiled_charsmap, 'base64');
const special = [['<unk>', 0, UNKNOWN], ['<s>', 0, CONTROL], ['</s>', 0, CONTROL]];
const raw = Array.from({ length: 256 }, (_, b) => [`<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`, 0, BYTE]);
const unigram = tokenizer('t5').model.vocab.slice(3).map(([text, score]) => [text, score, NORMAL]);
const user = ['<tok>', 'quick', '▁fox▁jumps', '▁▁▁'].map(text => [text, 0, USER]);
const marked = tokenizer('llama').model;
const made = marked.merges.map(pair => (Array.isArray(pair) ? pair : pair.split(' ')).join(''));
const letters = Object.keys(marked.vocab).filter(text => !/^<.*>$/.test(text) && !made.includes(text));
const bpe = [...new Set(made)].map((text, i) => [text, -i, NORMAL]).concat(letters.map((text, i) => [text, -1000 - i, NORMAL]));
const without = (pieces, others) => pieces.filter(([text]) => !others.some(other => other[0] === text));

const models = {
  unigram: model([...special, ...unigram], UNIGRAM, { map }),
  'unigram-keep-spaces': model([...special, ...unigram], UNIGRAM, { merge: false }),
  'unigram-bytes': model([...special, ...raw, ...unigram], UNIGRAM, { byteFallback: true, map }),
  'unigram-user': model([...special, ...without(unigram, user), ...user], UNIGRAM),
  'unigram-suffix': model([...special, ...unigram], UNIGRAM, { suffix: true }),
  bpe: model([...special, ...raw, ...bpe], BPE, { byteFallback: true, merge: false }),
  'bpe-no-prefix': model([...special, ...raw, ...bpe], BPE, { byteFallback: true, merge: false, prefix: false }),
  'bpe-user': model([...special, ...raw, ...without(bpe, user), ...user], BPE, { byteFallback: true, merge: false }),
};
const words = ['the', 'quick brown fox jumps', 'sea shells', 'unbelievable', 'naïve café', 'déjà vu', '世界', '你好', 'привет', 'hello<tok>', '12345', 'ﬁＡ㍿', '😀', '\n', '  ', '   ', 'don\'t', '!'];
const mixed = Array.from({ length: 30 }, (_, i) => Array.from({ length: 1 + i % 6 }, (_, j) => words[(i * 7 + j * 5) % words.length]).join(i % 3 ? ' ' : ''));

(async () => {
  const out = [];
  for (const [name, bytes] of Object.entries(models)) {
    const file = path.join(os.tmpdir(), `${name}.model`);
    fs.writeFileSync(file, bytes);
    const processor = new SentencePieceProcessor();
    await processor.load(file);
    out.push({ name, model: bytes.toString('base64'), cases: [...mixed, ...randomTexts(20, 5)].map(text => [text, [...processor.encodeIds(text)]]) });
    fs.unlinkSync(file);
  }
  fs.writeFileSync(`${__dirname}/sentencepiece.jsonl`, out.map(row => JSON.stringify(row) + '\n').join(''));
})();
