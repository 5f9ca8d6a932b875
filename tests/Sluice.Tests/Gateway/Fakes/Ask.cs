using System.Text;
using System.Text.Json;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Gateway.Fakes;

/// <summary>Requests and candidates as routing sees them, in a few words.</summary>
internal static class Ask
{
    public static RouteRequest Of(string text, int tokens = 100, string? user = null, string? header = null) =>
        Conversation(tokens, user, header, text);

    public static RouteRequest Conversation(int tokens, string? user, string? header, params string[] messages)
    {
        string said = string.Join(',', messages.Select((text, i) =>
            $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":{{JsonSerializer.Serialize(text)}}}"""));
        string extra = user is null ? "" : $$""","user":"{{user}}" """;
        var body = new Request(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{{said}}]{{extra}}}"""), new OpenAiChatDialect());
        return new RouteRequest(body, new RequestContext("r") { Header = name => name == "x-tag" ? header : null }, tokens);
    }

    public static Candidate Member(int id, int inFlight = 0, double weight = 1) => new()
    {
        Id = id, Name = $"s{id}:m", Weight = weight, Tags = [], InFlight = inFlight,
    };
}
