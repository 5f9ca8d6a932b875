using System.Text.Json;

namespace Sluice.Protocol.Requests;

/// <param name="Role">system, user, assistant or tool. OpenAI's <c>developer</c> arrives as system: that is what it means to open
/// models.</param>
/// <param name="Content">Text; content parts of type text are joined by line feeds. Null where an assistant message has tool calls
/// only.</param>
/// <param name="Raw">The message as it came, for templates that read more of it (tool_calls, tool_call_id, name).</param>
public sealed record ChatMessage(string Role, string? Content, JsonElement Raw);
