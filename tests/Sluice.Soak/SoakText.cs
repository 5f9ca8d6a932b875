namespace Sluice.Soak;

/// <summary>Prompts of the mix: few words or many, some with a beginning that others have too.</summary>
internal static class SoakText
{
    private static readonly string[] Words = ("the fox ran through old forest and met a small owl that knew where river bends near mill stone bridge tower " +
        "winter morning light fell on quiet town people came with bread apples letters questions songs about far away mountains ships storms").Split(' ');

    private const int KnownTokens = 40;

    private const string Schema = """
        {"type":"object","properties":{"sky":{"enum":["grey","blue"]},"rain":{"type":"boolean"}},"required":["sky","rain"],"additionalProperties":false}
        """;

    private static readonly string[] Beginnings = [.. Enumerable.Range(0, 3).Select(i => Of(new Random(1000 + i), 90))];

    /// <summary>Greedy prompts, the same in every run.</summary>
    public static string[] Known { get; } = [.. Enumerable.Range(0, 12).Select(i => Draw(new Random(i)))];

    /// <summary>
    /// A request whose answer is the same in every run: a plain prompt, or one that goes through an adapter, is held to a schema or keeps a
    /// part of its context.
    /// </summary>
    public static string KnownBody(SoakKind kind, int index)
    {
        string more = kind switch
        {
            SoakKind.Constrained => """{"response_format":{"type":"json_schema","json_schema":{"name":"sky","schema":""" + Schema + "}},",
            SoakKind.Discarding => """{"kv_window":40,"kv_sinks":4,"kv_heavy":32,""",
            _ => "{",
        };
        string model = kind == SoakKind.Adapted ? "demo:pirate" : "demo";
        return $$"""{{more}}"model":"{{model}}","prompt":"{{Known[index]}}","max_tokens":{{KnownTokens}},"temperature":0,"stream":true}""";
    }

    public static string Draw(Random random)
    {
        string own = Of(random, random.Next(4) == 0 ? random.Next(150, 220) : random.Next(2, 30));
        return random.Next(2) == 0 ? own : $"{Beginnings[random.Next(Beginnings.Length)]} {own}";
    }

    public static string TooLong { get; } = Of(new Random(7), 5000);

    private static string Of(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));
}
