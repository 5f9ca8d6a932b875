using System.Text;
using System.Text.Json;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Bench.Load;

/// <summary>One arrival of a trace: a real body, which routing reads as it reads any.</summary>
internal sealed class SimulatedRequest
{
    public const int CharsPerToken = 4;

    public const int TokensPerBlock = ConversationBlocks.BlockChars / CharsPerToken;

    public SimulatedRequest(double at, string user, int answerTokens, params IReadOnlyList<string> messages)
    {
        (At, AnswerTokens) = (at, answerTokens);
        string said = string.Join(',', messages.Select((text, i) =>
            $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":{{JsonSerializer.Serialize(text)}}}"""));
        string body = $$"""{"model":"m","user":"{{user}}","max_tokens":{{answerTokens}},"stream":true,"messages":[{{said}}]}""";
        PromptTokens = body.Length / CharsPerToken;
        Route = new RouteRequest(new Request(Encoding.UTF8.GetBytes(body), new OpenAiChatDialect()), new RequestContext("sim"), PromptTokens);
        Blocks = Route.Blocks.Hashes.ToArray();
    }

    /// <summary>Seconds since the beginning.</summary>
    public double At { get; }

    public int PromptTokens { get; }

    public int AnswerTokens { get; }

    public RouteRequest Route { get; }

    public ulong[] Blocks { get; }
}
