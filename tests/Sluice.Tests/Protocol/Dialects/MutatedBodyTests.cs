using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Dialects;

/// <summary>Bodies broken at random: each is either a request or refused as one, and never anything else.</summary>
public sealed class MutatedBodyTests
{
    private const int Bodies = 20_000;

    private static readonly byte[] Chat = """
        {"model":"m","messages":[{"role":"system","content":"s\u00e9\ud83e\udd8a"},{"role":"user","content":[{"type":"text","text":"a"}],"name":"n"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"1","content":"42"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
        "tool_choice":"auto","max_tokens":9,"temperature":0.5,"stop":["a","b"],"seed":-1,"stream_options":{"include_usage":true},"logit_bias":{}}
        """u8.ToArray();

    private static readonly byte[] Completion = """
        {"model":"m","prompt":[[1,2],[3]],"n":2,"best_of":2,"top_k":-1,"echo":true,"suffix":"","stop":"\ud83e\udd8a"}
        """u8.ToArray();

    // Bytes that mean something to JSON, so that mutations reach beyond the parser.
    private static readonly byte[] Telling = Encoding.ASCII.GetBytes("{}[]\",:\\u0d8-1e.ntf ");

    [Fact]
    public void Parse_MutatedChat_NeverThrowsAnythingElse() => Mutate(new OpenAiChatDialect(), Chat, seed: 1);

    [Fact]
    public void Parse_MutatedCompletion_NeverThrowsAnythingElse() => Mutate(new OpenAiCompletionsDialect(), Completion, seed: 2);

    private static void Mutate(IDialect dialect, byte[] good, int seed)
    {
        Assert.Equal("m", dialect.Parse(good).Model);
        var random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < Bodies; i++)
        {
            byte[] body = MutateOnce(good, random);
            try
            {
                dialect.Parse(body);
            }
            catch (InvalidRequestException refusal)
            {
                Assert.InRange(refusal.Message.Length, 1, 500);
                refused++;
            }
        }
        Assert.InRange(refused, Bodies / 4, Bodies - 1);
    }

    private static byte[] MutateOnce(byte[] good, Random random)
    {
        List<byte> body = [.. good];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(body.Count);
            byte value = random.Next(8) == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
            switch (random.Next(4))
            {
                case 0: body[at] = value; break;
                case 1: body.Insert(at, value); break;
                case 2: body.RemoveAt(at); break;
                default: body.RemoveRange(at, Math.Min(body.Count - at, random.Next(1, 30))); break;
            }
            if (body.Count == 0)
                body.Add(value);
        }
        return [.. body];
    }
}
