using System.Text;
using System.Text.RegularExpressions;
using Sluice.Models.Grammars;

namespace Sluice.Tests.Models.Grammars;

public sealed class GrammarMatcherTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    private readonly GrammarVocabulary _vocabulary = new(Tokenizer);

    private const string Person =
        """
        {"type":"object","properties":{"name":{"type":"string","maxLength":4},"age":{"type":"integer","minimum":0,"maximum":130},
        "next":{"anyOf":[{"type":"null"},{"$ref":"#"}]}},"required":["name","age"],"additionalProperties":false}
        """;

    public static TheoryData<string> Schemas =>
    [
        Person,
        """{"type":"array","items":{"enum":["a","b",1,null,{"x":[true]}]},"minItems":1,"maxItems":3,"uniqueItems":true}""",
        """{"oneOf":[{"type":"integer","multipleOf":3},{"type":"integer","minimum":5,"maximum":9}]}""",
        """
        {"type":"object","patternProperties":{"^a+$":{"type":"boolean"}},"additionalProperties":false,"minProperties":1,"maxProperties":2}
        """,
        """{"type":"string","pattern":"^(ab|cd){1,2}$","not":{"const":"abcd"}}""",
        """{"type":"array","contains":{"type":"boolean"},"maxContains":1,"maxItems":3,"items":{"type":["boolean","null"]}}""",
        """{"type":"string","minLength":2,"maxLength":5}""",
        """{"type":"string","pattern":"b[^b]*$","maxLength":9}""",
        """{"type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,4}[a-z0-9])?(\\.[a-z]{2,4})*$","maxLength":12}""",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Mask_AnywhereOnRandomWalks_AllowsWhatIsAcceptedAndNothingElse(string schema)
    {
        var grammar = _vocabulary.Compile(new Grammar.Schema(schema));
        foreach (int seed in Enumerable.Range(1, 5))
        {
            var random = new Random(seed);
            var matcher = grammar.Start();
            var accepted = new List<int>();
            var logits = new float[Tokenizer.VocabularySize];
            while (!matcher.IsFinished && matcher.Tokens < 40)
            {
                logits.AsSpan().Clear();
                Assert.True(matcher.Mask(logits));
                var twin = Replay(grammar, accepted);
                for (int id = 0; id < logits.Length; id++)
                {
                    bool follows = twin.TryAccept(id);
                    Assert.Equal(logits[id] == 0, follows);
                    twin = follows ? Replay(grammar, accepted) : twin;
                }
                Assert.True(float.IsNegativeInfinity(logits[ByteTokenizer.Special0]));
                Assert.Equal(matcher.IsComplete, logits[ByteTokenizer.End] == 0);
                int[] allowed = [.. Enumerable.Range(0, logits.Length).Where(id => logits[id] == 0 && id != ByteTokenizer.End)];
                if (allowed.Length == 0)
                    break;
                accepted.Add(allowed[random.Next(allowed.Length)]);
                Assert.True(matcher.TryAccept(accepted[^1]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Walk_OfRandomTokens_EndsInValidJson(string schema)
    {
        var grammar = _vocabulary.Compile(new Grammar.Schema(schema));
        int ended = 0;
        foreach (int seed in Enumerable.Range(1, 40))
        {
            var random = new Random(seed);
            var matcher = grammar.Start();
            var text = new List<byte>();
            while (!matcher.IsComplete && matcher.Tokens < 400)
            {
                int[] allowed = [.. Enumerable.Range(0, Tokenizer.VocabularySize).Where(matcher.Allows)];
                int token = allowed[random.Next(allowed.Length)];
                Assert.True(matcher.TryAccept(token));
                text.AddRange(Tokenizer.Bytes(token));
            }
            if (!matcher.IsComplete)
                continue;
            ended++;
            string json = Encoding.UTF8.GetString([.. text]);
            Assert.True(NaiveValidator.IsValid(schema, json), $"{json} is not valid by {schema}");
        }
        Assert.True(ended > 0);
    }

    [Fact]
    public void Accept_RandomRegexes_AgreesWithTheRuntime()
    {
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            string pattern = RandomRegex(random, 3);
            var oracle = new Regex($"^(?:{pattern})$", RegexOptions.ECMAScript);
            var grammar = _vocabulary.Compile(new Grammar.Regex(pattern));
            for (int j = 0; j < 30; j++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => "abc1 "[random.Next(5)]));
                Assert.True(oracle.IsMatch(text) == Accepts(grammar, text), $"{pattern} and '{text}'");
            }
        }
    }

    [Theory]
    [InlineData("{\"type\":\"string\",\"minimun\":3}", "minimun")]
    [InlineData("{\"properties\":{\"a\":{\"type\":[\"string\",\"object\"],\"properties\":{\"b\":{\"frobnicate\":1}}}}}", "frobnicate")]
    [InlineData("{\"items\":{\"format\":\"iri\"}}", "iri")]
    [InlineData("{\"uniqueItems\":true}", "uniqueItems")]
    [InlineData("{\"pattern\":\"(?=a)\"}", "look around")]
    [InlineData("{\"$ref\":\"http://example.com/x\"}", "example.com")]
    [InlineData("{\"type\":\"text\"}", "text")]
    [InlineData("{\"enum\":[]}", "no value")]
    [InlineData("{\"required\":[\"a\"],\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}}}", "no value")]
    [InlineData("[1]", "expected an object")]
    [InlineData("{", "not JSON")]
    public void Compile_SchemaBeyondWhatIsSupported_IsRefusedByName(string schema, string name) =>
        Assert.Contains(
            name, Assert.Throws<GrammarException>(() => _vocabulary.Compile(new Grammar.Schema(schema))).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_HostileInput_IsRefusedInTime()
    {
        Grammar[] hostile =
        [
            new Grammar.Regex("((((a{1,1000}){1,1000}){1,1000}){1,1000})"),
            new Grammar.Regex(new string('(', 100_000)),
            new Grammar.Regex("(a|b)*a(a|b){40}"),
            new Grammar.Gbnf("root ::= " + new string('(', 50_000)),
            new Grammar.Gbnf("root ::= (\"a\"{0,2000}){0,2000}"),
            new Grammar.Schema(string.Concat(Enumerable.Repeat("{\"not\":", 5000)) + "{}" + new string('}', 5000)),
            new Grammar.Schema($"{{\"allOf\":[{string.Join(',', Enumerable.Range(0, 30).Select(EitherName))}]}}"),
            new Grammar.Schema("{\"maxLength\":100000000}"),
            new Grammar.Schema("{\"multipleOf\":0.123456789}"),
        ];
        foreach (var grammar in hostile)
            Assert.Throws<GrammarException>(() => _vocabulary.Compile(grammar));

        static string EitherName(int i) => $"{{\"anyOf\":[{{\"required\":[\"a{i}\"]}},{{\"required\":[\"b{i}\"]}}]}}";
    }

    [Fact]
    public void Forced_NameOfAProperty_IsSpeltButForItsLastToken()
    {
        const string Schema =
            """{"type":"object","properties":{"abcabc":{"const":1}},"required":["abcabc"],"additionalProperties":false}""";
        var matcher = _vocabulary.Compile(new Grammar.Schema(Schema)).Start();
        Assert.True(matcher.TryAccept(Tokenizer.Find("{\"")));
        var forced = new int[8];
        int count = matcher.Forced(forced);
        Assert.Equal("abcabc", string.Concat(forced[..count].Select(Tokenizer.Spelling)));
        foreach (int token in forced[..count])
            Assert.True(matcher.TryAccept(token));
    }

    [Fact]
    public void Compile_SequenceOfTextAndSchema_ReadsThemInOrder()
    {
        var call = new Grammar.Sequence(
            [new Grammar.Literal("<call>"), new Grammar.Schema("{\"type\":\"boolean\"}"), new Grammar.Literal("</call>")]);
        var calls = _vocabulary.Compile(new Grammar.Repeat(call, 1, 2));
        Assert.True(Accepts(calls, "<call>true</call>"));
        Assert.True(Accepts(calls, "<call>true</call><call>false</call>"));
        Assert.False(Accepts(calls, "<call>1</call>"));
        Assert.False(Accepts(calls, ""));
        Assert.False(Accepts(calls, "<call>true</call><call>true</call><call>true</call>"));
    }

    [Fact]
    public void Compile_EqualGrammars_AreOne() =>
        Assert.Same(_vocabulary.Compile(new Grammar.Schema(Person)), _vocabulary.Compile(new Grammar.Schema(Person)));

    [Fact]
    public void MaskAndAccept_Warm_AllocateNothing()
    {
        var grammar = _vocabulary.Compile(new Grammar.Schema(Person));
        var ids = new List<int>();
        Tokenizer.Encode("""{"name": "abc", "age": 12, "next": {"name":"b","age":1}}""", default, ids);
        var logits = new float[Tokenizer.VocabularySize];
        Run(grammar.Start());
        var matcher = grammar.Start();
        matcher.Mask(logits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(matcher);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(GrammarMatcher matcher)
        {
            foreach (int id in ids)
            {
                matcher.Mask(logits);
                if (!matcher.TryAccept(id))
                    throw new InvalidOperationException("not accepted");
            }
        }
    }

    private static GrammarMatcher Replay(CompiledGrammar grammar, IEnumerable<int> tokens)
    {
        var matcher = grammar.Start();
        Assert.All(tokens, token => Assert.True(matcher.TryAccept(token)));
        return matcher;
    }

    private static bool Accepts(CompiledGrammar grammar, string text)
    {
        var matcher = grammar.Start();
        return Encoding.UTF8.GetBytes(text).All(value => matcher.TryAccept(value)) && matcher.IsComplete;
    }

    private static string RandomRegex(Random random, int depth) => random.Next(depth == 0 ? 3 : 8) switch
    {
        0 => "a",
        1 => "[a-c]",
        2 => random.Next(2) == 0 ? "\\d" : "\\S",
        3 => $"(?:{RandomRegex(random, depth - 1)})*",
        4 => $"(?:{RandomRegex(random, depth - 1)})?",
        5 => $"(?:{RandomRegex(random, depth - 1)}){{1,3}}",
        6 => $"({RandomRegex(random, depth - 1)}|{RandomRegex(random, depth - 1)})",
        _ => RandomRegex(random, depth - 1) + RandomRegex(random, depth - 1),
    };
}
